import * as vscode from 'vscode';
import { checkPath } from './pathInput.ts';

/** A name for something kept in the vault, made like a prompt's path. Says when it will replace what has it. Null when cancelled. */
export async function askName(p: {
  title: string;
  value: string;
  taken: readonly string[];
  what: string;
}): Promise<string | null> {
  const name = await vscode.window.showInputBox({
    title: p.title,
    prompt: `Name of the ${p.what}, for example support/triage`,
    value: p.value,
    validateInput(typed) {
      const wrong = checkPath(typed);
      if (wrong) return wrong.replace('A path', 'A name');
      if (!p.taken.includes(typed.trim()) || typed.trim() === p.value) return undefined;
      return { message: `Replaces the ${p.what} of this name`, severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  return name === undefined ? null : name.trim();
}
