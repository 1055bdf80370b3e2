import * as vscode from 'vscode';
import { coalesce } from '../coalesce.ts';
import type { Deps } from '../deps.ts';
import { needVersion } from '../pickVersion.ts';
import { askFirst } from './askFirst.ts';
import { columnsOf } from './columns.ts';
import { type Asking, runTests } from './runTests.ts';
import { isOutdated, newestRuns, showStored } from './storedResults.ts';
import { createTestTree, type SuiteNode } from './testTree.ts';

/** Suites in VS Code's Test Explorer. Nothing is read before somebody looks. */
export function registerTestExplorer(deps: Deps): vscode.Disposable {
  const controller = vscode.tests.createTestController('promptvault', 'PromptVault');
  const ask: Asking = {
    run: askFirst,
    async version({ name, vault }) {
      const current = deps.selection.current();
      const selected = current?.vault === vault ? current : undefined;
      const chosen = await needVersion(deps, selected, { title: `Run ${name}`, action: 'test' });
      return chosen && `${chosen.info.path}@${chosen.info.version}`;
    },
  };
  return vscode.Disposable.from(controller, fillTestExplorer(controller, { ...deps, ask }));
}

type Needs = Pick<Deps, 'vaults' | 'log'> & { ask: Asking };

/** Makes a controller show the suites of the window's vaults, keep up with them and run them. */
export function fillTestExplorer(controller: vscode.TestController, { vaults, log, ask }: Needs): vscode.Disposable {
  const tree = createTestTree(controller, vaults);
  let looking = false;
  let busy = 0;

  /** Reads a suite's cases and shows the newest results there are. */
  async function resolve(suite: SuiteNode): Promise<void> {
    if (!(await tree.load(suite))) return;
    const engine = await vaults.engine(suite.vault);
    const newest = (await newestRuns(engine)).get(suite.name);
    if (newest && newer(newest.startedAt, suite.shown?.run.startedAt)) {
      await showStored({ controller, tree }, suite, await engine.showRun({ runId: newest.id }));
    } else if (suite.shown) {
      tree.showColumns(suite, columnsOf(suite.shown.run));
    }
    if (suite.shown && (await isOutdated(engine, suite, suite.shown))) controller.invalidateTestResults(suite.item);
  }

  async function refresh(): Promise<void> {
    const suites = await tree.readSuites();
    for (const suite of suites) if (suite.loaded) await resolve(suite);
  }
  const keepUp = coalesce(() => {
    // A run that goes on here tells by itself what becomes of it.
    if (looking && busy === 0) refresh().catch((error) => log.error('Reading the suites failed', String(error)));
  }, 300);

  controller.resolveHandler = async (item) => {
    looking = true;
    if (!item) return void (await tree.readSuites());
    const place = tree.placeOf(item);
    if (place && place.caseId === undefined) await resolve(place.suite);
  };
  controller.refreshHandler = refresh;
  controller.createRunProfile(
    'Run (asks first)',
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      busy += 1;
      try {
        await runTests({ controller, tree, vaults, ask }, request, token);
      } finally {
        busy -= 1;
        keepUp();
      }
    },
    true,
  );
  const watching = [
    vaults.onDidChangeState(keepUp),
    vaults.onDidChange(({ change }) => {
      if (change.events.length > 0) keepUp();
    }),
    vaults.onDidRun(({ progress }) => {
      if (progress.type === 'finished') keepUp();
    }),
  ];
  return { dispose: () => watching.forEach((one) => void one.dispose()) };
}

const newer = (startedAt: string, than: string | undefined) => than === undefined || startedAt > than;
