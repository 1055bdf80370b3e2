import type { GridModel } from './gridModel.ts';

// A line each above the grid: more of them would push it off the screen.
const mostPairs = 12;

/** Each column beside the baseline's of the same model, as [baseline, other]; none unless the baseline is in the run. */
export function baselinePairs({ run, columns }: Pick<GridModel, 'run' | 'columns'>): [number, number][] {
  const { baseline } = run;
  if (!baseline || run.status === 'running') return [];
  const isBaseline = ({ path, version }: { path: string; version: string }) =>
    path === baseline.path && version === baseline.version;
  const pairs = columns.flatMap((column, at): [number, number][] => {
    if (isBaseline(column)) return [];
    const own = columns.findIndex((one) => isBaseline(one) && one.model === column.model);
    return own < 0 ? [] : [[own, at]];
  });
  return pairs.slice(0, mostPairs);
}
