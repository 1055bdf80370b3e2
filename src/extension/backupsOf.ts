import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';

/** The folder of all backups made from VS Code: outside of every workspace, unless PROMPTVAULT_BACKUPS says another. */
export function backupsOf({ globalStorageUri }: Pick<ExtensionContext, 'globalStorageUri'>): string {
  return join(globalStorageUri.fsPath, 'backups');
}
