import * as vscode from 'vscode';
import { allVersions } from '../engine/wholeHistory.ts';
import { VaultError } from '../shared/errors.ts';
import type { VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import type { PromptTarget } from './targets.ts';

type Doomed = { vault: string; info: VersionInfo };

/** Deletes the DEV versions among what is selected, those of selected prompts too, after one question that names all. */
export async function deleteSelected(deps: Pick<Deps, 'vaults'>, selected: readonly PromptTarget[]): Promise<void> {
  const versions = (await Promise.all(selected.map((one) => versionsOf(deps, one)))).flat();
  const byRef = new Map(versions.map((one) => [`${one.vault} ${one.info.path}@${one.info.version}`, one]));
  const drafts = [...byRef.values()].filter(({ info }) => info.stage === 'DEV');
  if (drafts.length === 0) {
    throw new VaultError('RULE', 'Only DEV versions can be deleted', { action: 'delete' });
  }
  const kept = byRef.size - drafts.length;
  const names = drafts.slice(0, 8).map(({ info }) => `${info.path} v${info.version}`);
  const detail = [
    names.join('\n') + (drafts.length > names.length ? `\nand ${drafts.length - names.length} more` : ''),
    'Their texts cannot be brought back. A prompt goes with its last version; runs and the log of events stay.',
    kept > 0 && `${kept} versions in test, in production or retired stay.`,
  ];
  const question = `Delete ${drafts.length} DEV version${drafts.length === 1 ? '' : 's'}?`;
  const modal = { modal: true, detail: detail.filter(Boolean).join('\n\n') };
  if ((await vscode.window.showWarningMessage(question, modal, 'Delete')) !== 'Delete') return;
  for (const { vault, info } of drafts) {
    const engine = await deps.vaults.engine(vault);
    await engine.deleteVersion({ ref: `${info.path}@${info.version}`, expectRevision: info.revision });
  }
}

async function versionsOf({ vaults }: Pick<Deps, 'vaults'>, target: PromptTarget): Promise<Doomed[]> {
  const vault = target.vault ?? vaults.find()?.key;
  if (!vault) return [];
  const all = await allVersions(await vaults.engine(vault), target.path);
  return all.filter(({ version }) => !target.version || version === target.version).map((info) => ({ vault, info }));
}
