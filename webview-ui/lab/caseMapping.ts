import type { CaseSet } from '../../src/lab/types.ts';
import type { Variable } from '../../src/vault/types.ts';
import { plural } from '../shared/format.ts';

/** How the columns of a CSV meet the variables of the chosen versions. Columns that begin with `__` are checks. */
export type CaseMapping = { mapped: string[]; missing: string[]; unused: string[]; checks: string[] };

export function caseMapping(columns: readonly string[], variables: readonly Variable[]): CaseMapping {
  const names = new Set(variables.map(({ name }) => name));
  const checks = columns.filter((column) => column.startsWith('__'));
  const plain = columns.filter((column) => !column.startsWith('__'));
  const missing = variables.filter((one) => one.default === undefined && !plain.includes(one.name));
  return {
    mapped: plain.filter((column) => names.has(column)),
    missing: [...new Set(missing.map(({ name }) => name))],
    unused: plain.filter((column) => !names.has(column)),
    checks,
  };
}

/** `20 rows · message → {{message}} · checks from __expected`. */
export function mappingText(cases: CaseSet, mapping: CaseMapping): string {
  const parts = [plural(cases.cases.length, 'row')];
  if (mapping.mapped.length > 0) parts.push(mapping.mapped.map((name) => `${name} → {{${name}}}`).join(', '));
  if (mapping.checks.length > 0) parts.push(`checks from ${mapping.checks.join(', ')}`);
  if (mapping.unused.length > 0) parts.push(`not used: ${mapping.unused.join(', ')}`);
  return parts.join(' · ');
}
