declare function getPrompt(path: string, values?: Record<string, string>): Promise<string>;

export const triage = (message: string) => getPrompt('support/triage', { message });
export const pinned = (message: string) => getPrompt('support/triage@1.0', { message });
export const typing = getPrompt('support/tr');
