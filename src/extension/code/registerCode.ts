import * as vscode from 'vscode';
import type { Disposable } from '../../shared/events.ts';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';
import type { WorkspaceVaults } from '../workspaceVaults.ts';
import { registerCodeDiagnostics } from './codeDiagnostics.ts';
import { registerCodeFixes } from './codeFixes.ts';
import { hideLenses, registerCodeLens } from './codeLens.ts';
import { type CodePlaces, createCodePlaces } from './codePlaces.ts';
import { type CodeReader, createCodeReader } from './codeReader.ts';
import { registerCodeRename } from './codeRename.ts';
import { registerExtractPrompt } from './extractPrompt.ts';
import { registerPromptCompletion } from './promptCompletion.ts';
import { registerPromptDefinition } from './promptDefinition.ts';
import { registerPromptHover } from './promptHover.ts';
import { registerPromptReferences } from './promptReferences.ts';

/** Where code names prompts: in open documents, and in all files of the window. */
export type Code = Disposable & { reader: CodeReader; places: CodePlaces };

export function createCode(vaults: WorkspaceVaults): Code {
  const reader = createCodeReader(vaults);
  return { reader, places: createCodePlaces(reader), dispose: reader.dispose };
}

/** What VS Code's editor shows and does where code names prompts. */
export function registerCode(deps: Deps): vscode.Disposable {
  const { vaults, log, code } = deps;
  const { reader } = code;
  return vscode.Disposable.from(
    registerCodeLens(reader),
    registerPromptHover({ reader, vaults }),
    registerPromptCompletion({ reader, vaults }),
    registerPromptDefinition(reader),
    registerPromptReferences(deps),
    registerCodeDiagnostics(reader),
    registerCodeFixes(deps),
    registerCodeRename(deps),
    registerExtractPrompt(deps),
    registerCommands({ 'promptvault.codeLens.hide': hideLenses }, log),
  );
}
