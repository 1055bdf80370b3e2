import { VaultError } from '../shared/errors.ts';
import { thisOwner } from '../vault/processOwner.ts';
import { placeOf } from './cellAddress.ts';
import { answerIn, type GivenAnswer } from './executeCell.ts';
import type { LabContext } from './labContext.ts';
import type { RunWork } from './liveRun.ts';
import { restorePlan } from './restorePlan.ts';
import { gridOfRow, runInfo, sizeOf, storedCells } from './runResult.ts';
import { type RunRow, wallOf } from './runStore.ts';
import { answersOf } from './storedAnswers.ts';
import { plannedCase } from './storedCases.ts';
import { createTally } from './tally.ts';
import type { Cell, RunInfo } from './types.ts';

export type ResumeCalls = {
  /**
   * Goes on with the cells that had no turn, in the same run: after a crash, a cancellation or the end of its budget. RULE
   * when nothing is left to do or it is going on, CONFLICT when somebody else goes on with it.
   */
  resumeRun(p: { runId: string; maxCostUsd?: number }): Promise<RunInfo>;
  /** Calls again what ended in an error, in the same run. An error stays until its retry has ended. */
  retryErrors(p: { runId: string; maxCostUsd?: number }): Promise<RunInfo>;
  /** Calls one cell again, in the same run, whatever it said; its mark goes with the old answer. */
  rerunCell(p: { runId: string; index: number }): Promise<RunInfo>;
  /** A new run of the cases that did not pass everywhere, over the versions as they are now. RULE when all passed. */
  rerunFailing(p: { runId: string }): Promise<RunInfo>;
};

export function resumeCalls(context: LabContext): ResumeCalls {
  return {
    resumeRun: ({ runId, maxCostUsd }) =>
      goOn(context, runId, { maxCostUsd, chosen: (cell) => cell.judged === 'waiting' || cell.judged === 'cancelled' }),
    retryErrors: ({ runId, maxCostUsd }) =>
      goOn(context, runId, { maxCostUsd, chosen: ({ status }) => status === 'error' }),
    rerunCell: ({ runId, index }) => goOn(context, runId, { chosen: (_, at) => at === index, call: true }),
    rerunFailing: ({ runId }) => rerunFailing(context, runId),
  };
}

type Choice = { chosen(cell: Cell, index: number): boolean; maxCostUsd?: number | undefined; call?: true };

async function goOn(context: LabContext, id: string, { chosen, ...choice }: Choice): Promise<RunInfo> {
  const { store, now, models } = context;
  const row = store.run(id);
  const info = runInfo(row, now());
  if (context.live.has(id) || info.status === 'running') {
    throw new VaultError('RULE', 'This run is going on. Wait for its end or cancel it first', { action: 'resume' });
  }
  const cases = store.cases(row.seq);
  const rows = store.cells(row.seq);
  const cells = storedCells(row, { cases, rows, marks: store.marks(row.seq), now: now() });
  const stored = new Set(rows.map(({ idx }) => idx));
  for (const [index, cell] of cells.entries()) if (!stored.has(index)) cells[index] = { ...cell, judged: 'waiting' };
  const todo = [...cells.keys()].filter((index) => chosen(cells[index]!, index));
  if (todo.length === 0) throw new VaultError('RULE', 'There is nothing to run again', { action: 'resume' });

  const maxCostUsd = choice.maxCostUsd ?? row.options.maxCostUsd;
  const money = moneyOf(
    row,
    cells.filter((_, index) => stored.has(index)),
  );
  if (maxCostUsd !== null && !(money.spentUsd < maxCostUsd)) {
    throw new VaultError(
      'INVALID_INPUT',
      `This run has spent $${money.spentUsd} of $${maxCostUsd}. Give it a higher limit to go on`,
      { field: 'maxCostUsd', spentUsd: money.spentUsd },
    );
  }
  const size = sizeOf(gridOfRow(row, cases));
  const columns = new Set(row.scoredFrom === null ? todo.map((index) => placeOf(index, size).model) : []);
  const plan = await restorePlan(row, cases, { models, store, callable: (column) => columns.has(column) });
  const claimed = store.claim(row, { as: thisOwner(), maxCostUsd });
  if (!claimed) throw new VaultError('CONFLICT', 'Somebody else goes on with this run', { run: id });
  for (const index of todo) cells[index] = { ...cells[index]!, status: 'waiting' };
  const asBefore = { status: info.status, stopReason: row.stopReason };
  return context.launch({
    ...{ row: claimed, plan: { ...plan, maxCostUsd }, cells, todo, ...money },
    ...{ wallMs: wallOf(row), endsAs: asBefore, answerOf: answerFor(context, row, { cells, ...choice }) },
  });
}

/** What is counted so far, and what was paid for answers that have been replaced since. */
function moneyOf(row: RunRow, ended: readonly Cell[]): Pick<RunWork, 'tally' | 'spentUsd'> {
  const sum = (usd: (cell: Cell) => number | null) => ended.reduce((total, cell) => total + (usd(cell) ?? 0), 0);
  const paid = sum((cell) => (cell.cached ? 0 : cell.costUsd));
  const judged = sum((cell) => cell.judgeUsd);
  // Sums of the same numbers in another order differ in their last digit.
  const lost = (total: number | null, kept: number) => ((total ?? 0) - kept > 1e-9 ? (total ?? 0) - kept : 0);
  const before = { spent: lost(row.spentUsd, paid), judge: lost(row.judgeUsd, judged) };
  const tally = createTally(before);
  for (const cell of ended) tally.add(cell);
  return { tally, spentUsd: paid + judged + before.spent + before.judge };
}

function answerFor(
  { store }: LabContext,
  row: RunRow,
  { cells, call }: { cells: readonly Cell[]; call?: true },
): NonNullable<RunWork['answerOf']> {
  const source = row.scoredFrom === null ? null : answersOf(store, row.scoredFrom);
  const before = [...cells];
  return (index): GivenAnswer | VaultError | null | undefined => {
    if (source) return source.get(index);
    if (call) return null;
    const cell = before[index]!;
    // The model has answered; only its judge has not.
    if (cell.error?.code === 'JUDGE') return { answer: answerIn(cell), cached: cell.cached };
    return undefined;
  };
}

async function rerunFailing({ store, cellsOf, startRun }: LabContext, id: string): Promise<RunInfo> {
  const row = store.run(id);
  const cases = store.cases(row.seq).map(plannedCase);
  const isBad = ({ status }: Cell) => status === 'fail' || status === 'error';
  const bad = new Set(
    cellsOf(id)
      .filter(isBad)
      .map((cell) => cell.case),
  );
  if (bad.size === 0) throw new VaultError('RULE', 'Nothing failed in this run', { action: 'rerun' });
  const { concurrency, maxCostUsd, choices, judge, thresholds, idleTimeoutMs } = row.options;
  return startRun({
    refs: row.versions.map(({ path, version }) => `${path}@${version.replace(/\*$/, '')}`),
    models: choices ?? row.models,
    cases: cases.filter(({ id: one }) => bad.has(one)),
    ...{ repeat: row.repeat, concurrency, noCache: true },
    ...(maxCostUsd === null ? {} : { maxCostUsd }),
    ...(row.baseline ? { baseline: `${row.baseline.path}@${row.baseline.version}` } : {}),
    ...(judge ? { judge } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(idleTimeoutMs ? { idleTimeoutMs } : {}),
  });
}
