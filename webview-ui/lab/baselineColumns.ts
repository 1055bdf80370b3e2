import type { GridModel } from './gridModel.ts';

// A line each above the grid: more of them would push it off the screen.
const mostColumns = 12;

/** What is compared: columns by their place; on the left the baseline too, where it is stored and no column. */
export type Side = number | 'baseline';
export type Pair = [a: Side, b: number];

type Shown = Pick<GridModel, 'run' | 'columns'>;

/** The columns told beside the baseline, by their place; none while the run goes on or where it has no baseline. */
export function baselineColumns({ run, columns }: Shown): number[] {
  const { baseline } = run;
  if (!baseline || run.status === 'running') return [];
  return [...columns.keys()].filter((at) => !isBaseline(columns[at]!, run)).slice(0, mostColumns);
}

/** `baseline v1.0 (stored)` where the baseline of a run is none of its columns; null otherwise. */
export function storedBaseline({ run, columns }: Shown): string | null {
  const { baseline } = run;
  if (!baseline || columns.some((column) => isBaseline(column, run))) return null;
  return `baseline v${baseline.version} (stored)`;
}

function isBaseline({ path, version, summary }: GridModel['columns'][number], { baseline }: Shown['run']): boolean {
  return (path === baseline?.path && version === baseline.version) || summary?.hash === baseline?.hash;
}
