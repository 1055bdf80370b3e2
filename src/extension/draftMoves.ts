import * as vscode from 'vscode';
import type { Deps } from './deps.ts';
import { draftAddress, parseDraftAddress } from './draftAddress.ts';
import type { DraftBases } from './draftBases.ts';

type Needs = { bases: DraftBases } & Pick<Deps, 'vaults' | 'log'>;

/** Texts go along when their prompt is moved: the editor shows the new address, with what was typed in it. */
export function registerDraftMoves({ vaults, bases, log }: Needs): vscode.Disposable {
  async function follow(document: vscode.TextDocument, to: vscode.Uri): Promise<void> {
    const tabs = tabsOf(document.uri);
    const typed = document.isDirty ? document.getText() : undefined;
    const base = bases.of(document.uri.toString());
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

  return vaults.onDidChange(({ vault, change }) => {
    for (const { kind, details } of change.events) {
      const { from, to } = (details ?? {}) as { from?: string; to?: string };
      if (kind !== 'prompt.moved' || !from || !to) continue;
      for (const document of vscode.workspace.textDocuments) {
        const target = parseDraftAddress(document.uri);
        if (target?.vault !== vault || target.path !== from) continue;
        const uri = vscode.Uri.from(draftAddress({ ...target, path: to }, document.uri.scheme));
        follow(document, uri).catch((error) => log.warn('A text could not follow its prompt', String(error)));
      }
    }
  });
}

function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return all.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

/** What was typed stands in the moved text by now; closing a changed one would ask. */
async function closeWithoutAsking(document: vscode.TextDocument, tab: vscode.Tab): Promise<void> {
  if (!document.isDirty) {
    await vscode.window.tabGroups.close(tab, true);
    return;
  }
  const front = vscode.window.activeTextEditor;
  await vscode.window.showTextDocument(document, { viewColumn: tab.group.viewColumn });
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  if (front && front.document !== document) await vscode.window.showTextDocument(front.document, front.viewColumn);
}
