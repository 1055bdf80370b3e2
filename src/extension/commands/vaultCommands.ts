import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';

export function registerVaultCommands({
  context,
  vaults,
  log,
}: Pick<Deps, 'context' | 'vaults' | 'log'>): vscode.Disposable {
  return registerCommands(
    {
      'promptvault.vault.create': async () => {
        const folder = await chooseFolder();
        if (!folder) return;
        await vaults.create(folder);
        await showTourOnce(context);
      },
      'promptvault.vault.retry': async () => vaults.refresh(),
      'promptvault.vault.trust': async () => vscode.commands.executeCommand('workbench.trust.manage'),
      'promptvault.log.show': async () => log.show(),
    },
    log,
  );
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    const open = 'Open Folder…';
    const message = 'A vault lives in a folder. Open the folder of your project first.';
    const chosen = await vscode.window.showInformationMessage(message, open);
    if (chosen === open) await vscode.commands.executeCommand('workbench.action.files.openFolder');
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  return vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder that gets a vault' });
}

async function showTourOnce({ globalState, extension }: vscode.ExtensionContext): Promise<void> {
  const key = 'promptvault.tourShown';
  if (globalState.get<boolean>(key)) return;
  await globalState.update(key, true);
  const walkthrough = `${extension.id}#promptvault.start`;
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
}
