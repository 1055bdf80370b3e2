import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { FolderVault } from '../folderVault.ts';
import { settings } from '../settings.ts';

/** How a process that serves a vault over MCP is started. */
export type McpLaunch = { command: string; args: string[]; env: { [name: string]: string } };

/** With VS Code's own Node.js, which in the desktop is Electron told to be one. `cli` is the file of the command line. */
export function mcpLaunch({ file }: Pick<FolderVault, 'file'>, cli: string): McpLaunch {
  return {
    command: process.execPath,
    args: [cli, '--vault', file, 'mcp', ...(settings.mcpDrafts() ? ['--allow-drafts'] : [])],
    env: process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
  };
}

export const cliOf = (context: vscode.ExtensionContext) => context.asAbsolutePath(join('dist', 'cli.js'));

/** One name per vault, which stays the same: clients remember by it what a person allowed. */
export function serverName(vault: Pick<FolderVault, 'folder'>, all: readonly unknown[]): string {
  return all.length > 1 ? `promptvault-${vault.folder.name.replace(/[^\w-]+/g, '-')}` : 'promptvault';
}
