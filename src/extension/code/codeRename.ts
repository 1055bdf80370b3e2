import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import type { Move } from '../movePrompts.ts';
import { checkPath } from '../pathInput.ts';
import { showError } from '../showError.ts';
import { tellUndo } from '../tellUndo.ts';
import { editOf, offerCodeUpdate } from './codeMoves.ts';
import { codeSelector, rangeIn } from './codeReader.ts';

type Needs = Pick<Deps, 'vaults' | 'code' | 'log'>;
/** `documents` are those whose text is to be written. */
type Pending = Move & { vault: string; documents: ReadonlySet<string> };

/** Renaming a prompt where code names it: all code follows at once, and the prompt moves in the vault with it. */
export function registerCodeRename(deps: Needs): vscode.Disposable {
  const { vaults, code, log } = deps;
  const { reader, places } = code;
  // VS Code asks for the edits and may throw them away in its preview, so the vault follows what the code then says.
  let pending: Pending | undefined;

  const at = (document: vscode.TextDocument, position: vscode.Position) => {
    const vault = reader.vaultOf(document.uri);
    const reference = vault ? reader.referenceAt(document, position) : undefined;
    return vault && reference ? { vault, reference } : undefined;
  };

  async function requireFree(vault: string, to: string): Promise<void> {
    const problem = checkPath(to);
    if (problem) throw new Error(problem);
    if (await reader.facts(vault, to)) throw new Error(`There is already a prompt ${to}`);
    if (vaults.find(vault)?.state() === 'readonly') throw new Error('This vault can only be read');
  }

  async function follow({ vault, path, to }: Pending): Promise<void> {
    const engine = await vaults.engine(vault);
    await engine.move({ path, to });
    const undo = async () => {
      await engine.move({ path: to, to: path });
      await offerCodeUpdate(deps, { vault, moves: [{ path: to, to: path }] });
    };
    tellUndo(`Moved ${path} to ${to}`, undo, log);
  }

  const provider: vscode.RenameProvider = {
    prepareRename(document, position) {
      const found = at(document, position);
      // Nothing lets the language's own rename have its turn.
      if (!found) return undefined as never;
      const { start, path } = found.reference;
      return { range: rangeIn(document, { start, end: start + path.length }), placeholder: path };
    },
    async provideRenameEdits(document, position, newName, token) {
      const found = at(document, position);
      const to = newName.trim();
      const path = found?.reference.path;
      if (!found || !path || to === path) return undefined;
      const { vault } = found;
      await requireFree(vault, to);
      const known = await reader.facts(vault, path);
      const { places: all } = await places.find(vault, [path], token);
      // VS Code's rename has a preview of its own.
      const edit = editOf(all, { moves: [{ path, to }], ask: false });
      const documents = new Set(edit.entries().map(([uri]) => uri.toString()));
      // What the vault does not have is renamed in the code alone.
      pending = known ? { vault, path, to, documents } : undefined;
      return edit;
    },
  };

  return vscode.Disposable.from(
    vscode.languages.registerRenameProvider(codeSelector, provider),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!pending?.documents.has(document.uri.toString()) || contentChanges.length === 0) return;
      const paths = reader.references(document).map((reference) => reference.path);
      const isWritten = paths.includes(pending.to) && !paths.includes(pending.path);
      const move = pending;
      // Anything else that is typed there first makes the edits useless, so they will not come any more.
      pending = undefined;
      if (isWritten) follow(move).catch((error) => void showError(error, log));
    }),
  );
}
