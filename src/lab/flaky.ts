import type { Cell } from './types.ts';

/** A case whose repeats did not agree: it passed `passed` of `of` times, errors not counted. */
export type FlakyCase = { path: string; version: string; model: string; case: string; passed: number; of: number };

/** Every case of a column that passed sometimes and failed sometimes, the most undecided first. */
export function flakyCases(cells: readonly Cell[]): FlakyCase[] {
  const rows = new Map<string, FlakyCase>();
  for (const { path, version, model, case: id, status } of cells) {
    if (status !== 'pass' && status !== 'fail') continue;
    const key = JSON.stringify([path, version, model, id]);
    const row = rows.get(key) ?? { path, version, model, case: id, passed: 0, of: 0 };
    row.of += 1;
    if (status === 'pass') row.passed += 1;
    rows.set(key, row);
  }
  const doubt = ({ passed, of }: FlakyCase) => Math.abs(passed / of - 0.5);
  return [...rows.values()].filter(({ passed, of }) => passed > 0 && passed < of).sort((x, y) => doubt(x) - doubt(y));
}
