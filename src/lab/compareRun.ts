import { VaultError } from '../shared/errors.ts';
import { type ColumnComparison, compareColumns } from './comparison.ts';
import { type FlakyCase, flakyCases } from './flaky.ts';
import type { Cell, RunInfo, RunResult } from './types.ts';

export type CompareCalls = {
  /** Two columns of a run, by their place in its summary, with the verdict in words. NOT_FOUND for a column it has not. */
  compareColumns(p: { runId: string; a: number; b: number }): Promise<ColumnComparison>;
  /** Cases whose repeats did not agree. */
  flaky(p: { runId: string }): Promise<FlakyCase[]>;
};

export function compareCalls({ showRun }: { showRun(runId: string): RunResult }): CompareCalls {
  return {
    async compareColumns({ runId, a, b }) {
      const result = showRun(runId);
      return compareColumns(columnOf(result, a), columnOf(result, b));
    },
    flaky: async ({ runId }) => flakyCases(showRun(runId).cells),
  };
}

/** A column's cells, case by case: cells are in the order versions × models × cases × repeats. */
function columnOf({ run, summary, cells }: RunResult, index: number) {
  const head = summary[index];
  if (!head) throw new VaultError('NOT_FOUND', `The run has no column ${index}`, { ref: `${run.id}#${index}` });
  const perColumn = run.cases * run.repeat;
  const own = cells.slice(index * perColumn, (index + 1) * perColumn);
  return { name: nameOf(head, run), cases: Array.from({ length: run.cases }, (_, one) => repeatsOf(own, one, run)) };
}

const repeatsOf = (cells: readonly Cell[], one: number, { repeat }: RunInfo) =>
  cells.slice(one * repeat, (one + 1) * repeat).map((cell) => ({ ...cell, score: cell.score ?? undefined }));

/** Says only what tells the columns apart. */
function nameOf({ path, version, model }: RunResult['summary'][number], { versions, models }: RunInfo): string {
  const paths = new Set(versions.map((ref) => ref.slice(0, ref.indexOf('@'))));
  const what = paths.size > 1 ? `${path} v${version}` : `v${version}`;
  if (models.length === 1) return what;
  return versions.length === 1 ? model : `${what} ${model}`;
}
