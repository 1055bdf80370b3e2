import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import type { VaultState } from './vaultState.ts';

const shown: readonly VaultState[] = ['opening', 'empty', 'ready', 'readonly'];

/** "PromptVault: 12 prompts"; a click goes to any of them. Opens the vault in the background once the window is up. */
export function registerStatusBar({ vaults, log }: Pick<Deps, 'vaults' | 'log'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('promptvault.status', vscode.StatusBarAlignment.Left, -10);
  item.name = 'PromptVault';
  item.command = 'promptvault.prompts.goTo';

  function update(): void {
    const present = vaults.present();
    const state = vaults.state();
    if (present.length === 0 || !shown.includes(state)) {
      item.hide();
      return;
    }
    for (const vault of present) {
      if (vault.state() === 'opening') vault.engine().catch((error) => log.debug('Opening failed', String(error)));
    }
    const prompts = present.reduce((sum, vault) => sum + (vault.info()?.prompts ?? 0), 0);
    const count = `${prompts} prompt${prompts === 1 ? '' : 's'}`;
    item.text = state === 'opening' ? '$(loading~spin) PromptVault' : `$(git-branch) PromptVault: ${count}`;
    item.tooltip = state === 'readonly' ? (vaults.find()?.problem() ?? 'Read-only') : 'Go to a prompt';
    item.show();
  }

  update();
  return vscode.Disposable.from(item, vaults.onDidChangeState(coalesce(update)));
}
