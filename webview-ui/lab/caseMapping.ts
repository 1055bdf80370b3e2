import type { LabCases } from '../../src/engine/panels.ts';
import type { Variable } from '../../src/vault/types.ts';
import { plural } from '../shared/format.ts';

type Chosen = { [variable: string]: string };
/** How columns meet the variables of the chosen versions. Columns that begin with `__` are checks and the like. */
export type CaseMapping = {
  /** Each variable with the column that fills it; null where its default does, or nothing. */
  variables: { name: string; column: string | null; required: boolean }[];
  missing: string[];
  unused: string[];
  /** Columns to choose from. */
  columns: string[];
  checks: string[];
};

export function caseMapping(
  columns: readonly string[],
  variables: readonly Variable[],
  chosen: Chosen | null,
): CaseMapping {
  const plain = columns.filter((column) => !column.startsWith('__'));
  const byName = new Map(variables.map((one) => [one.name, one]));
  const rows = [...byName.values()].map((variable) => {
    const column = chosen?.[variable.name] ?? variable.name;
    const found = plain.includes(column) ? column : null;
    return {
      name: variable.name,
      column: found,
      required: variables.some((one) => one.name === variable.name && one.default === undefined),
    };
  });
  const used = new Set(rows.map(({ column }) => column));
  return {
    variables: rows,
    missing: rows.filter(({ column, required }) => column === null && required).map(({ name }) => name),
    unused: plain.filter((column) => !used.has(column)),
    columns: plain,
    checks: columns.filter((column) => column.startsWith('__')),
  };
}

/** What a person chose, whole: with a mapping, columns that fill no variable are left out. */
export function mappingWith({ variables }: CaseMapping, change: Chosen = {}): Chosen {
  const kept = variables.flatMap(({ name, column }) => (column === null ? [] : [[name, column] as const]));
  return { ...Object.fromEntries(kept), ...change };
}

/** `20 rows · checks from __expected`. */
export function casesText({ count }: LabCases, { checks }: CaseMapping): string {
  return [plural(count, 'row'), ...(checks.length > 0 ? [`checks from ${checks.join(', ')}`] : [])].join(' · ');
}
