export const generated = getPrompt('support/triage');
