import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, VaultError } from '../shared/errors.ts';
import { createEmitter, type Disposable } from '../shared/events.ts';
import { eachVersion } from '../vault/eachVersion.ts';
import { thisOwner } from '../vault/processOwner.ts';
import type { Vault } from '../vault/vault.ts';
import { wholeNumber } from '../vault/wholeNumber.ts';
import { type BisectCalls, bisectCalls } from './bisect.ts';
import { createBreath } from './breathe.ts';
import { readCaseFile } from './caseFiles.ts';
import { cellCount, placeOf } from './cellAddress.ts';
import { requestOf } from './cellRequest.ts';
import { timelineOf } from './cellRows.ts';
import { columnsOf } from './columns.ts';
import { type CompareCalls, compareCalls } from './compareRun.ts';
import { estimatePlan } from './estimateRun.ts';
import { type GateCalls, gateCalls } from './gate.ts';
import type { LabContext } from './labContext.ts';
import { labData } from './labData.ts';
import type { LabModels } from './labModels.ts';
import { type LiveRun, type RunWork, startLiveRun } from './liveRun.ts';
import { type CaseCalls, caseCalls } from './makeCases.ts';
import { type MarkCalls, markCalls } from './marks.ts';
import { gridOf, joinProblems, planRun, type RunPlan } from './planRun.ts';
import { createRegexMatcher } from './regexMatcher.ts';
import { type ReportFormat, reportAs, tellsVerdicts } from './reports.ts';
import { type RescoreCalls, rescoreCalls } from './rescore.ts';
import { type ResumeCalls, resumeCalls } from './resume.ts';
import { emptyCell, gridOfRow, runInfo, runResult, sizeOf, storedCells } from './runResult.ts';
import { createRunStore, type RunRow } from './runStore.ts';
import { plannedCase } from './storedCases.ts';
import { createTally } from './tally.ts';
import type { CaseSet, Cell, CellDetail, RunEstimate, RunInfo, RunProgress, RunRequest, RunResult } from './types.ts';

/** The use cases of the lab room. */
export type Lab = CaseCalls &
  CompareCalls &
  GateCalls &
  ResumeCalls &
  RescoreCalls &
  BisectCalls &
  MarkCalls & {
    readCases(p: { file: string }): Promise<CaseSet>;
    /** What a run would do and everything that speaks against it; calls nobody. */
    estimateRun(p: RunRequest): Promise<RunEstimate>;
    /** Answers as soon as the run has begun. Fails before any call, with all problems: the first one's code, the list in `details.problems`. */
    startRun(p: RunRequest): Promise<RunInfo>;
    /** Stops a run, also one of another process. One that has ended stays as it is. */
    cancelRun(p: { runId: string }): Promise<void>;
    /** Settles when the run has ended; aborting cancels it. Rejects when its results could not be stored. */
    waitForRun(p: { runId: string }, signal?: AbortSignal): Promise<RunResult>;
    /** Newest first, 100 unless told. `before`: the last run of the page before. */
    listRuns(p: { path?: string; limit?: number; before?: string }): Promise<RunInfo[]>;
    showRun(p: { runId: string }): Promise<RunResult>;
    showCell(p: { runId: string; index: number }): Promise<CellDetail>;
    exportRun(p: { runId: string; format: ReportFormat }): Promise<string>;
    onDidRun(listener: (progress: RunProgress) => void): Disposable;
    /** Cancels what goes on here and waits until it is stored. */
    close(): Promise<void>;
  };
export type LabOptions = {
  vault: Vault;
  models: LabModels;
  now?: () => Date;
};

const pollMs = 250;

/** Opens the lab of a vault. Runs that a dead process left behind are marked as interrupted. */
export function createLab({ vault, models, now = () => new Date() }: LabOptions): Lab {
  const { database } = vault;
  const data = labData(database);
  const store = createRunStore(database);
  const regex = createRegexMatcher();
  const progress = createEmitter<RunProgress>();
  const live = new Map<string, LiveRun>();
  try {
    store.markInterrupted(now());
  } catch (error) {
    // Somebody writes for long; such runs are told as interrupted anyway.
    if (codeOf(error) !== 'BUSY') throw error;
  }

  /** A run's row with the counts of this moment. */
  const rowOf = (id: string): RunRow => {
    const run = live.get(id);
    return run ? { ...run.row, ...run.tally.totals() } : store.run(id);
  };
  const storedCellsOf = (row: RunRow): Cell[] =>
    storedCells(row, {
      ...{ cases: store.cases(row.seq), rows: store.cells(row.seq), marks: store.marks(row.seq), now: now() },
    });

  function launch(work: RunWork): RunInfo {
    const { row } = work;
    const run = startLiveRun(work, { store, vault, models, regex, now, fire: progress.fire });
    live.set(row.id, run);
    const forget = () => live.delete(row.id);
    run.ended.then(forget, forget);
    return runInfo(row, now());
  }

  /** Stores a planned run and begins it. */
  async function begin(plan: RunPlan, more: Pick<RunWork, 'answerOf'> & { todo?: number[] } = {}): Promise<RunInfo> {
    const row = store.insertRun({ id: randomUUID(), plan, cellCount: cellCount(gridOf(plan)), owner: thisOwner() });
    const caseIds = plan.cases.map(({ id }) => id);
    const grid = { versions: row.versions, models: row.models, repeat: plan.repeat, caseIds };
    const breathe = createBreath();
    const cells: Cell[] = [];
    for (let index = 0; index < row.cellCount; index++) {
      await breathe();
      cells.push(emptyCell(index, grid, 'waiting'));
    }
    const fresh = {
      tally: createTally(),
      spentUsd: 0,
      wallMs: 0,
      endsAs: { status: 'done', stopReason: null } as const,
    };
    return launch({ row, plan, cells, todo: [...cells.keys()], ...fresh, ...more });
  }

  async function startRun(request: RunRequest): Promise<RunInfo> {
    const { plan, problems } = await planRun(request, { vault, models, data });
    if (problems.length > 0) throw joinProblems(problems);
    return begin(plan);
  }

  function cellsOf(id: string): Cell[] {
    const run = live.get(id);
    return run ? [...run.cells] : storedCellsOf(store.run(id));
  }

  function showRun(id: string): RunResult {
    return database.read(() => {
      const row = rowOf(id);
      return runResult({ row, cases: store.cases(row.seq), cells: cellsOf(id), now: now() });
    });
  }

  async function waitForRun(id: string, signal?: AbortSignal): Promise<RunResult> {
    const run = live.get(id);
    const cancel = () => run?.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      if (run) {
        const row = await run.ended;
        // All of it is here: reading it again would hold up whoever waits.
        const cases = run.plan.cases.map(({ id: caseId, name }) => ({ caseId, name }));
        return runResult({ row, cases, cells: [...run.cells], now: now() });
      }
      // Another process runs it: its end shows in the vault.
      while (runInfo(store.run(id), now()).status === 'running') {
        if (signal?.aborted) cancelRun(id);
        await sleep(pollMs);
      }
      return showRun(id);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  function cancelRun(id: string): void {
    const run = live.get(id);
    if (run) run.cancel();
    else store.requestCancel(store.run(id).seq);
  }

  function showCell(id: string, index: number): CellDetail {
    const run = live.get(id);
    const row = rowOf(id);
    const cases = store.cases(row.seq);
    if (!Number.isInteger(index) || index < 0 || index >= row.cellCount) {
      throw new VaultError('NOT_FOUND', `The run has no cell ${index}`, { ref: `${id}#${index}` });
    }
    const place = placeOf(index, sizeOf(gridOfRow(row, cases)));
    const stored = store.cell(row.seq, index);
    const rows = stored ? [stored] : [];
    const cell =
      run?.cells[index] ?? storedCells(row, { cases, rows, marks: store.marks(row.seq), now: now() })[index]!;
    const tested = row.versions[place.version]!;
    const one = plannedCase(cases[place.case]!);
    const version = { content: store.content(tested.hash) };
    const model = columnsOf(row.options.choices ?? row.models)[place.model]!;
    return {
      ...{ ...cell, runId: id, index, caseName: one.name, request: requestOf({ version, model, case: one }, vault) },
      testCase: one,
      ...{ attempts: stored?.attempts ?? 0, timeline: timelineOf(stored?.timeline ?? null) },
    };
  }

  const comparing = compareCalls({ showRun, store, regex });
  const context: LabContext = {
    ...{ vault, models, store, regex, now, live, launch, begin, startRun, waitForRun, cellsOf },
    fire: progress.fire,
  };
  return {
    ...caseCalls({ data, vault, models, showCell }),
    ...comparing,
    ...gateCalls({ database, vault, data, showRun }),
    ...resumeCalls(context),
    ...rescoreCalls(context),
    ...bisectCalls(context),
    ...markCalls(context),
    readCases: ({ file }) => readCaseFile(file),
    async estimateRun(request) {
      const { plan, problems } = await planRun(request, { vault, models, data });
      return estimatePlan(plan, problems, { models, store, vault });
    },
    startRun,
    cancelRun: async ({ runId }) => cancelRun(runId),
    waitForRun: ({ runId }, signal) => waitForRun(runId, signal),
    async listRuns({ path, limit = 100, before }) {
      const hashes = path === undefined ? [] : hashesOf(vault, path);
      const rows = store.list({ path, hashes, limit: wholeNumber('limit', limit), before });
      return rows.map((row) => runInfo(live.has(row.id) ? rowOf(row.id) : row, now()));
    },
    showRun: async ({ runId }) => showRun(runId),
    showCell: async ({ runId, index }) => showCell(runId, index),
    async exportRun({ runId, format }) {
      const result = showRun(runId);
      const verdicts = tellsVerdicts(format) ? await comparing.compareBaseline({ runId }) : [];
      return reportAs(format, verdicts.length > 0 ? { ...result, verdicts } : result);
    },
    onDidRun: progress.on,
    async close() {
      for (const run of live.values()) run.cancel();
      await Promise.allSettled([...live.values()].map(({ ended }) => ended));
      await regex.close();
    },
  };
}

/** The contents of a prompt's versions: a prompt that moved keeps its runs. None when it is gone. */
function hashesOf(vault: Vault, path: string): string[] {
  try {
    return [...eachVersion(vault, path)].map(({ hash }) => hash);
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return [];
    throw error;
  }
}
