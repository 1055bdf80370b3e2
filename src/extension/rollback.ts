import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { afterRollback } from '../code/callSiteFit.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import { VaultError } from '../shared/errors.ts';
import type { VersionInfo } from '../vault/types.ts';
import { type CodeWarning, codeWarning } from './code/codeContract.ts';
import { showPlaces } from './code/showPlaces.ts';
import { compareVersions } from './compareVersions.ts';
import type { Deps } from './deps.ts';
import { needPrompt, pickFrom } from './pickVersion.ts';
import { newestFirst } from './promptNodes.ts';
import type { PromptTarget } from './targets.ts';
import { saidPath } from './vaultName.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents' | 'log' | 'code'>;

/** So long the one question waits for what nobody knows by then. */
const patienceMs = 300;

/**
 * Three steps: which retired version, why, and a look at the difference before the one question. Code that the version does not
 * fit is looked for meanwhile, and told in that question; or behind it when it takes longer.
 */
export async function rollback(deps: Needs, given: PromptTarget | undefined): Promise<void> {
  const started = Date.now();
  const target = await needPrompt(deps, given, 'Roll back');
  if (!target) return;
  const { vault, path } = target;
  const engine = await deps.vaults.engine(vault);
  const versions = await allVersions(engine, path);
  const current = versions.find(({ stage }) => stage === 'PRD');
  const to = await chooseRetired(versions, target);
  if (!to) return;
  const next = await engine.nextVersion({ ref: `${path}@${to.version}` });
  const after = afterRollback({ versions }, { to: to.version, version: next });
  const warning = codeWarning(deps, { vault, path, release: { after, version: next } });
  const reason = await vscode.window.showInputBox({
    title: `Roll back ${saidPath(deps.vaults, path, vault)} to the content of v${to.version}`,
    prompt: 'Why? It stays in the history. For example "Incident: …", "Cost: …", "Quality: …".',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : 'A reason is required'),
  });
  if (!reason?.trim()) return;
  if (current) await compareVersions(deps, { vault, info: current }, { vault, info: to });
  const yes = 'Roll Back';
  const known = await Promise.race([warning, wait(patienceMs, 'unknown' as const)]);
  const code = known && known !== 'unknown' ? `${known.text}.\n${known.detail}\n\n` : '';
  const becomes = current ? ` v${current.version} becomes RET.` : '';
  const question = `Serve the content of v${to.version} again as v${next}?${becomes}`;
  const same = current?.hash === to.hash ? `v${current.version} in production has this very content already.\n\n` : '';
  const undo = current ? ` Undo: roll back to v${current.version}.` : '';
  const detail = `${same}${code}${saidPath(deps.vaults, path, vault)} gets a new production version with that content. Reason: ${reason.trim()}\n\nNothing is lost: the history keeps every version.${undo}`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  const done = await engine.rollback({
    path,
    to: to.version,
    reason: reason.trim(),
    expectPrd: current?.version ?? null,
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  const message = `v${done.version} is in production (content of v${to.version}). ${seconds} s since you started.${undo}`;
  if (known === 'unknown') void warning.then((late) => late && tellPlaces(late));
  const show = 'Show Places';
  const shown = known && known !== 'unknown' ? [show] : [];
  const answer = await vscode.window.showInformationMessage(message, ...(current ? ['Undo…'] : []), ...shown);
  if (answer === show && known && known !== 'unknown') await showPlaces(known.places);
  else if (answer && current) await rollback(deps, { vault, path, version: current.version });
}

async function tellPlaces({ text, places }: CodeWarning): Promise<void> {
  const show = 'Show Places';
  if ((await vscode.window.showWarningMessage(`${text}.`, show)) === show) await showPlaces(places);
}

async function chooseRetired(versions: readonly VersionInfo[], { path, version }: PromptTarget) {
  const retired = newestFirst(versions.filter(({ stage }) => stage === 'RET'));
  const named = retired.find((one) => one.version === version);
  if (named) return named;
  if (retired.length === 0) {
    throw new VaultError('NOT_FOUND', `${path} has no retired version to roll back to`, { path });
  }
  return pickFrom(retired, `Roll back ${path}: which version was good?`);
}
