import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { folder } from '../vault/helpers.ts';

export const uriOf = (name: string) => vscode.Uri.joinPath(folder().uri, name);
export const openFile = async (name: string) => vscode.workspace.openTextDocument(uriOf(name));

/** The place of the first such text in a document, some letters into it. */
export function placeOf(document: vscode.TextDocument, text: string, more = 0): vscode.Position {
  const at = document.getText().indexOf(text);
  if (at < 0) throw new Error(`${document.uri} has no ${text}`);
  return document.positionAt(at + more);
}

export const ask = async <T>(command: string, ...args: unknown[]): Promise<T> =>
  vscode.commands.executeCommand<T>(`vscode.${command}`, ...args);

/** Walks a draft to production. */
export async function release(engine: EngineClient, ref: string, rationale = 'Approved'): Promise<void> {
  await engine.promote({ ref });
  await engine.promote({ ref, rationale });
}

/** Replaces a document's text and answers how it was. */
export async function retype(document: vscode.TextDocument, text: string): Promise<string> {
  const before = document.getText();
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(before.length)), text);
  await vscode.workspace.applyEdit(edit);
  return before;
}
