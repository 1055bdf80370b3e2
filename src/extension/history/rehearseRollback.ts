import * as vscode from 'vscode';
import { afterRollback } from '../../code/callSiteFit.ts';
import { changeSummary } from '../../engine/changeSummary.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import { VaultError } from '../../shared/errors.ts';
import type { RollbackDrill, VersionInfo } from '../../vault/types.ts';
import { type CodeWarning, codeWarning } from '../code/codeContract.ts';
import { compareVersions } from '../compareVersions.ts';
import type { Deps } from '../deps.ts';
import { needPrompt, pickFrom } from '../pickVersion.ts';
import { newestFirst } from '../promptNodes.ts';
import type { PromptTarget } from '../targets.ts';
import { saidPath } from '../vaultName.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents' | 'code'>;

/** A rollback on a copy of the vault: how long it takes and what would be served, without doing it. */
export async function rehearseRollback(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const target = await needPrompt(deps, given, 'Rehearse Rollback');
  if (!target) return;
  const { vault, path } = target;
  const engine = await deps.vaults.engine(vault);
  const versions = await allVersions(engine, path);
  const to = await chooseRetired(versions, target);
  if (!to) return;
  const options = { location: vscode.ProgressLocation.Notification, title: `Rehearsing a rollback of ${path}…` };
  const [drill, warning] = await vscode.window.withProgress(options, async () => {
    const rehearsed = await engine.drillRollback({ path, to: to.version });
    const { version } = rehearsed.served;
    const after = afterRollback({ versions }, { to: to.version, version });
    return [rehearsed, await codeWarning(deps, { vault, path, release: { after, version } })] as const;
  });
  const actions = ['Roll Back…', ...(drill.from ? ['Show Difference'] : [])];
  const message = drillMessage(drill, saidPath(deps.vaults, path, vault), warning);
  const chosen = await vscode.window.showInformationMessage(message, ...actions);
  if (chosen === 'Roll Back…') {
    await vscode.commands.executeCommand('promptvault.version.rollback', { vault, path, version: to.version });
  }
  const current = versions.find(({ version }) => version === drill.from);
  if (chosen === 'Show Difference' && current) {
    await compareVersions(deps, { vault, info: current }, { vault, info: to });
  }
}

async function chooseRetired(versions: readonly VersionInfo[], { path, version }: PromptTarget) {
  const retired = newestFirst(versions.filter(({ stage }) => stage === 'RET'));
  const named = retired.find((one) => one.version === version);
  if (named) return named;
  if (retired.length === 0) {
    throw new VaultError('NOT_FOUND', `${path} has no retired version to roll back to`, { path });
  }
  return pickFrom(retired, `Rehearse a rollback of ${path}: to which version?`);
}

const mostLines = 3;

/** One message, since a person in a hurry reads one. */
function drillMessage(drill: RollbackDrill, name: string, warning: CodeWarning | undefined): string {
  const { to, from, served, changes, totalMs } = drill;
  const lines = changes ? changeSummary(changes, 'words') : [];
  const more = lines.length > mostLines ? `, ${lines.length - mostLines} more` : '';
  const what = changes?.same ? ' It says the same as now.' : '';
  const changed = lines.length > 0 ? ` Changes: ${lines.slice(0, mostLines).join(', ')}${more}.` : what;
  const retired = from ? ` and retire v${from}; undo would be a rollback to v${from}` : '';
  const took = totalMs < 1000 ? `${Math.max(1, Math.round(totalMs))} ms` : `${(totalMs / 1000).toFixed(1)} s`;
  return `Rehearsed on a copy in ${took}; nothing was changed. A rollback of ${name} would serve the content of v${to} as v${served.version}${retired}.${changed}${warning ? ` ${warning.text}.` : ''}`;
}
