import * as vscode from 'vscode';
import { textUri } from '../draftTarget.ts';
import { type CodeReader, codeSelector, rangeIn, versionMeant } from './codeReader.ts';

/** From a prompt in code to the text it gets: the version it is pinned to, else PRD, else the newest. */
export function registerPromptDefinition(reader: CodeReader): vscode.Disposable {
  return vscode.languages.registerDefinitionProvider(codeSelector, {
    async provideDefinition(document, position): Promise<vscode.LocationLink[] | undefined> {
      const vault = reader.vaultOf(document.uri);
      const reference = vault ? reader.referenceAt(document, position) : undefined;
      const facts = vault && reference ? await reader.facts(vault, reference.path) : undefined;
      const info = facts && reference && versionMeant(facts, reference);
      if (!vault || !reference || !info) return undefined;
      const targetRange = new vscode.Range(0, 0, 0, 0);
      return [{ originSelectionRange: rangeIn(document, reference), targetUri: textUri(vault, info), targetRange }];
    },
  });
}
