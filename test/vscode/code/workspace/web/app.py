from prompts import get_prompt

# promptvault: support/triage
triage = get_prompt("support/triage", {"message": "Hello"})
