import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import { checkPath } from './pathInput.ts';

/** A path that is legal and free, checked while typing. */
export async function askPath(
  engine: EngineClient,
  { title, prompt, value }: { title: string; prompt: string; value: string },
) {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    valueSelection: [value.lastIndexOf('/') + 1, value.length],
    ignoreFocusOut: true,
    async validateInput(typed) {
      const problem = checkPath(typed);
      if (problem || typed === value) return problem;
      const taken = await engine.show({ ref: typed }).then(
        () => true,
        () => false,
      );
      return taken ? `There is already a prompt ${typed}` : undefined;
    },
  });
  return text?.trim();
}
