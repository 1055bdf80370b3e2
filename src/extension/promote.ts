import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import { rulesFor } from '../engine/rules.ts';
import type { VersionInfo } from '../vault/types.ts';
import { codeAllows } from './code/codeContract.ts';
import { compareVersions } from './compareVersions.ts';
import type { Deps } from './deps.ts';
import { formatAgo, formatDuration } from './formatTime.ts';
import { askAtGate, gateLine } from './gateQuestion.ts';
import { needVersion } from './pickVersion.ts';
import type { PromptTarget } from './targets.ts';
import { saidPath } from './vaultName.ts';

type Needs = Pick<Deps, 'vaults' | 'selection' | 'documents' | 'labs' | 'code'>;

/**
 * DEV → TST at once, or after asking for the rationale where there is none; TST → PRD after one question that says what it
 * retires, what was tested and whether the gate is open. Code that the version does not fit and a shut gate are told first.
 * False when called off.
 */
export async function promote(deps: Needs, given: PromptTarget | undefined): Promise<boolean> {
  const chosen = await needVersion(deps, given, { title: 'Promote', action: 'promote' });
  if (!chosen) return false;
  const { vault, info, versions } = chosen;
  const engine = await deps.vaults.engine(vault);
  const ref = `${info.path}@${info.version}`;
  const to = rulesFor(info.stage).promotesTo;
  // What is promoted is what was read here: an edit in between is a conflict.
  const promotion = { ref, expectRevision: info.revision, expectStage: info.stage };
  if (to !== 'PRD') {
    const rationale = info.rationale.trim() ? undefined : await askWhy(info);
    if (rationale === null) return false;
    await engine.promote({ ...promotion, ...(rationale && { rationale }) });
    vscode.window.setStatusBarMessage(`$(beaker) ${info.path} v${info.version} is in ${to}`, 5000);
    return true;
  }
  const current = versions.find(({ stage }) => stage === 'PRD');
  if (!(await codeAllows(deps, { vault, info, versions }))) return false;
  const gate = await engine.checkGate({ ref });
  const override = gate.open ? undefined : await askAtGate(deps, gate, { engine, vault, info, current });
  if (!gate.open && override === undefined) return false;
  const rationale = await vscode.window.showInputBox({
    title: `Promote ${info.path} v${info.version} to PRD`,
    prompt: 'Why does this version go to production? It stays in the history.',
    value: info.rationale,
  });
  if (rationale === undefined) return false;
  if (current) await compareVersions(deps, { vault, info: current }, { vault, info });
  const detail = [
    retires(current),
    await evidence(engine, info),
    gateLine(gate, override),
    'A production version cannot be changed afterwards.',
  ].filter((line) => line !== null);
  const question = `Promote ${saidPath(deps.vaults, info.path, vault)} v${info.version} to production?`;
  const yes = 'Promote to PRD';
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: detail.join('\n\n') }, yes);
  if (answer !== yes) return false;
  // Whether the gate is still open is asked again in there: somebody may have changed the suite since.
  await engine.promote({ ...promotion, rationale, ...(override === undefined ? {} : { override }) });
  vscode.window.setStatusBarMessage(`$(rocket) ${info.path} v${info.version} is in production`, 8000);
  return true;
}

/** A version that does not say why it exists is asked once on its way; the answer may be empty. Null when called off. */
async function askWhy({ path, version }: VersionInfo): Promise<string | null> {
  const answer = await vscode.window.showInputBox({
    title: `Promote ${path} v${version} to TST`,
    prompt: 'Why does this version exist? It stays in the history and may be left empty.',
  });
  return answer === undefined ? null : answer.trim();
}

function retires(current: VersionInfo | undefined): string {
  if (!current?.deployedAt) return 'It is the first version of this prompt in production.';
  const length = formatDuration(current.deployedAt, new Date().toISOString());
  return `v${current.version}, in production for ${length}, becomes RET.`;
}

/** Tests count for the content they ran on, so only cells of this hash are told. */
async function evidence(engine: EngineClient, { path, version, hash }: VersionInfo): Promise<string> {
  const runs = (await engine.listRuns({ path, limit: 50 })).filter((run) =>
    run.versions.includes(`${path}@${version}`),
  );
  for (const { id } of runs.slice(0, 5)) {
    const { summary, run } = await engine.showRun({ runId: id });
    const columns = summary.filter((column) => column.hash === hash);
    if (columns.length === 0) continue;
    const passed = columns.reduce((sum, column) => sum + column.passed, 0);
    const cells = columns.reduce((sum, column) => sum + column.cells, 0);
    const models = columns.map(({ model }) => model).join(', ');
    return `Tests of this content: ${passed} of ${cells} passed with ${models}, ${formatAgo(run.startedAt, new Date())}.`;
  }
  return 'This content has never been tested in the Lab.';
}
