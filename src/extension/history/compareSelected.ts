import * as vscode from 'vscode';
import { allVersions } from '../../engine/wholeHistory.ts';
import { VaultError } from '../../shared/errors.ts';
import type { VersionInfo } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';
import { needPrompt, needVersion } from '../pickVersion.ts';
import type { SideTarget } from '../targets.ts';
import { vaultName } from '../vaultName.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents'>;
type Side = { vault: string; path: string; version: string; revision?: number };

/** What a prompt serves, else its newest version. */
export async function servedVersion(
  { vaults }: Pick<Deps, 'vaults'>,
  { vault, path }: { vault: string; path: string },
): Promise<VersionInfo> {
  const versions = await allVersions(await vaults.engine(vault), path);
  const served = versions.find(({ stage }) => stage === 'PRD') ?? versions[0];
  if (!served) throw new VaultError('NOT_FOUND', `${path} has no version to compare`, { path });
  return served;
}

/** As the Explorer does with files: one side is chosen, then the other. A side is a prompt, a version or a revision. */
export type CompareSelected = {
  select(target: SideTarget | undefined): Promise<void>;
  compare(target: SideTarget | undefined): Promise<void>;
};

const contextKey = 'promptvault.selectedForCompare';

export function createCompareSelected(deps: Needs): CompareSelected {
  let selected: Side | undefined;

  /** A prompt stands for what it serves, else for its newest version. */
  async function sideOf(given: SideTarget | undefined, title: string): Promise<Side | undefined> {
    if (given?.version === undefined) {
      const target = await needPrompt(deps, given, title);
      if (!target) return undefined;
      const { vault, path, version } = target;
      return { vault, path, version: version ?? (await servedVersion(deps, target)).version };
    }
    const chosen = await needVersion(deps, given, { title });
    if (!chosen) return undefined;
    const { path, version } = chosen.info;
    return { vault: chosen.vault, path, version, revision: given.revision };
  }
  const nameOf = ({ vault, path, version, revision }: Side) => {
    const where = vaultName(deps.vaults, vault);
    return `${where ? `${where}: ` : ''}${path} v${version}${revision === undefined ? '' : ` revision ${revision}`}`;
  };
  return {
    async select(target) {
      const side = await sideOf(target, 'Select for Compare');
      if (!side) return;
      selected = side;
      await vscode.commands.executeCommand('setContext', contextKey, true);
      vscode.window.setStatusBarMessage(`$(diff) Selected ${nameOf(side)}. Now choose “Compare with Selected”`, 8000);
    },
    async compare(target) {
      if (!selected) throw new VaultError('NOT_FOUND', 'Nothing is selected yet: use “Select for Compare” first', {});
      const side = await sideOf(target, `Compare with ${nameOf(selected)}`);
      if (!side) return;
      const title = `${nameOf(selected)} ↔ ${nameOf(side)}`;
      await vscode.commands.executeCommand(
        'vscode.diff',
        deps.documents.uri(selected),
        deps.documents.uri(side),
        title,
        { preview: true },
      );
    },
  };
}
