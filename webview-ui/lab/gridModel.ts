import type { LabRow, LabRun } from '../../src/engine/panels.ts';
import type { CellState, ColumnSummary, Regression, RunInfo } from '../../src/lab/types.ts';
import { type CellFlags, codedStates, decodeFlags } from '../../src/shared/cellCodes.ts';

export type GridColumn = { path: string; version: string; model: string; summary: ColumnSummary | null };
export type GridRow = { at: number; case: string; repeat: number };
export type Tally = { pass: number; fail: number; error: number };

/** The cells of a run as a table, changed in place: thousands of pieces of news arrive a second. `index(row.at, column)` is a cell's address. */
export type GridModel = {
  run: RunInfo;
  columns: GridColumn[];
  rows: GridRow[];
  states: CellState[];
  flags: CellFlags[];
  answers: number[];
  latencies: (number | null)[];
  regressions: readonly Regression[];
  /** What is known of the words: of rows that were looked at. */
  names: Map<number, string>;
  texts: Map<number, string>;
  /** Why a cell pauses. */
  waiting: Map<number, string>;
  tallies: Tally[];
  counts: Record<Filter, number>;
  /** A bit per filter and row. */
  bits: Uint8Array;
  /** Rows whose bits are to be found anew. */
  touched: Set<number>;
  index(at: number, column: number): number;
};

export const filters = ['all', 'failed', 'errors', 'different', 'regressed', 'flaky'] as const;
export type Filter = (typeof filters)[number];

export function gridModel(packed: LabRun): GridModel {
  const { run, summary, cases, columns, regressions, answers, latencies } = packed;
  const height = cases.length * run.repeat;
  const model: GridModel = {
    ...{ run, regressions, answers, latencies },
    columns: columns.map((column) => ({
      ...column,
      summary: run.status === 'running' ? null : summaryOf(column, summary),
    })),
    rows: Array.from({ length: height }, (_, at) => ({
      ...{ at, case: cases[Math.floor(at / run.repeat)]!, repeat: at % run.repeat },
    })),
    states: [...packed.states].map((digit) => codedStates[Number(digit)] ?? 'waiting'),
    flags: [...packed.flags].map(decodeFlags),
    ...{ names: new Map(), texts: new Map(), waiting: new Map(), touched: new Set() },
    tallies: columns.map(() => ({ pass: 0, fail: 0, error: 0 })),
    counts: { all: 0, failed: 0, errors: 0, different: 0, regressed: 0, flaky: 0 },
    bits: new Uint8Array(height),
    index: (at, column) => column * height + at,
  };
  for (const [index, state] of model.states.entries()) count(model, { index, state, by: 1 });
  for (const { at } of model.rows) model.touched.add(at);
  putRows(model, [...packed.rows.keys()], packed.rows);
  settle(model);
  return model;
}

const summaryOf = (column: Omit<GridColumn, 'summary'>, summary: readonly ColumnSummary[]) =>
  summary.find((one) => one.path === column.path && one.version === column.version && one.model === column.model) ??
  null;

/** The words of rows that were asked for. */
export function putRows(model: GridModel, places: readonly number[], rows: readonly LabRow[]): void {
  for (const [n, { name, texts }] of rows.entries()) {
    const at = places[n]!;
    const { repeat = 0 } = model.rows[at] ?? {};
    model.names.set(at, model.run.repeat > 1 ? `${name} (${repeat + 1})` : name);
    for (const [column, text] of texts.entries()) model.texts.set(model.index(at, column), text);
  }
}

/** A cell's new state; counts follow at once, filters with `settle`. */
export function setState(model: GridModel, index: number, state: CellState): void {
  const before = model.states[index];
  if (before === undefined || before === state) return;
  count(model, { index, state: before, by: -1 });
  model.states[index] = state;
  count(model, { index, state, by: 1 });
  model.touched.add(index % model.rows.length);
}

function count(model: GridModel, { index, state, by }: { index: number; state: CellState; by: 1 | -1 }): void {
  const tally = model.tallies[Math.floor(index / model.rows.length)];
  if (tally && (state === 'pass' || state === 'fail' || state === 'error')) tally[state] += by;
}

/** Finds the filters of the rows that changed, those of the same case with them. */
export function settle(model: GridModel): void {
  if (model.touched.size === 0) return;
  const { repeat } = model.run;
  const regressed = new Set(model.regressions.map((one) => one.case));
  const found = new Set([...model.touched].map((at) => Math.floor(at / repeat)));
  model.touched.clear();
  for (const one of found) {
    const flaky = repeat > 1 && isFlaky(model, one * repeat);
    for (let at = one * repeat; at < (one + 1) * repeat; at += 1) {
      const bits =
        rowBits(model, at) | (flaky ? bitOf.flaky : 0) | (regressed.has(model.rows[at]!.case) ? bitOf.regressed : 0);
      for (const filter of filters) {
        model.counts[filter] += Number((bits & bitOf[filter]) > 0) - Number((model.bits[at]! & bitOf[filter]) > 0);
      }
      model.bits[at] = bits;
    }
  }
}

const bitOf: Record<Filter, number> = { all: 1, failed: 2, errors: 4, different: 8, regressed: 16, flaky: 32 };

function rowBits(model: GridModel, at: number): number {
  let bits = bitOf.all;
  let checked = false;
  const states = new Set<CellState>();
  const answers = new Set<number>();
  for (let column = 0; column < model.columns.length; column += 1) {
    const index = model.index(at, column);
    const state = model.states[index]!;
    if (state !== 'pass' && state !== 'fail' && state !== 'error') continue;
    if (state === 'fail') bits |= bitOf.failed;
    if (state === 'error') bits |= bitOf.errors;
    checked ||= model.flags[index]!.checked;
    states.add(state);
    answers.add(model.answers[index]!);
  }
  // Columns disagree in their verdicts where there are checks, else in what they answered.
  if (states.size > 1 || (!checked && answers.size > 1)) bits |= bitOf.different;
  return bits;
}

/** Repeats of a case that passed sometimes and failed sometimes in the same column. */
function isFlaky(model: GridModel, from: number): boolean {
  return model.columns.some((_, column) => {
    const states = Array.from({ length: model.run.repeat }, (_, n) => model.states[model.index(from + n, column)]);
    return states.includes('pass') && states.includes('fail');
  });
}

export function filterRows(model: GridModel, filter: Filter): GridRow[] {
  if (filter === 'all') return model.rows;
  return model.rows.filter(({ at }) => (model.bits[at]! & bitOf[filter]) > 0);
}
