import { type GridSize, placeOf } from './cellAddress.ts';
import { isAbandoned } from './runOwner.ts';
import type { CaseRow, CellRow, RunRow } from './runStore.ts';
import { summarize } from './summary.ts';
import type { Cell, CellState, RunInfo, RunResult } from './types.ts';

type Grid = Pick<RunRow, 'versions' | 'models' | 'repeat'> & { caseIds: readonly string[] };

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
    ...{ repeat: place.repeat + 1, status, output: '', checks: [] },
    ...{ latencyMs: null, firstTokenMs: null, inputTokens: null, outputTokens: null, cachedTokens: null },
    ...{ costUsd: null, error: null, cached: false, finishReason: null },
  };
}

export function cellOf(row: CellRow, grid: Grid): Cell {
  const { status, output, checks, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens } = row;
  const { costUsd, cached, finishReason, errorCode, errorMessage } = row;
  return {
    ...emptyCell(row.idx, grid, status),
    ...{
      output,
      checks,
      latencyMs,
      firstTokenMs,
      inputTokens,
      outputTokens,
      cachedTokens,
      costUsd,
      cached,
      finishReason,
    },
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  };
}

/** A run as it is told. One whose process is gone or silent for long counts as interrupted, also where nothing can be written. */
export function runInfo(row: RunRow, now: Date): RunInfo {
  const stale = isAbandoned(row, now);
  const until = stale ? Date.parse(row.heartbeatAt) : now.getTime();
  const { id, startedAt, actor, models, casesFile, repeat, passed, failed, errors, costUsd, spentUsd } = row;
  return {
    ...{ id, status: stale ? 'interrupted' : row.status, startedAt, actor },
    finishedAt: stale ? row.heartbeatAt : row.finishedAt,
    versions: row.versions.map(({ path, version }) => `${path}@${version}`),
    ...{ models, cases: row.caseCount, casesFile, repeat, cells: row.cellCount },
    ...{ passed, failed, errors, costUsd, spentUsd, stopReason: row.stopReason, baseline: row.baseline },
    wallMs: row.status === 'running' ? Math.max(0, until - Date.parse(startedAt)) : row.wallMs,
  };
}

type Parts = { row: RunRow; cases: readonly CaseRow[]; cells: Cell[]; now: Date };

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

/** The cells of a run that is not going on here: what is stored, the others as waiting or never run. */
export function storedCells(
  row: RunRow,
  { cases, rows, now }: { cases: readonly CaseRow[]; rows: readonly CellRow[]; now: Date },
): Cell[] {
  const grid = gridOfRow(row, cases);
  const open = runInfo(row, now).status === 'running' ? 'waiting' : 'cancelled';
  const cells = Array.from({ length: row.cellCount }, (_, index) => emptyCell(index, grid, open));
  for (const stored of rows) cells[stored.idx] = cellOf(stored, grid);
  return cells;
}

export const gridOfRow = (row: RunRow, cases: readonly CaseRow[]): Grid => ({
  versions: row.versions,
  models: row.models,
  repeat: row.repeat,
  caseIds: cases.map(({ caseId }) => caseId),
});
