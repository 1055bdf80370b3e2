import * as vscode from 'vscode';
import type { VersionRecord } from '../vault/types.ts';
import type { DraftBases } from './draftBases.ts';
import { saveMessages, storedInstead } from './draftSave.ts';
import { openDocument, storedUri, targetOf } from './draftTarget.ts';
import { readMessages } from './draftText.ts';
import { showError } from './showError.ts';
import { nameOf, refOf } from './targets.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

type Choices = Record<string, () => Promise<void>>;
/** Asks once per document what is to be done, without keeping the person from working on. */
export type AskConflict = (uri: vscode.Uri, question: string, choices: Choices) => void;
/** Somebody else's text is stored and nothing was written; says so and does what the person decides. */
export type OnConflict = (uri: vscode.Uri, stored: VersionRecord) => void;

export function createAskConflict(log: vscode.LogOutputChannel): AskConflict {
  const asking = new Set<string>();
  return (uri, question, choices) => {
    const key = uri.toString();
    if (asking.has(key)) return;
    asking.add(key);
    const ask = async () => {
      const choice = await vscode.window.showWarningMessage(question, ...Object.keys(choices));
      asking.delete(key);
      if (choice) await choices[choice]?.();
    };
    void ask().catch((error) => showError(error, log));
  };
}

export const saidWho = ({ updatedBy, path, version }: VersionRecord) =>
  `${updatedBy.replace(/\s*<.*>$/, '')} saved ${path} v${version}`;

/** The stored text on the left, what the editor holds on the right, where it can be changed and saved. */
export async function compareWithStored(uri: vscode.Uri): Promise<void> {
  const target = targetOf(uri);
  if (!target) return;
  const title = `${nameOf(target.path)} v${target.version}: stored ↔ yours`;
  await vscode.commands.executeCommand('vscode.diff', storedUri(target), uri, title, { preview: true });
}

/** Takes the stored text into the editor; what was typed can be had again by Undo. */
async function reloadText(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

/** For documents of the vault: compare, overwrite or reload. */
export function offerDraftConflict(needs: {
  vaults: WorkspaceVaults;
  bases: DraftBases;
  ask: AskConflict;
}): OnConflict {
  const { vaults, bases, ask } = needs;

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
      offer(uri, again);
    }
  }

  const offer: OnConflict = (uri, stored) =>
    ask(uri, `${saidWho(stored)} while you were typing. Your text is not saved yet.`, {
      async Compare() {
        await compareWithStored(uri);
        // From now on a save goes on top of what the person has seen.
        bases.accept(uri.toString(), stored.revision);
      },
      Overwrite: async () => overwrite(uri, stored),
      Reload: async () => reloadText(uri),
    });
  return offer;
}
