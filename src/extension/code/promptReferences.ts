import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { targetOf, textSelector } from '../draftTarget.ts';
import { needPrompt } from '../pickVersion.ts';
import { registerCommands } from '../registerCommands.ts';
import type { PromptTarget } from '../targets.ts';
import { mostFiles } from './codeLimits.ts';
import { codeSelector } from './codeReader.ts';
import { findWithProgress } from './findWithProgress.ts';
import { placesText, showPlaces } from './showPlaces.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'code' | 'log'>;
type Named = { vault: string; path: string } | undefined;

/** All places in code that name a prompt: from one of them, from the prompt's text and from its row in the tree. */
export function registerPromptReferences(deps: Needs): vscode.Disposable {
  const { code, log } = deps;
  const provider = (named: (document: vscode.TextDocument, position: vscode.Position) => Named) => ({
    async provideReferences(
      document: vscode.TextDocument,
      position: vscode.Position,
      _context: vscode.ReferenceContext,
      token: vscode.CancellationToken,
    ) {
      const about = named(document, position);
      if (!about) return undefined;
      const { places } = await code.places.find(about.vault, [about.path], token);
      return places.map(({ uri, range }) => new vscode.Location(uri, range));
    },
  });
  const inCode = provider((document, position) => {
    const vault = code.reader.vaultOf(document.uri);
    const reference = code.reader.referenceAt(document, position);
    return vault && reference ? { vault, path: reference.path } : undefined;
  });
  return vscode.Disposable.from(
    vscode.languages.registerReferenceProvider(codeSelector, inCode),
    vscode.languages.registerReferenceProvider(
      textSelector,
      provider(({ uri }) => targetOf(uri)),
    ),
    registerCommands({ 'promptvault.prompt.findReferences': async (given) => findInCode(deps, given) }, log),
  );
}

async function findInCode(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const target = await needPrompt(deps, given, 'Find References in Code');
  if (!target) return;
  const { vault, path } = target;
  const found = await findWithProgress(deps, { vault, paths: [path] });
  if (!found) return;
  const { places, files, capped } = found;
  const read = `${files} file${files === 1 ? '' : 's'} read${capped ? `; of a folder with more, the first ${mostFiles}` : ''}`;
  if (places.length === 0) {
    void vscode.window.showInformationMessage(`${path} is used nowhere in the code of this folder (${read}).`);
    return;
  }
  vscode.window.setStatusBarMessage(`$(references) ${path} is used in ${placesText(places)} (${read})`, 10_000);
  await showPlaces(places);
}
