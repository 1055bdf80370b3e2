import { type GridSize, placeOf } from './cellAddress.ts';
import { metricsOf, scoreOf } from './cellScore.ts';
import { isAbandoned } from './runOwner.ts';
import type { CaseRow, CellRow, RunRow } from './runStore.ts';
import { summarize } from './summary.ts';
import type { Cell, CellMark, CellState, RunInfo, RunResult } from './types.ts';

export type Grid = Pick<RunRow, 'versions' | 'models' | 'repeat'> & { caseIds: readonly string[] };

export const sizeOf = ({ versions, models, caseIds, repeat }: Grid): GridSize => ({
  versions: versions.length,
  models: models.length,
  cases: caseIds.length,
  repeat,
});

/** A cell that has no answer yet, or never will. */
export function emptyCell(index: number, grid: Grid, status: CellState): Cell {
  const place = placeOf(index, sizeOf(grid));
  const { version, path, hash } = grid.versions[place.version]!;
  return {
    ...{ version, path, hash, model: grid.models[place.model]!, case: grid.caseIds[place.case]! },
    ...{ repeat: place.repeat + 1, status, judged: status, score: null, mark: null, metrics: {} },
    ...{ output: '', checks: [] },
    ...{ latencyMs: null, firstTokenMs: null, inputTokens: null, outputTokens: null, cachedTokens: null },
    ...{ costUsd: null, judgeUsd: null, error: null, cached: false, finishReason: null },
  };
}

export function cellOf(row: CellRow, grid: Grid, mark: CellMark | null = null): Cell {
  const { status, output, checks, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens } = row;
  const { costUsd, judgeUsd, cached, finishReason, errorCode, errorMessage } = row;
  const cell = {
    ...emptyCell(row.idx, grid, status),
    ...{ output, checks, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens },
    ...{ costUsd, judgeUsd, cached, finishReason },
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  };
  return withMark({ ...cell, ...verdictOf(cell) }, mark);
}

/** Score and metrics follow from the checks, so they are not stored. */
export function verdictOf({ judged, checks }: Pick<Cell, 'judged' | 'checks'>): Pick<Cell, 'score' | 'metrics'> {
  if (judged !== 'pass' && judged !== 'fail') return { score: null, metrics: {} };
  return { score: scoreOf(checks), metrics: metricsOf(checks) };
}

/** A person's word stands above the checks, and can be taken back. */
export function withMark(cell: Cell, mark: CellMark | null): Cell {
  return { ...cell, mark, status: mark?.mark ?? cell.judged };
}

/** A run as it is told. One whose process is gone or silent for long counts as interrupted, also where nothing can be written. */
export function runInfo(row: RunRow, now: Date): RunInfo {
  const stale = isAbandoned(row, now);
  const until = stale ? Date.parse(row.heartbeatAt) : now.getTime();
  const { id, startedAt, actor, models, casesFile, repeat, options, passed, failed, errors } = row;
  const { costUsd, spentUsd, judgeUsd, suite, dataset, scoredFrom } = row;
  const status = stale ? 'interrupted' : row.status;
  return {
    ...{ id, status, startedAt, actor },
    finishedAt: stale ? row.heartbeatAt : row.finishedAt,
    versions: row.versions.map(({ path, version }) => `${path}@${version}`),
    ...{ models, modelChoices: options.choices ?? models, cases: row.caseCount, casesFile },
    ...{ suite, suiteRevision: options.suiteRevision ?? null, dataset, scoredFrom, repeat, cells: row.cellCount },
    ...{ passed, failed, errors, costUsd, spentUsd, judgeUsd, maxCostUsd: options.maxCostUsd },
    ...{ stopReason: row.stopReason, baseline: row.baseline, thresholds: options.reached ?? [] },
    resumable: status !== 'running' && passed + failed + errors < row.cellCount,
    wallMs: row.status === 'running' ? Math.max(0, until - Date.parse(startedAt)) : row.wallMs,
  };
}

type NamedCase = Pick<CaseRow, 'caseId' | 'name'>;
type Parts = { row: RunRow; cases: readonly NamedCase[]; cells: Cell[]; now: Date };

export function runResult({ row, cases, cells, now }: Parts): RunResult {
  const grid = gridOfRow(row, cases);
  return {
    run: runInfo(row, now),
    summary: summarize(cells, { size: sizeOf(grid), versions: row.versions, models: row.models }),
    cells,
    regressions: row.regressions,
    caseNames: Object.fromEntries(cases.map(({ caseId, name }) => [caseId, name])),
  };
}

export type StoredParts = {
  cases: readonly CaseRow[];
  rows: readonly CellRow[];
  marks: ReadonlyMap<number, CellMark>;
  now: Date;
};

/** The cells of a run that is not going on here: what is stored, the others as waiting or never run. */
export function storedCells(row: RunRow, { cases, rows, marks, now }: StoredParts): Cell[] {
  const grid = gridOfRow(row, cases);
  const open = runInfo(row, now).status === 'running' ? 'waiting' : 'cancelled';
  const cells: Cell[] = new Array(row.cellCount);
  for (const stored of rows) cells[stored.idx] = cellOf(stored, grid, marks.get(stored.idx));
  for (let index = 0; index < row.cellCount; index++) cells[index] ??= emptyCell(index, grid, open);
  return cells;
}

export const gridOfRow = (row: RunRow, cases: readonly NamedCase[]): Grid => ({
  versions: row.versions,
  models: row.models,
  repeat: row.repeat,
  caseIds: cases.map(({ caseId }) => caseId),
});
