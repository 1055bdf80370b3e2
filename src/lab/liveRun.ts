import { setImmediate as nextTurn } from 'node:timers/promises';
import { VaultError } from '../shared/errors.ts';
import { createAdaptiveLimit } from './adaptiveLimit.ts';
import { createBreath } from './breathe.ts';
import { createBudget } from './budget.ts';
import { placeOf } from './cellAddress.ts';
import { storedTimeline } from './cellRows.ts';
import { type CellDeps, type CellOutcome, executeCell, type GivenAnswer } from './executeCell.ts';
import { createOutages } from './outages.ts';
import type { PlannedCase } from './planCases.ts';
import { gridOf, type RunPlan } from './planRun.ts';
import { compareWithBaseline } from './regressions.ts';
import { createRowJudging } from './rowJudging.ts';
import { createProgress } from './runProgress.ts';
import { runInfo, verdictOf, withMark } from './runResult.ts';
import type { CellRow, RunRow, RunStore } from './runStore.ts';
import { type Batches, storeInBatches } from './storeInBatches.ts';
import type { Tally } from './tally.ts';
import { thresholdResults } from './thresholds.ts';
import type { Cell, CellMark, RunProgress } from './types.ts';

export type LiveDeps = Pick<CellDeps, 'vault' | 'models' | 'regex'> & {
  store: RunStore;
  now(): Date;
  fire(progress: RunProgress): void;
};
/** What is to be done: the cells of `todo`, whose status is `waiting` whatever was judged before. */
export type RunWork = {
  row: RunRow;
  plan: RunPlan;
  cells: Cell[];
  todo: readonly number[];
  /** Has counted every cell that has an answer or error. */
  tally: Tally;
  /** USD spent before, judges counted. */
  spentUsd: number;
  /** Milliseconds it went on before. */
  wallMs: number;
  /** How it ends when nothing stops it and some of its cells were not in `todo`. */
  endsAs: Pick<RunRow, 'status' | 'stopReason'>;
  /** An answer to judge instead of calling, or the error a cell keeps; undefined to look for a stored one, null to call. */
  answerOf?(index: number): GivenAnswer | VaultError | null | undefined;
};
/** A run under way in this process. `row` is as stored at its start; `ended` settles with it as stored at its end. */
export type LiveRun = {
  row: RunRow;
  plan: RunPlan;
  cells: Cell[];
  tally: Tally;
  ended: Promise<RunRow>;
  cancel(): void;
  /** Stores what has ended. */
  flush(): void;
};
type StopReason = 'cancelled' | 'budget';

/** Starts the cells of a run, a limited number per vendor at once, and stores them in batches as they end. */
export function startLiveRun(work: RunWork, deps: LiveDeps): LiveRun {
  const { row, plan, cells, todo, tally } = work;
  const size = gridOf(plan);
  const abort = new AbortController();
  const budget = createBudget(plan.maxCostUsd, work.spentUsd);
  const progress = createProgress(row.id, deps.fire);
  const outages = createOutages();
  const limits = new Map(plan.models.map(({ vendor }) => [vendor, createAdaptiveLimit(plan.concurrency)]));
  const before = new Map(todo.map((index) => [index, cells[index]!]));
  const started = performance.now();
  let stopReason: StopReason | null = null;

  const stop = (reason: StopReason) => {
    stopReason ??= reason;
    if (reason === 'cancelled') abort.abort();
  };
  const batches = storeInBatches({ seq: row.seq, tally, store: deps.store, stop: () => stop('cancelled') });

  const tell = (index: number, cell: Cell) => {
    cells[index] = cell;
    progress.tell({ type: 'cell', runId: row.id, index, cell });
  };

  const shared = {
    ...{ vault: deps.vault, models: deps.models, regex: deps.regex, signal: abort.signal, budget, outages },
    ...{ judge: plan.judging, idleTimeoutMs: plan.idleTimeoutMs },
    judgeEstimate: (one: PlannedCase) => plan.judging?.estimateUsd(one.checks) ?? 0,
  };
  /** What is stored of cells that wait for the others of their row. */
  const held = new Map<number, CellRow>();
  const rows = createRowJudging({
    ...{ plan, cells, budget, stop, vault: deps.vault, signal: abort.signal },
    amend(index, cell) {
      const old = cells[index]!;
      tally.amend(old.status === 'running' ? { ...old, status: old.judged } : old, cell);
      const stored = held.get(index) ?? deps.store.cell(row.seq, index);
      if (stored) batches.add({ ...stored, ...verdictRow(cell) }, true);
      held.delete(index);
      tell(index, cell);
    },
  });
  const looksUp = !plan.noCache && plan.repeat === 1;

  async function runCell(index: number): Promise<void> {
    if (stopReason !== null) return;
    const place = placeOf(index, size);
    const task = {
      version: plan.versions[place.version]!,
      model: plan.models[place.model]!,
      case: plan.cases[place.case]!,
    };
    const old = before.get(index)!;
    const blank = { ...old, ...nothing };
    const outcome = await executeCell(task, {
      ...shared,
      limit: limits.get(task.model.vendor)!,
      findAnswer(cacheKey) {
        const given = work.answerOf?.(index);
        if (given instanceof VaultError) throw given;
        if (given !== undefined) return given;
        const answer = looksUp && cacheKey !== null ? deps.store.findAnswer(cacheKey) : null;
        return answer && { answer, cached: true };
      },
      onBegin() {
        cells[index] = { ...blank, status: 'running', judged: 'running' };
        progress.begin(index, cells[index]);
      },
      onEvent: (event) => {
        if (event.type === 'text') progress.text(index, event.text);
        if (event.type !== 'retry') return;
        const { attempt, waitMs, reason } = event;
        progress.tell({ type: 'retry', runId: row.id, index, attempt, waitMs, reason });
      },
    });
    // It found no money left, or has lost whoever gives the keys.
    if (outcome.judged === 'cancelled' && !abort.signal.aborted) stop(budget.isSpent() ? 'budget' : 'cancelled');
    settle(index, task, { old, blank, outcome });
    await rows.ended(index);
  }

  function settle(index: number, task: Parameters<typeof executeCell>[0], { old, blank, outcome }: Settled): void {
    const { attempts, cacheKey, timeline, ...told } = outcome;
    // Until its turn it is shown as waiting.
    const was = withMark(old, old.mark);
    const hadEnded = old.judged === 'pass' || old.judged === 'fail' || old.judged === 'error';
    // What a person has is given up only for something that came to an end.
    if (told.judged === 'cancelled' && hadEnded) {
      tell(index, was);
      return;
    }
    const whole: Cell = { ...blank, ...told, ...verdictOf(told), status: told.judged };
    const cell = rows.hold(index, whole);
    const counted = { ...cell, status: cell.judged };
    if (attempts > 0 || told.judged !== 'cancelled') {
      if (old.judged === 'waiting') tally.add(counted);
      else if (attempts === 0 && !cell.cached && old.error?.code === 'JUDGE') tally.rejudge(was, counted);
      else tally.replace(was, counted);
      const key = { caseKey: task.case.key, model: task.model.key };
      const stored = toRow({ seq: row.seq, index, cell, attempts, cacheKey, ...key }, timeline);
      batches.add(stored, hadEnded);
      if (cell !== whole) held.set(index, stored);
    }
    tell(index, cell);
  }

  async function run(): Promise<RunRow> {
    try {
      await perVendor({ plan, todo }, runCell);
      progress.flush();
      for (const [index, cell] of cells.entries()) {
        if (cell.status !== 'waiting' && cell.status !== 'running') continue;
        const judged = cell.judged === 'waiting' ? 'cancelled' : cell.judged;
        tell(index, withMark({ ...cell, judged }, cell.mark));
      }
      const ended = batches.finish(await endOf());
      deps.fire({ type: 'finished', runId: row.id, run: runInfo(ended, deps.now()) });
      return ended;
    } finally {
      batches.dispose();
    }
  }

  async function endOf(): Promise<Parameters<Batches['finish']>[0]> {
    const compared = await compareWithBaseline(plan, cells, { store: deps.store, seq: row.seq, regex: deps.regex });
    const totals = tally.totals();
    const whole = totals.passed + totals.failed + totals.errors === row.cellCount;
    const reached = thresholdResults(plan.thresholds, cells, totals);
    return {
      ...(whole
        ? { status: 'done', stopReason: null }
        : stopReason
          ? { status: 'cancelled', stopReason }
          : work.endsAs),
      ...{ ...compared, ...totals, options: { ...row.options, reached } },
      wallMs: work.wallMs + Math.round(performance.now() - started),
    };
  }

  deps.fire({ type: 'started', runId: row.id, run: runInfo(row, deps.now()) });
  const ended = run();
  return { row, plan, cells, tally, ended, cancel: () => stop('cancelled'), flush: batches.flush };
}

type Settled = { old: Cell; blank: Cell; outcome: CellOutcome };

/** A cell as it was before anything was known of it. */
const nothing = {
  ...{ score: null, mark: null as CellMark | null, metrics: {}, output: '', checks: [], latencyMs: null },
  ...{ firstTokenMs: null, inputTokens: null, outputTokens: null, cachedTokens: null, costUsd: null },
  ...{ judgeUsd: null, error: null, cached: false, finishReason: null },
};

const linesPerTurn = 8;

type Todo = { plan: RunPlan; todo: readonly number[] };

/** Works through the cells in order, `concurrency` at once for each vendor: a slow one must not hold up the others. */
async function perVendor({ plan, todo }: Todo, work: (index: number) => Promise<void>): Promise<void> {
  const size = gridOf(plan);
  const queues = new Map<string, number[]>();
  const breathe = createBreath();
  for (const index of todo) {
    const { vendor } = plan.models[placeOf(index, size).model]!;
    const queue = queues.get(vendor);
    if (queue) queue.push(index);
    else queues.set(vendor, [index]);
  }
  // Lines that begin in one turn of the event loop go step by step side by side: no call would leave before all are ready to.
  let turn: Promise<void> = Promise.resolve();
  const lines = [...queues.values()].flatMap((queue) => {
    const next = queue.values();
    return Array.from({ length: Math.min(plan.concurrency, queue.length) }, async (_, at) => {
      if (at % linesPerTurn === 0) turn = turn.then(() => nextTurn());
      await turn;
      for (const index of next) {
        await breathe();
        await work(index);
      }
    });
  });
  await Promise.all(lines);
}

/** Of a row that is stored, what a judge's word changes. */
function verdictRow({ judged, checks, judgeUsd, error }: Cell) {
  const status = judged as CellRow['status'];
  return { status, checks, judgeUsd, errorCode: error?.code ?? null, errorMessage: error?.message ?? null };
}

type Ended = { seq: number; index: number; cell: Cell; caseKey: string; model: string } & Pick<
  CellOutcome,
  'attempts' | 'cacheKey'
>;

function toRow({ seq, index, cell, ...keys }: Ended, timeline: CellOutcome['timeline']): CellRow {
  const { output, checks, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens, costUsd } = cell;
  const { hash, judgeUsd, cached, finishReason, error } = cell;
  return {
    ...{ runSeq: seq, idx: index, hash, ...keys, status: cell.judged as CellRow['status'], output, checks, latencyMs },
    ...{ firstTokenMs, inputTokens, outputTokens, cachedTokens, costUsd, judgeUsd, cached, finishReason },
    ...{ errorCode: error?.code ?? null, errorMessage: error?.message ?? null },
    timeline: storedTimeline(timeline),
  };
}
