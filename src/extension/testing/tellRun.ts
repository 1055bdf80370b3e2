import * as vscode from 'vscode';
import type { Case, Cell, RunInfo, RunResult } from '../../lab/types.ts';
import { thresholdText } from '../../shared/thresholdText.ts';
import { type Column, columnId, columnsOf, leafKey } from './columns.ts';
import { type Message, outcomeOf } from './outcome.ts';
import { plainText, terminalText } from './plainText.ts';
import type { SuiteNode, TestTree } from './testTree.ts';

/** Takes the cells of one run of a suite and tells VS Code what became of each test. */
export type RunTeller = {
  cell(cell: Cell): void;
  /** What the whole run says: what was not told yet, what got worse, and the wishes for the run. */
  end(result: RunResult): void;
};
type Told = { tree: TestTree; suite: SuiteNode; run: RunInfo };

export function tellRun(testRun: vscode.TestRun, { tree, suite, run }: Told): RunTeller {
  const columns = columnsOf(run);
  const cases = new Map(suite.loaded?.cases.map((one) => [one.id, one]));
  const repeats = new Map<string, Map<number, Cell>>();
  const told = new Map<string, string>();
  tree.showColumns(suite, columns);

  function tell(cells: readonly Cell[], worseThan: string | null): void {
    const [first] = cells;
    const testCase = first && cases.get(first.case);
    const item = first && tree.leaf(suite, first.case, first);
    if (!first || !testCase || !item) return;
    const outcome = outcomeOf(cells, testCase, worseThan);
    const key = leafKey(first);
    const now = JSON.stringify([outcome.state, worseThan]);
    if (told.get(key) === now) return;
    const isNew = !told.has(key);
    told.set(key, now);
    item.description = outcome.facts;
    if (outcome.state === 'passed') testRun.passed(item, outcome.durationMs);
    else if (outcome.state === 'skipped') testRun.skipped(item);
    else testRun[outcome.state](item, outcome.messages.map(asMessage), outcome.durationMs);
    if (isNew) testRun.appendOutput(outputOf(cells, { testCase, facts: outcome.facts, columns }), undefined, item);
  }

  return {
    cell(cell) {
      const item = tree.leaf(suite, cell.case, cell);
      if (cell.status === 'running' && item) testRun.started(item);
      if (cell.status === 'running' || cell.status === 'waiting') return;
      const key = leafKey(cell);
      const ended = repeats.get(key) ?? new Map<number, Cell>();
      ended.set(cell.repeat, cell);
      repeats.set(key, ended);
      if (ended.size === run.repeat) tell([...ended.values()], null);
    },
    end(result) {
      const worse = new Set(result.regressions.map((one) => leafKey(one)));
      const baseline = result.run.baseline?.version ?? null;
      for (const cells of groups(result.cells)) tell(cells, worse.has(leafKey(cells[0]!)) ? baseline : null);
      const missed = result.run.thresholds.filter(({ pass }) => !pass);
      if (missed.length > 0) testRun.failed(suite.item, missed.map(missedMessage));
      testRun.appendOutput(`${summaryOf(suite, result)}\r\n`);
    },
  };
}

function groups(cells: readonly Cell[]): Cell[][] {
  const found = new Map<string, Cell[]>();
  for (const cell of cells) found.set(leafKey(cell), [...(found.get(leafKey(cell)) ?? []), cell]);
  return [...found.values()];
}

function asMessage({ text, expected, actual }: Message): vscode.TestMessage {
  return expected === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, expected, actual ?? '');
}

const missedMessage = (missed: RunResult['run']['thresholds'][number]) =>
  new vscode.TestMessage(plainText(thresholdText(missed)));

const marks: { [Status in Cell['status']]?: string } = { pass: '✓', fail: '✗', error: '!' };
type About = { testCase: Case; facts: string; columns: readonly Column[] };

function outputOf(cells: readonly Cell[], { testCase, facts, columns }: About): string {
  const where = columns.length > 1 ? ` · ${columnId(cells[0]!)}` : '';
  const head = `${plainText(testCase.name)}${where}  ${facts}\r\n`;
  const lines = cells.map(({ status, output, error }) => {
    const said = error ? `${error.code}: ${error.message}` : output;
    return `  ${marks[status] ?? '–'} ${terminalText(said).replaceAll('\r\n', '\r\n    ')}\r\n`;
  });
  return head + lines.join('');
}

function summaryOf({ name }: SuiteNode, { run, regressions }: RunResult): string {
  const parts = [`${run.passed} of ${run.cells} passed`, `${run.failed} failed`, `${run.errors} errors`];
  if (regressions.length > 0) parts.push(`${regressions.length} worse than v${run.baseline?.version ?? ''}`);
  if (run.stopReason === 'budget') parts.push('stopped at its cost limit');
  if (run.stopReason === 'cancelled') parts.push('cancelled');
  return `${name}: ${parts.join(', ')}`;
}
