import * as vscode from 'vscode';
import { cliOf } from '../agents/mcpLaunch.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';

type Needs = Pick<Deps, 'context' | 'vaults'>;

/**
 * Serves a vault over HTTP on this machine until its terminal is closed, with VS Code's own Node.js: nobody has to install
 * anything for it. A task, so that what it says stays in sight when it ends. Answers the vault; undefined when left.
 */
export async function serveVault({ context, vaults }: Needs): Promise<string | undefined> {
  const key = await chooseVault({ vaults }, 'Serve the vault');
  const vault = key && vaults.find(key);
  if (!vault) return undefined;
  const env: Record<string, string> = process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  const args = [cliOf(context), 'serve', '--vault', vault.file];
  const task = new vscode.Task(
    { type: 'process' },
    vault.folder,
    'Serve Prompts',
    'PromptVault',
    new vscode.ProcessExecution(process.execPath, args, { env }),
    [],
  );
  task.isBackground = true;
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    showReuseMessage: false,
  };
  await vscode.tasks.executeTask(task);
  return key;
}
