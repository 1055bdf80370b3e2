import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { RunProgress } from '../../lab/types.ts';
import { toVaultError } from '../../shared/errors.ts';
import type { Deps } from '../deps.ts';
import { withAbort } from '../withAbort.ts';
import type { Waiting } from './askFirst.ts';
import { plainText } from './plainText.ts';
import { type PlannedRun, planSuiteRun } from './planSuiteRun.ts';
import { tellRun } from './tellRun.ts';
import type { SuiteNode, TestTree } from './testTree.ts';

/** What running tests asks of a person. */
export type Asking = {
  /** The one question before anything is paid for. */
  run(waiting: readonly Waiting[]): Promise<boolean>;
  /** The version a suite without prompts is run on, as `path@2.3`; undefined when called off. */
  version(suite: SuiteNode): Promise<string | undefined>;
};
type Needs = {
  controller: vscode.TestController;
  tree: TestTree;
  vaults: Deps['vaults'];
  ask: Asking;
};
type Wanted = { suite: SuiteNode; caseIds: Set<string> | null };
type Ready = { suite: SuiteNode; engine: EngineClient; plan: PlannedRun; caseIds: Set<string> | null };
type Refused = { suite: SuiteNode; reason: string };

/** Runs what was asked for, after one question for all of it. Answers the suites that were run. */
export async function runTests(
  needs: Needs,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<SuiteNode[]> {
  const { controller, tree, ask } = needs;
  const ready: Ready[] = [];
  const refused: Refused[] = [];
  for (const wanted of await wantedSuites(tree, request)) {
    if (token.isCancellationRequested) return [];
    const answer = await prepare(needs, wanted, request.include === undefined);
    if (answer && 'plan' in answer) ready.push(answer);
    else if (answer) refused.push(answer);
  }
  if (ready.length + refused.length === 0) return [];
  const waiting = ready.map(({ suite, plan, caseIds }) => ({
    title: caseIds ? `${suite.name}, ${caseIds.size} of its cases` : suite.name,
    estimate: plan.estimate,
  }));
  if (ready.length > 0 && !(await ask.run(waiting))) return [];

  const testRun = controller.createTestRun(request, undefined, false);
  try {
    for (const { suite, reason } of refused) testRun.errored(suite.item, new vscode.TestMessage(reason));
    for (const { suite, caseIds } of ready) enqueue(testRun, suite, caseIds);
    for (const one of ready) {
      if (token.isCancellationRequested || testRun.token.isCancellationRequested) break;
      await runSuite(needs, { ...one, testRun, token });
    }
  } finally {
    testRun.end();
  }
  return ready.map(({ suite }) => suite);
}

/** Items as suites and cases, once each; what is excluded is taken out. */
async function wantedSuites(tree: TestTree, { include, exclude = [] }: vscode.TestRunRequest): Promise<Wanted[]> {
  const all = tree.suites().length > 0 ? tree.suites() : await tree.readSuites();
  const chosen = new Map<SuiteNode, Set<string> | null>();
  const add = (suite: SuiteNode, caseId: string | undefined) => {
    const before = chosen.get(suite);
    if (before === null) return;
    chosen.set(suite, caseId === undefined ? null : (before ?? new Set<string>()).add(caseId));
  };
  for (const item of include ?? all.map((suite) => suite.item)) {
    const place = tree.placeOf(item);
    if (place) add(place.suite, place.caseId);
    else for (const suite of all) if (item.children.get(suite.item.id) === suite.item) add(suite, undefined);
  }
  for (const item of exclude) {
    const place = tree.placeOf(item);
    if (!place || !chosen.has(place.suite)) continue;
    const { suite, caseId } = place;
    if (caseId === undefined) chosen.delete(suite);
    else {
      const cases = chosen.get(suite) ?? (suite.loaded ?? (await tree.load(suite)))?.cases.map(({ id }) => id) ?? [];
      const left = new Set(cases);
      left.delete(caseId);
      chosen.set(suite, left);
    }
  }
  return [...chosen].map(([suite, caseIds]) => ({ suite, caseIds }));
}

/** Nothing is called here. Undefined when the person called it off. */
async function prepare(
  { tree, vaults, ask }: Needs,
  { suite, caseIds }: Wanted,
  all: boolean,
): Promise<Ready | Refused | undefined> {
  const loaded = await tree.load(suite);
  if (!loaded) return { suite, reason: String(suite.item.error ?? 'The suite could not be read') };
  let refs: string[] = [];
  if ((loaded.definition.refs ?? []).length === 0) {
    if (all) return { suite, reason: 'This suite names no prompt: run it by itself and choose a version' };
    const ref = await ask.version(suite);
    if (ref === undefined) return undefined;
    refs = [ref];
  }
  try {
    const engine = await vaults.engine(suite.vault);
    const plan = await planSuiteRun(engine, { loaded, caseIds, refs, shown: suite.shown });
    const { problems } = plan.estimate;
    return problems.length > 0 ? { suite, reason: problems.join('\n') } : { suite, engine, plan, caseIds };
  } catch (error) {
    return { suite, reason: toVaultError(error).message };
  }
}

function enqueue(testRun: vscode.TestRun, { item }: SuiteNode, caseIds: ReadonlySet<string> | null): void {
  for (const [id, row] of item.children) {
    if (caseIds && !caseIds.has(id.slice('case '.length))) continue;
    if (row.children.size === 0) testRun.enqueued(row);
    else for (const [, column] of row.children) testRun.enqueued(column);
  }
}

type Following = Ready & { testRun: vscode.TestRun; token: vscode.CancellationToken };

/** One run after the other, as it goes on; cancelling the tests cancels it, and what was answered is kept. */
async function runSuite({ tree, vaults }: Needs, { suite, engine, plan, testRun, token }: Following): Promise<void> {
  const early: RunProgress[] = [];
  let take = (progress: RunProgress) => void early.push(progress);
  const watch = vaults.onDidRun(({ vault, progress }) => {
    if (vault === suite.vault) take(progress);
  });
  try {
    const info = await plan.start();
    const teller = tellRun(testRun, { tree, suite, run: info });
    take = (progress) => {
      if (progress.type === 'cell' && progress.runId === info.id) teller.cell(progress.cell);
    };
    for (const progress of early) take(progress);
    const cancel = testRun.token.onCancellationRequested(() => void engine.cancelRun({ runId: info.id }));
    const result = await withAbort(token, (signal) => engine.waitForRun({ runId: info.id }, signal)).finally(() =>
      cancel.dispose(),
    );
    teller.end(result);
    suite.shown = result;
  } catch (error) {
    const { code, message } = toVaultError(error);
    if (code !== 'CANCELLED') testRun.errored(suite.item, new vscode.TestMessage(plainText(`${code}: ${message}`)));
  } finally {
    watch.dispose();
  }
}
