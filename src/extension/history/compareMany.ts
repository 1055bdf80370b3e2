import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import { VaultError } from '../../shared/errors.ts';
import type { VersionInfo } from '../../vault/types.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { needPrompt } from '../pickVersion.ts';
import { newestFirst } from '../promptNodes.ts';
import type { PromptTarget } from '../targets.ts';
import { saidPath, vaultName } from '../vaultName.ts';
import { previousVersion } from './previousVersion.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents'>;
/** `from` is undefined for a version with nothing before it: all of it is new. */
type Pair = { from: VersionInfo | undefined; to: VersionInfo };

/** More files than this no person reads at once, and the multi-diff editor gets slow. */
export const mostPairs = 100;

/** Every draft against what its prompt serves, in one editor: of the prompts selected, else of the whole vault. */
export async function compareDraftsWithPrd(
  deps: Needs,
  given: PromptTarget | undefined,
  selected: PromptTarget[] = [],
): Promise<void> {
  const chosen = given ? [given, ...selected] : selected;
  const vault = chosen[0]
    ? (chosen[0].vault ?? deps.vaults.find()?.key)
    : await chooseVault(deps, 'Compare Drafts with PRD');
  if (!vault) return;
  const engine = await deps.vaults.engine(vault);
  const mine = chosen.filter((one) => (one.vault ?? vault) === vault);
  const paths = [...new Set(mine.map(({ path }) => path))];
  const options = { location: vscode.ProgressLocation.Window, title: 'Looking for drafts…' };
  const pairs = await vscode.window.withProgress(options, async () => {
    const found: Pair[] = [];
    for await (const path of paths.length > 0 ? paths : releasedWithDrafts(engine)) {
      found.push(...(await draftPairs(engine, path)));
      if (found.length > mostPairs) break;
    }
    return found;
  });
  if (pairs.length === 0) {
    const where = paths.length === 1 ? paths[0]! : paths.length > 1 ? 'these prompts' : 'this vault';
    throw new VaultError('NOT_FOUND', `No draft in ${where} differs from a version in production`, {});
  }
  const what = paths.length === 1 ? saidPath(deps.vaults, paths[0]!, vault) : vaultName(deps.vaults, vault);
  await openPairs(deps, { vault, pairs, title: `${what ? `${what}: ` : ''}drafts ↔ PRD` });
}

/** Paths of prompts that have both, page by page. */
async function* releasedWithDrafts(engine: EngineClient): AsyncGenerator<string> {
  const limit = 500;
  let after: string | undefined;
  for (;;) {
    const { prompts } = await engine.list({ stage: 'PRD', limit, after });
    for (const { path, stages } of prompts) if (stages.DEV + stages.TST > 0) yield path;
    if (prompts.length < limit) return;
    after = prompts.at(-1)?.path;
  }
}

async function draftPairs(engine: EngineClient, path: string): Promise<Pair[]> {
  const versions = await allVersions(engine, path);
  const from = versions.find(({ stage }) => stage === 'PRD');
  if (!from) return [];
  const drafts = versions.filter(({ stage, hash }) => (stage === 'DEV' || stage === 'TST') && hash !== from.hash);
  return newestFirst(drafts).map((to) => ({ from, to }));
}

/** The whole life of a prompt in one editor: each version against the one it came from, newest first. */
export async function compareChain(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const target = await needPrompt(deps, given, 'Compare All Versions');
  if (!target) return;
  const { vault, path } = target;
  const versions = await allVersions(await deps.vaults.engine(vault), path);
  const pairs = newestFirst(versions).map((to) => ({ from: previousVersion(versions, to), to }));
  await openPairs(deps, {
    vault,
    pairs,
    title: `${saidPath(deps.vaults, path, vault)}: each version ↔ the one before`,
  });
}

async function openPairs(
  { documents }: Pick<Needs, 'documents'>,
  { vault, pairs, title }: { vault: string; pairs: Pair[]; title: string },
): Promise<void> {
  const uriOf = ({ path, version }: VersionInfo) => documents.uri({ vault, path, version });
  const files = pairs.slice(0, mostPairs).map(({ from, to }) => [uriOf(to), from && uriOf(from), uriOf(to)] as const);
  const first = pairs.length > mostPairs ? `the first ${mostPairs} ` : '';
  await vscode.commands.executeCommand('vscode.changes', title.replace('drafts ↔', `${first}drafts ↔`), files);
}
