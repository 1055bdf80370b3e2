import { codeOf } from '../shared/errors.ts';
import { type Budget, createBudget } from './budget.ts';
import { placeOf } from './cellAddress.ts';
import { type CellDeps, type CellOutcome, executeCell } from './executeCell.ts';
import { gridOf, type RunPlan } from './planRun.ts';
import { compareWithBaseline } from './regressions.ts';
import { createProgress } from './runProgress.ts';
import { emptyCell, runInfo } from './runResult.ts';
import type { CellRow, RunRow, RunStore } from './runStore.ts';
import { totalsOf } from './summary.ts';
import type { Cell, RunProgress } from './types.ts';

export type LiveDeps = Pick<CellDeps, 'vault' | 'models' | 'regex'> & {
  store: RunStore;
  now(): Date;
  fire(progress: RunProgress): void;
};
/** A run under way in this process. `row` is as stored at its start; `ended` settles with it as stored at its end. */
export type LiveRun = { row: RunRow; cells: Cell[]; ended: Promise<RunRow>; cancel(): void };
type StopReason = 'cancelled' | 'budget';

const storeEveryMs = 250;
const lookEveryMs = 1000;
const heartbeatEveryMs = 5000;

/** Starts all cells of a run, a limited number per vendor at once, and stores them in batches as they end. */
export function startLiveRun(row: RunRow, plan: RunPlan, deps: LiveDeps): LiveRun {
  const size = gridOf(plan);
  const caseIds = plan.cases.map(({ id }) => id);
  const grid = { versions: row.versions, models: row.models, repeat: plan.repeat, caseIds };
  const cells = Array.from({ length: row.cellCount }, (_, index) => emptyCell(index, grid, 'waiting'));
  const abort = new AbortController();
  const budget = createBudget(plan.maxCostUsd);
  const progress = createProgress(row.id, deps.fire);
  const started = performance.now();
  let stopReason: StopReason | null = null;
  let stopped = false;

  const stop = (reason: StopReason) => {
    stopReason ??= reason;
    stopped = true;
    if (reason === 'cancelled') abort.abort();
  };
  const batches = storeInBatches({ row, cells, store: deps.store, stop: () => stop('cancelled') });

  const setCell = (index: number, cell: Cell) => {
    cells[index] = cell;
    progress.tell({ type: 'cell', runId: row.id, index, cell });
  };

  async function runCell(index: number): Promise<void> {
    if (stopped) return;
    const place = placeOf(index, size);
    const task = {
      version: plan.versions[place.version]!,
      model: plan.models[place.model]!,
      case: plan.cases[place.case]!,
    };
    const waiting = cells[index]!;
    const outcome = await executeCell(task, {
      ...{ vault: deps.vault, models: deps.models, regex: deps.regex, signal: abort.signal },
      budget: announced(budget, () => setCell(index, { ...waiting, status: 'running' })),
      findAnswer: plan.noCache || plan.repeat > 1 ? () => null : deps.store.findAnswer,
      onEvent: (event) => {
        if (event.type === 'text') progress.text(index, event.text);
        if (event.type !== 'retry') return;
        const { attempt, waitMs, reason } = event;
        progress.tell({ type: 'retry', runId: row.id, index, attempt, waitMs, reason });
      },
    });
    // A cell that never began and was not aborted found no money left.
    if (outcome.status === 'cancelled' && !abort.signal.aborted) stop('budget');
    const { attempts, cacheKey, ...told } = outcome;
    setCell(index, { ...waiting, ...told });
    if (attempts > 0 || outcome.status !== 'cancelled') {
      batches.add(toRow({ seq: row.seq, index, cell: cells[index]!, caseKey: task.case.key, attempts, cacheKey }));
    }
  }

  async function run(): Promise<RunRow> {
    try {
      await perVendor(plan, runCell);
      progress.flush();
      for (const [index, cell] of cells.entries()) {
        if (cell.status === 'waiting') setCell(index, { ...cell, status: 'cancelled' });
      }
      const compared = await compareWithBaseline(plan, cells, { store: deps.store, seq: row.seq, regex: deps.regex });
      const ended = batches.finish({
        ...{ status: stopReason === null ? 'done' : 'cancelled', stopReason, ...compared, ...totalsOf(cells) },
        wallMs: Math.round(performance.now() - started),
      });
      deps.fire({ type: 'finished', runId: row.id, run: runInfo(ended, deps.now()) });
      return ended;
    } finally {
      batches.dispose();
    }
  }

  deps.fire({ type: 'started', runId: row.id, run: runInfo(row, deps.now()) });
  return { row, cells, ended: run(), cancel: () => stop('cancelled') };
}

/** Tells when a call may begin: until then its cell waits. */
function announced(budget: Budget, begin: () => void): Budget {
  return {
    async enter(estimate) {
      const entered = await budget.enter(estimate);
      if (entered) begin();
      return entered;
    },
    leave: budget.leave,
  };
}

/** Works through all cells in order, `concurrency` at once for each vendor: a slow one must not hold up the others. */
async function perVendor(plan: RunPlan, work: (index: number) => Promise<void>): Promise<void> {
  const size = gridOf(plan);
  const perColumn = size.cases * size.repeat;
  const queues = new Map<string, number[]>();
  for (let index = 0; index < size.versions * size.models * perColumn; index++) {
    const { vendor } = plan.models[placeOf(index, size).model]!;
    const queue = queues.get(vendor);
    if (queue) queue.push(index);
    else queues.set(vendor, [index]);
  }
  const lines = [...queues.values()].flatMap((queue) => {
    const next = queue.values();
    return Array.from({ length: Math.min(plan.concurrency, queue.length) }, async () => {
      for (const index of next) await work(index);
    });
  });
  await Promise.all(lines);
}

type Batched = { row: RunRow; cells: readonly Cell[]; store: RunStore; stop(): void };

/** Keeps ended cells until the next batch. A vault that cannot be written ends the run: answers nobody keeps cost money. */
function storeInBatches({ row, cells, store, stop }: Batched) {
  let pending: CellRow[] = [];
  // Not the clock of the day, which may be put back.
  let writtenAt = performance.now();
  let lookedAt = performance.now();
  const tick = () => {
    const now = performance.now();
    try {
      if (now - lookedAt >= lookEveryMs) {
        lookedAt = now;
        if (store.cancelRequested(row.seq)) stop();
      }
      if (pending.length === 0 && now - writtenAt < heartbeatEveryMs) return;
      store.append(row.seq, pending, totalsOf(cells));
      pending = [];
      writtenAt = now;
    } catch (error) {
      // Busy passes: the rows are kept for the next try.
      if (codeOf(error) !== 'BUSY') stop();
    }
  };
  const timer = setInterval(tick, storeEveryMs);
  return {
    add: (cell: CellRow) => pending.push(cell),
    finish: (end: Parameters<RunStore['finish']>[2]) => store.finish(row.seq, pending, end),
    dispose: () => clearInterval(timer),
  };
}

type Ended = { seq: number; index: number; cell: Cell; caseKey: string } & Pick<CellOutcome, 'attempts' | 'cacheKey'>;

function toRow({ seq, index, cell, caseKey, attempts, cacheKey }: Ended): CellRow {
  const { case: _case, repeat: _repeat, path: _path, version: _version, error, ...kept } = cell;
  return {
    ...kept,
    ...{ runSeq: seq, idx: index, caseKey, attempts, cacheKey },
    status: kept.status as CellRow['status'],
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    judgeUsd: null,
    timeline: null,
  };
}
