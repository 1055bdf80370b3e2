import type { GridModel, GridRow } from './gridModel.ts';

/** Where the cursor stands: a place in the rows shown, and a column of the run. */
export type Place = { row: number; column: number };

/** The next failed or broken cell in reading order after `from`, starting over at the top; null when there is none. */
export function nextFailure(p: {
  model: GridModel;
  rows: readonly GridRow[];
  columns: readonly number[];
  from: Place;
}): Place | null {
  const { model, rows, columns, from } = p;
  const count = rows.length * columns.length;
  const start = from.row * columns.length + Math.max(0, columns.indexOf(from.column));
  for (let step = 1; step <= count; step += 1) {
    const at = (start + step) % count;
    const place = { row: Math.floor(at / columns.length), column: columns[at % columns.length]! };
    const state = model.states[model.index(rows[place.row]!.at, place.column)];
    if (state === 'fail' || state === 'error') return place;
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
