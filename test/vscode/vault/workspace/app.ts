declare function getPrompt(path: string): Promise<string>;

export const triage = getPrompt('support/triage');
export const missing = getPrompt('support/nowhere');
