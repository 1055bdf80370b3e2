import * as vscode from 'vscode';
import { missingHelper } from '../../code/fetch/fetchHelper.ts';
import type { VersionRecord } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';

type Extracted = { vault: string; made: VersionRecord; document: vscode.TextDocument; done: boolean };

/** Says what was made of a string and what is still to do; and once the edit is undone, that the prompt stays. */
export async function tellExtracted({ editors }: Pick<Deps, 'editors'>, extracted: Extracted): Promise<void> {
  const { vault, made, document, done } = extracted;
  const { path, version } = made;
  if (!done) {
    void vscode.window.showWarningMessage(
      `${path} is in the vault, but the code was left as it is: it has changed meanwhile.`,
    );
    return;
  }
  watchUndo(extracted);
  const missing = () => missingHelper(document.getText(), document.languageId);
  const [insert, open] = ['Insert Fetch Function', 'Open Prompt'];
  const message = `Extracted to ${path} v${version} (DEV). The code gets it once it is promoted to PRD.`;
  const answer = await vscode.window.showInformationMessage(
    message,
    ...(missing().length > 0 ? [insert, open] : [open]),
  );
  if (answer === open) editors.open({ vault, path, version });
  if (answer !== insert) return;
  const edit = new vscode.WorkspaceEdit();
  for (const { line, text } of missing()) edit.insert(document.uri, new vscode.Position(line, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** The editor takes back the text alone. */
function watchUndo({ made: { path }, document }: Extracted): void {
  const watch = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document: changed, reason }) => {
      if (changed !== document || reason !== vscode.TextDocumentChangeReason.Undo) return;
      if (document.getText().includes(path)) return;
      watch.dispose();
      void vscode.window.showInformationMessage(`The code is as it was; the prompt ${path} stays in the vault.`);
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => closed === document && watch.dispose()),
  );
}
