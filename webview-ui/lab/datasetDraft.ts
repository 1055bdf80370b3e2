import type { LabDataset } from '../../src/engine/panels.ts';
import type { Case, Check } from '../../src/lab/types.ts';
import type { Json } from '../../src/shared/json.ts';
import { deepEqual } from '../shared/deepEqual.ts';

/** Rows under edit. `proposed` ones were thought up by a model and are kept only when a person says so. */
export type DraftRow = Case & { proposed?: true };
export type DatasetDraft = { name: string; revision: number; columns: string[]; rows: DraftRow[] };

export const draftOf = ({ name, revision, columns, rows }: LabDataset): DatasetDraft => ({
  ...{ name, revision },
  columns: columns.filter((column) => !column.startsWith('__')),
  rows,
});

/** What is saved of a draft: rows numbered anew, those proposed left out. */
export function savedOf({ name, revision, columns, rows }: DatasetDraft): LabDataset {
  const kept = rows.filter(({ proposed }) => !proposed).map((row, at) => ({ ...row, id: String(at + 1) }));
  return { name, revision, columns, rows: kept };
}

export const isChanged = (draft: DatasetDraft, stored: LabDataset | null) =>
  !deepEqual(savedOf(draft), stored ? savedOf(draftOf(stored)) : savedOf({ ...draft, columns: [], rows: [] }));

export function cellValue(row: Case, column: string): string {
  const value = row.variables[column];
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Typed text is a text, unless it stands for a number, a list or the like and still reads as one. */
function typed(text: string, before: Json | undefined): Json {
  if (before === undefined || typeof before === 'string') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const atRow = (draft: DatasetDraft, at: number, change: (row: DraftRow) => DraftRow): DatasetDraft => ({
  ...draft,
  rows: draft.rows.map((row, one) => (one === at ? change(row) : row)),
});

export const setValue = (draft: DatasetDraft, at: number, { column, text }: { column: string; text: string }) =>
  atRow(draft, at, (row) =>
    named({ ...row, variables: { ...row.variables, [column]: typed(text, row.variables[column]) } }, row),
  );

export const setChecks = (draft: DatasetDraft, at: number, checks: Check[]) =>
  atRow(draft, at, (row) => ({ ...row, checks }));

/** A case that was named by its first value is named by its new one. */
function named(row: DraftRow, before: DraftRow): DraftRow {
  const [old] = Object.keys(before.variables);
  const first = Object.keys(row.variables)[0];
  const mine = first !== undefined ? cellValue(row, first) : '';
  const follows = before.name === '' || (old !== undefined && before.name === shortName(cellValue(before, old)));
  return follows ? { ...row, name: shortName(mine) } : row;
}

function shortName(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

export function addRow(draft: DatasetDraft, at = draft.rows.length): DatasetDraft {
  const row = { id: '', name: '', variables: Object.fromEntries(draft.columns.map((one) => [one, ''])), checks: [] };
  return { ...draft, rows: [...draft.rows.slice(0, at), row, ...draft.rows.slice(at)] };
}

export const deleteRow = (draft: DatasetDraft, at: number): DatasetDraft => ({
  ...draft,
  rows: draft.rows.filter((_, one) => one !== at),
});

export function addColumn(draft: DatasetDraft, wanted: string): DatasetDraft {
  const name = wanted.trim();
  if (name === '' || draft.columns.includes(name)) return draft;
  const rows = draft.rows.map((row) => ({ ...row, variables: { ...row.variables, [name]: '' } }));
  return { ...draft, columns: [...draft.columns, name], rows };
}

export function deleteColumn(draft: DatasetDraft, name: string): DatasetDraft {
  const rows = draft.rows.map((row) => {
    const { [name]: _, ...variables } = row.variables;
    return { ...row, variables };
  });
  return { ...draft, columns: draft.columns.filter((one) => one !== name), rows };
}

/** A block copied from a spreadsheet, from a cell to the right and down. Rows there are not yet are added. */
export function paste(draft: DatasetDraft, from: { row: number; column: number }, block: string[][]): DatasetDraft {
  let next = draft;
  for (const [down, line] of block.entries()) {
    const at = from.row + down;
    if (at >= next.rows.length) next = addRow(next);
    for (const [right, text] of line.entries()) {
      const column = next.columns[from.column + right];
      if (column !== undefined) next = setValue(next, at, { column, text });
    }
  }
  return next;
}

/** Tab separated text as spreadsheets copy it: quotes around what holds a tab, a line break or a quote. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  const whole = text.replace(/(\r\n|\n|\r)$/, '');
  while (pattern.lastIndex <= whole.length) {
    const found = pattern.exec(whole);
    if (!found) break;
    const [, quoted, plain = '', end] = found;
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== '\t') rows.push([]);
  }
  return rows;
}
