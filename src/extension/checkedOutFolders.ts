import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Disposable } from '../shared/events.ts';
import { coalesce } from './coalesce.ts';
import { draftsFolder } from './draftAddress.ts';

/** Tells when one of the files may have changed. */
export type FolderWatch = Disposable & { add(file: vscode.Uri): void };

/**
 * VS Code's watcher of the workspace, and one of our own for each folder of a file: on Linux the former never sees into
 * folders that were made one inside the other at once. Only folders below `.promptvault/drafts` are watched.
 */
export function watchCheckedOut(changed: (file: vscode.Uri) => void): FolderWatch {
  const files = new Map<string, vscode.Uri>();
  const folders = new Map<string, FSWatcher>();

  function watchFolder(folder: string): void {
    if (folders.has(folder) || !existsSync(folder)) return;
    // A tool that writes a file empties it first; a moment later it is whole.
    const tell = coalesce(() => {
      if (!existsSync(folder)) drop(folder);
      for (const file of files.values()) if (dirname(file.fsPath) === folder) changed(file);
    }, 120);
    const watcher = watch(folder, { persistent: false }, tell);
    watcher.on('error', () => drop(folder));
    folders.set(folder, watcher);
  }
  function drop(folder: string): void {
    folders.get(folder)?.close();
    folders.delete(folder);
  }

  const workspace = vscode.workspace.createFileSystemWatcher(`**/${draftsFolder}/**/*.prompt.md`);
  const seen = (file: vscode.Uri) => {
    if (files.has(file.toString())) watchFolder(dirname(file.fsPath));
    changed(file);
  };
  workspace.onDidCreate(seen);
  workspace.onDidChange(seen);

  return {
    add(file) {
      files.set(file.toString(), file);
      watchFolder(dirname(file.fsPath));
    },
    dispose() {
      workspace.dispose();
      for (const folder of [...folders.keys()]) drop(folder);
    },
  };
}

/** Makes the folder of a file one step at a time, so that VS Code's watcher follows into each and editors see later changes. */
export async function makeFolder(file: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(file, '..');
  if (existsSync(folder.fsPath)) return;
  await makeFolder(folder);
  await vscode.workspace.fs.createDirectory(folder);
  await wait(50);
}
