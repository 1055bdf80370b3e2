import * as vscode from 'vscode';
import type { VersionRecord } from '../vault/types.ts';
import type { DraftBases } from './draftBases.ts';
import { saveMessages, storedInstead } from './draftSave.ts';
import { openDocument, storedUri, targetOf } from './draftTarget.ts';
import { readMessages } from './draftText.ts';
import { showError } from './showError.ts';
import { nameOf, refOf } from './targets.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

type Needs = { vaults: WorkspaceVaults; bases: DraftBases; log: vscode.LogOutputChannel };

/** The stored text on the left, what the editor holds on the right, where it can be changed and saved. */
export async function compareWithStored(uri: vscode.Uri): Promise<void> {
  const target = targetOf(uri);
  if (!target) return;
  const title = `${nameOf(target.path)} v${target.version}: stored ↔ yours`;
  await vscode.commands.executeCommand('vscode.diff', storedUri(target), uri, title, { preview: true });
}

/** Takes the stored text into the editor; what was typed can be had again by Undo. */
export async function reloadText(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

/** Says who saved in the meantime, and does what the person decides. Until then nothing is written and nothing lost. */
export function offerConflict(needs: Needs): (uri: vscode.Uri, stored: VersionRecord) => void {
  const { vaults, bases, log } = needs;
  const asking = new Set<string>();

  async function overwrite(uri: vscode.Uri, stored: VersionRecord): Promise<void> {
    const target = targetOf(uri);
    const { messages, problem } = readMessages(openDocument(uri)?.getText() ?? '');
    if (!target || problem) return;
    try {
      const engine = await vaults.engine(target.vault);
      const saved = await saveMessages(engine, { ref: refOf(target), messages, base: stored.revision });
      bases.accept(uri.toString(), saved.revision);
      await reloadText(uri);
    } catch (error) {
      const again = storedInstead(error);
      if (!again) throw error;
      asking.delete(uri.toString());
      await offer(uri, again);
    }
  }

  const choices: Record<string, (uri: vscode.Uri, stored: VersionRecord) => Promise<void>> = {
    async Compare(uri, stored) {
      await compareWithStored(uri);
      // From now on a save goes on top of what the person has seen.
      bases.accept(uri.toString(), stored.revision);
    },
    Overwrite: overwrite,
    Reload: async (uri) => reloadText(uri),
  };

  async function offer(uri: vscode.Uri, stored: VersionRecord): Promise<void> {
    const key = uri.toString();
    if (asking.has(key)) return;
    asking.add(key);
    const who = stored.updatedBy.replace(/\s*<.*>$/, '');
    const question = `${who} saved ${stored.path} v${stored.version} while you were typing. Your text is not saved yet.`;
    const choice = await vscode.window.showWarningMessage(question, ...Object.keys(choices));
    asking.delete(key);
    if (choice) await choices[choice]?.(uri, stored);
  }

  return (uri, stored) => void offer(uri, stored).catch((error) => showError(error, log));
}
