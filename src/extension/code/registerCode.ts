import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';
import { hideLenses, registerCodeLens } from './codeLens.ts';
import { createCodeReader } from './codeReader.ts';
import { registerPromptCompletion } from './promptCompletion.ts';
import { registerPromptDefinition } from './promptDefinition.ts';
import { registerPromptHover } from './promptHover.ts';

/** What VS Code's editor shows and does where code names prompts. */
export function registerCode({ vaults, log }: Pick<Deps, 'vaults' | 'log'>): vscode.Disposable {
  const reader = createCodeReader(vaults);
  return vscode.Disposable.from(
    reader,
    registerCodeLens(reader),
    registerPromptHover({ reader, vaults }),
    registerPromptCompletion({ reader, vaults }),
    registerPromptDefinition(reader),
    registerCommands({ 'promptvault.codeLens.hide': hideLenses }, log),
  );
}
