from prompts import get_prompt

triage = get_prompt("support/triage")
