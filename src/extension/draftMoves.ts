import * as vscode from 'vscode';
import type { Deps } from './deps.ts';
import { draftAddress, parseDraftAddress, type TextTarget } from './draftAddress.ts';
import type { DraftBases } from './draftBases.ts';
import { openDocument } from './draftTarget.ts';
import { movedTo, movesIn } from './movedPrompt.ts';

type Needs = { bases: DraftBases } & Pick<Deps, 'vaults' | 'log'>;

/**
 * Texts go along when their prompt is moved: the editor shows the new address, with what was typed in it. So do those that
 * come back by a restart after a move, or by being opened again.
 */
export function registerDraftMoves({ vaults, bases, log }: Needs): vscode.Disposable {
  async function follow(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const tabs = tabsOf(from);
    const document = openDocument(from);
    const typed = document?.isDirty ? document.getText() : undefined;
    const base = bases.of(from.toString());
    for (const tab of tabs) {
      const place = { viewColumn: tab.group.viewColumn, preview: tab.isPreview, preserveFocus: !tab.isActive };
      await vscode.window.showTextDocument(to, place);
    }
    if (typed !== undefined && tabs.length > 0) {
      const moved = await vscode.workspace.openTextDocument(to);
      const all = new vscode.Range(moved.positionAt(0), moved.positionAt(moved.getText().length));
      const edit = new vscode.WorkspaceEdit();
      edit.replace(to, all, typed);
      await vscode.workspace.applyEdit(edit);
      // It was typed over what the old address held, so a save is measured against that.
      if (base !== undefined) bases.accept(to.toString(), base);
    }
    for (const tab of tabs) await closeWithoutAsking(document, tab);
  }
  const followOrTell = (from: vscode.Uri, target: TextTarget, path: string) =>
    follow(from, vscode.Uri.from(draftAddress({ ...target, path }, from.scheme))).catch((error) =>
      log.warn('A text could not follow its prompt', String(error)),
    );

  /** A tab that came back may name a prompt that was moved meanwhile. */
  async function catchUp(tabs: readonly vscode.Tab[]): Promise<void> {
    await vaults.ready;
    for (const uri of addressesOf(tabs)) {
      const target = parseDraftAddress(uri);
      if (!target) continue;
      const path = await movedTo(await vaults.engine(target.vault), target.path);
      if (path === undefined) continue;
      // What was typed before the restart is in the document, which may not have been looked at yet.
      await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
      await followOrTell(uri, target, path);
    }
  }
  const catchUpOrTell = (tabs: readonly vscode.Tab[]) =>
    catchUp(tabs).catch((error) => log.warn('Moved texts could not be looked for', String(error)));

  void catchUpOrTell(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(({ opened }) => void catchUpOrTell(opened)),
    vaults.onDidChange(({ vault, change }) => {
      for (const { from, to } of movesIn(change.events)) {
        for (const { uri } of vscode.workspace.textDocuments) {
          const target = parseDraftAddress(uri);
          if (target?.vault === vault && target.path === from) void followOrTell(uri, target, to);
        }
      }
    }),
  );
}

/** The addresses of versions as texts that tabs show, each once. */
function addressesOf(tabs: readonly vscode.Tab[]): vscode.Uri[] {
  const uris = tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const ours = uris.filter((uri) => parseDraftAddress(uri) !== undefined);
  return [...new Map(ours.map((uri) => [uri.toString(), uri])).values()];
}

function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return all.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

/** What was typed stands in the moved text by now; closing a changed one would ask. */
async function closeWithoutAsking(document: vscode.TextDocument | undefined, tab: vscode.Tab): Promise<void> {
  if (!document?.isDirty) {
    await vscode.window.tabGroups.close(tab, true);
    return;
  }
  const front = vscode.window.activeTextEditor;
  await vscode.window.showTextDocument(document, { viewColumn: tab.group.viewColumn });
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  if (front && front.document !== document) await vscode.window.showTextDocument(front.document, front.viewColumn);
}
