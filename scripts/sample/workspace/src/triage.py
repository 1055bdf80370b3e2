"""Sorts the mails of one night and drafts the risk notes for new contracts."""

import json
import subprocess


def get_prompt(path: str, **values: str) -> dict:
    """The production version of a prompt, rendered."""
    variables = [word for name, value in values.items() for word in ("--var", f"{name}={value}")]
    output = subprocess.run(["promptvault", "get", path, "--json", *variables], capture_output=True, check=True)
    return json.loads(output.stdout)


def classify(message: str) -> list[dict]:
    return get_prompt("support/triage", message=message)["messages"]


def risks(clause: str) -> list[dict]:
    # promptvault: legal/clause-risk
    return get_prompt("legal/clause-risk", clause=clause, party="the customer")["messages"]


def review(diff: str) -> list[dict]:
    return get_prompt("engineering/code-review", diff=diff, language="Python")["messages"]
