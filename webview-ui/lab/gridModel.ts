import type { Cell, CellState, ColumnSummary, Regression, RunResult } from '../../src/lab/types.ts';

export type GridColumn = { path: string; version: string; model: string; summary: ColumnSummary | null };
export type GridRow = { at: number; case: string; repeat: number; name: string };
/** The cells of a run as a table. `index(row.at, column)` is a cell's address in `cells`. */
export type GridModel = {
  columns: GridColumn[];
  rows: GridRow[];
  cells: readonly Cell[];
  regressions: readonly Regression[];
  index(at: number, column: number): number;
};

/** Cells come ordered versions × models × cases × repeats, so a column is one stretch of them. */
export function gridModel(result: RunResult): GridModel {
  const { run, cells, summary, caseNames, regressions } = result;
  const count = Math.max(1, run.versions.length * run.models.length);
  const height = Math.floor(cells.length / count);
  const columns = Array.from({ length: height === 0 ? 0 : count }, (_, column): GridColumn => {
    const { path, version, model } = cells[column * height] as Cell;
    const found = summary.find((one) => one.path === path && one.version === version && one.model === model);
    return { path, version, model, summary: run.status === 'running' ? null : (found ?? null) };
  });
  const rows = cells.slice(0, height).map((cell, at): GridRow => {
    const name = caseNames[cell.case] ?? cell.case;
    return { at, case: cell.case, repeat: cell.repeat, name: run.repeat > 1 ? `${name} (${cell.repeat + 1})` : name };
  });
  return { columns, rows, cells, regressions, index: (at, column) => column * height + at };
}

export const filters = ['all', 'failed', 'errors', 'different', 'regressed'] as const;
export type Filter = (typeof filters)[number];

export function rowCells(model: GridModel, row: GridRow): Cell[] {
  return model.columns.map((_, column) => model.cells[model.index(row.at, column)] as Cell);
}

const isVerdict = (status: CellState) => status === 'pass' || status === 'fail' || status === 'error';

/** Columns disagree: in their verdicts where there are checks, else in what they answered. */
function isDifferent(cells: readonly Cell[]): boolean {
  const done = cells.filter(({ status }) => isVerdict(status));
  const checked = done.some(({ checks }) => checks.length > 0);
  return new Set(done.map(({ status, output }) => (checked ? status : output.trim()))).size > 1;
}

const tests: Record<Filter, (cells: readonly Cell[], row: GridRow, model: GridModel) => boolean> = {
  all: () => true,
  failed: (cells) => cells.some(({ status }) => status === 'fail'),
  errors: (cells) => cells.some(({ status }) => status === 'error'),
  different: (cells) => isDifferent(cells),
  regressed: (_, row, model) => model.regressions.some((regression) => regression.case === row.case),
};

export function filterRows(model: GridModel, filter: Filter): GridRow[] {
  return model.rows.filter((row) => tests[filter](rowCells(model, row), row, model));
}

export function filterCounts(model: GridModel): Record<Filter, number> {
  const counts = { all: 0, failed: 0, errors: 0, different: 0, regressed: 0 };
  for (const row of model.rows) {
    const cells = rowCells(model, row);
    for (const filter of filters) if (tests[filter](cells, row, model)) counts[filter] += 1;
  }
  return counts;
}

/** Where the cursor stands: a place in the rows shown, and a column. */
export type Place = { row: number; column: number };

/** The next failed or broken cell in reading order after `from`, starting over at the top; null when there is none. */
export function nextFailure(model: GridModel, rows: readonly GridRow[], from: Place): Place | null {
  const width = model.columns.length;
  const count = rows.length * width;
  const start = from.row * width + from.column;
  for (let step = 1; step <= count; step += 1) {
    const at = (start + step) % count;
    const place = { row: Math.floor(at / width), column: at % width };
    const status = model.cells[model.index((rows[place.row] as GridRow).at, place.column)]?.status;
    if (status === 'fail' || status === 'error') return place;
  }
  return null;
}

/** Where a key takes the cursor; null when the key is not the grid's. `page` is how many rows fit on the screen. */
export function moveCursor(p: {
  key: string;
  ctrl: boolean;
  from: Place;
  rows: number;
  columns: number;
  page: number;
}): Place | null {
  const { key, ctrl, from, rows, columns, page } = p;
  const steps: Record<string, Place> = {
    ArrowDown: { row: from.row + 1, column: from.column },
    ArrowUp: { row: from.row - 1, column: from.column },
    ArrowRight: { row: from.row, column: from.column + 1 },
    ArrowLeft: { row: from.row, column: from.column - 1 },
    PageDown: { row: from.row + page, column: from.column },
    PageUp: { row: from.row - page, column: from.column },
    Home: { row: ctrl ? 0 : from.row, column: 0 },
    End: { row: ctrl ? rows - 1 : from.row, column: columns - 1 },
  };
  const to = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (!to || rows === 0 || columns === 0) return null;
  return {
    row: Math.min(rows - 1, Math.max(0, to.row)),
    column: Math.min(columns - 1, Math.max(0, to.column)),
  };
}
