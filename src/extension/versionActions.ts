import * as vscode from 'vscode';
import { VaultError } from '../shared/errors.ts';
import type { Variable, VersionInfo } from '../vault/types.ts';
import { compareVersions } from './compareVersions.ts';
import type { Deps } from './deps.ts';
import { servedVersion } from './history/compareSelected.ts';
import { needVersion, pickFrom } from './pickVersion.ts';
import { newestFirst } from './promptNodes.ts';
import type { PromptTarget } from './targets.ts';
import { saidPath } from './vaultName.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents' | 'editors'>;

/** Copies a version into a new DEV draft and opens it. */
export async function createVersion(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const chosen = await needVersion(deps, given, { title: 'Create New Version', action: 'createVersion' });
  if (!chosen) return;
  const { vault, info, versions } = chosen;
  const engine = await deps.vaults.engine(vault);
  const ref = `${info.path}@${info.version}`;
  const numbers = { minor: await engine.nextVersion({ ref }), major: await engine.nextVersion({ ref, major: true }) };
  const major = await askMajor(info, versions, numbers);
  if (major === undefined) return;
  const made = await engine.createVersion({ ref, major });
  deps.editors.open({ vault, path: made.path, version: made.version });
}

/** A change of the declared variables breaks the callers, so then the major is offered first. */
async function askMajor(
  info: VersionInfo,
  versions: readonly VersionInfo[],
  numbers: { minor: string; major: string },
): Promise<boolean | undefined> {
  const prd = versions.find(({ stage }) => stage === 'PRD');
  const breaks = prd !== undefined && names(prd.variables) !== names(info.variables);
  const minor = {
    label: `Minor version v${numbers.minor}`,
    description: 'better wording, other settings; callers stay as they are',
    major: false,
  };
  const reason = breaks
    ? `its variables differ from v${prd.version} in production`
    : 'the variables will change; callers must change too';
  const items = [minor, { label: `Major version v${numbers.major}`, description: reason, major: true }];
  const title = `New version from ${info.path} v${info.version}`;
  return (await vscode.window.showQuickPick(breaks ? items.reverse() : items, { title }))?.major;
}

const names = (variables: readonly Variable[]) =>
  variables
    .map(({ name }) => name)
    .sort()
    .join(' ');

export async function deleteVersion(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const chosen = await needVersion(deps, given, { title: 'Delete', action: 'delete' });
  if (!chosen) return;
  const { vault, info, versions } = chosen;
  const last = versions.length === 1 ? ' It is the only version, so the prompt goes with it.' : '';
  const detail = `Its text cannot be brought back.${last} Runs and the log of events stay.`;
  const yes = 'Delete';
  const question = `Delete ${saidPath(deps.vaults, info.path, vault)} v${info.version}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  await (await deps.vaults.engine(vault)).deleteVersion({
    ref: `${info.path}@${info.version}`,
    expectRevision: info.revision,
  });
}

/** Two selected versions, older on the left, or what two selected prompts serve; with one, the other is picked. */
export async function compare(
  deps: Needs,
  given: PromptTarget | undefined,
  selected: PromptTarget[] = [],
): Promise<void> {
  const prompts = selected.filter(({ version }) => !version);
  if (selected.length === 2 && prompts.length === 2) return comparePrompts(deps, prompts);
  const [first, second] = selected.filter(({ version }) => version);
  if (first && second && first.vault === second.vault) {
    const sides = await Promise.all([first, second].map(async (one) => needVersion(deps, one, { title: 'Compare' })));
    const [a, b] = sides;
    if (!a || !b) return;
    const ordered = a.info.path === b.info.path ? newestFirst([a.info, b.info]).reverse() : [a.info, b.info];
    await compareVersions(deps, { vault: a.vault, info: ordered[0]! }, { vault: b.vault, info: ordered[1]! });
    return;
  }
  const chosen = await needVersion(deps, given, { title: 'Compare' });
  if (!chosen) return;
  const { vault, info, versions } = chosen;
  const others = newestFirst(versions.filter(({ version }) => version !== info.version));
  if (others.length === 0) throw new VaultError('NOT_FOUND', `${info.path} has only one version`, { path: info.path });
  const other = await pickFrom(others, `Compare v${info.version} with`);
  if (!other) return;
  const [from, to] = newestFirst([info, other]).reverse();
  await compareVersions(deps, { vault, info: from! }, { vault, info: to! });
}

async function comparePrompts(deps: Needs, prompts: readonly PromptTarget[]): Promise<void> {
  const find = async ({ vault = deps.vaults.find()?.key, path }: PromptTarget) =>
    vault ? { vault, info: await servedVersion(deps, { vault, path }) } : undefined;
  const [from, to] = await Promise.all(prompts.map(find));
  if (from && to) await compareVersions(deps, from, to);
}

/** What production serves on the left, the version on the right. */
export async function compareWithPrd(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const fits = ({ stage }: VersionInfo) => stage !== 'PRD';
  const chosen = await needVersion(deps, given, { title: 'Compare with PRD', fits });
  if (!chosen) return;
  const { vault, info, versions } = chosen;
  const prd = versions.find(({ stage }) => stage === 'PRD');
  if (!prd) throw new VaultError('NOT_FOUND', `${info.path} has no version in production yet`, { path: info.path });
  await compareVersions(deps, { vault, info: prd }, { vault, info });
}
