declare function getPrompt(path: string): Promise<string>;

export const generated = getPrompt('support/triage');
