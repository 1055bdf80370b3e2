// ä
const built = getPrompt('support/triage@^1');
