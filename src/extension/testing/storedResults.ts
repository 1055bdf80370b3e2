import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { RunInfo, RunResult } from '../../lab/types.ts';
import { tellRun } from './tellRun.ts';
import type { SuiteNode, TestTree } from './testTree.ts';

const looksBack = 500;

/** The newest ended runs of each suite among the last 500 runs of a vault. */
export async function newestRuns(engine: EngineClient): Promise<Map<string, RunInfo>> {
  const runs = await engine.listRuns({ limit: looksBack });
  const newest = new Map<string, RunInfo>();
  for (const run of runs) {
    if (run.suite !== null && run.status !== 'running' && !newest.has(run.suite)) newest.set(run.suite, run);
  }
  return newest;
}

type Needs = { controller: vscode.TestController; tree: TestTree };

/** Shows a stored run as test results; nobody is called, and nothing takes the focus. */
export async function showStored({ controller, tree }: Needs, suite: SuiteNode, result: RunResult): Promise<void> {
  const request = new vscode.TestRunRequest([suite.item], undefined, undefined, false, true);
  const testRun = controller.createTestRun(request, `${suite.name}, ${result.run.startedAt}`, false);
  try {
    tellRun(testRun, { tree, suite, run: result.run }).end(result);
  } finally {
    testRun.end();
  }
  suite.shown = result;
}

/** Results belong to a content: whether the suite, its cases or its prompts say something else now. */
export async function isOutdated(
  engine: EngineClient,
  { loaded }: SuiteNode,
  { run, summary }: RunResult,
): Promise<boolean> {
  if (!loaded) return false;
  if (run.suite !== null && run.suiteRevision !== loaded.revision) return true;
  if (run.dataset && run.dataset.revision !== loaded.datasetRevision) return true;
  const refs = loaded.definition.refs?.length ? loaded.definition.refs : run.versions;
  const hashes = new Set(summary.map(({ hash }) => hash));
  const now = await Promise.all(refs.map(async (ref) => engine.show({ ref }).catch(() => undefined)));
  return now.some((version) => version === undefined || !hashes.has(version.hash));
}
