import { VaultError } from '../shared/errors.ts';
import { createBreath } from './breathe.ts';
import { columnsOf } from './columns.ts';
import { type ColumnComparison, type ComparedColumn, compareColumns } from './comparison.ts';
import { type FlakyCase, flakyCases } from './flaky.ts';
import type { LabContext } from './labContext.ts';
import { storedCells } from './regressions.ts';
import { plannedCase } from './storedCases.ts';
import type { Cell, RunInfo, RunResult } from './types.ts';

/** `a` is the baseline, `b` the column: the one at `column` of the run's summary. */
export type BaselineComparison = ColumnComparison & {
  column: number;
  /** The baseline is no column of the run: its newest stored cells stand for it, judged by the checks of the run. */
  stored: boolean;
  /** Cases without a stored result of the baseline; they are among those left out. */
  missing: number;
};
export type CompareCalls = {
  /** Two columns of a run, by their place in its summary, with the verdict in words. NOT_FOUND for a column it has not. */
  compareColumns(p: { runId: string; a: number; b: number }): Promise<ColumnComparison>;
  /**
   * Columns beside the baseline of the same model, over the same cases: all of them unless told which. Those that are the
   * baseline themselves have none. NOT_FOUND for a column the run has not.
   */
  compareBaseline(p: { runId: string; columns?: number[] }): Promise<BaselineComparison[]>;
  /** Cases whose repeats did not agree. */
  flaky(p: { runId: string }): Promise<FlakyCase[]>;
};
type Deps = Pick<LabContext, 'store' | 'regex'> & { showRun(runId: string): RunResult };

export function compareCalls({ showRun, ...deps }: Deps): CompareCalls {
  return {
    async compareColumns({ runId, a, b }) {
      const result = showRun(runId);
      return compareColumns(columnOf(result, a), columnOf(result, b));
    },
    compareBaseline: ({ runId, columns }) => besideBaseline(showRun(runId), columns, deps),
    flaky: async ({ runId }) => flakyCases(showRun(runId).cells),
  };
}

type Side = { column: ComparedColumn; stored: boolean; missing: number };

async function besideBaseline(
  result: RunResult,
  wanted: readonly number[] | undefined,
  deps: Pick<Deps, 'store' | 'regex'>,
): Promise<BaselineComparison[]> {
  const { run, summary } = result;
  const { baseline } = run;
  if (!baseline) return [];
  const sides = new Map<number, Promise<Side>>();
  const sideOf = (model: number) => {
    const side = sides.get(model) ?? baselineSide(result, model, deps);
    sides.set(model, side);
    return side;
  };
  const found: BaselineComparison[] = [];
  const breathe = createBreath();
  for (const column of wanted ?? summary.keys()) {
    const own = columnOf(result, column);
    const head = summary[column]!;
    if (head.hash === baseline.hash) continue;
    const { column: before, stored, missing } = await sideOf(column % run.models.length);
    await breathe();
    // The only version of a run has no name of its own there.
    const compared = compareColumns(before, { ...own, name: fullName(head, run) });
    const verdict =
      missing === run.cases ? `Nothing to compare: ${before.name} has no result of these cases.` : compared.verdict;
    found.push({ ...compared, verdict, column, stored, missing });
  }
  return found;
}

/** The baseline with one of the models: the run's own column, or what earlier runs keep of it. */
async function baselineSide(
  result: RunResult,
  model: number,
  { store, regex }: Pick<Deps, 'store' | 'regex'>,
): Promise<Side> {
  const { run, summary } = result;
  const { path, version, hash } = run.baseline!;
  const own = summary.findIndex((column, at) => column.hash === hash && at % run.models.length === model);
  if (own >= 0) return { column: columnOf(result, own), stored: false, missing: 0 };
  const row = store.run(run.id);
  const { key } = columnsOf(row.options.choices ?? row.models)[model]!;
  const cases: ComparedColumn['cases'][number][] = [];
  const breathe = createBreath();
  for (const one of store.cases(row.seq)) {
    await breathe();
    cases.push(await storedCells(plannedCase(one), { hash, model: key, store, seq: row.seq, regex }));
  }
  const name = `${versionName({ path, version }, run)} (stored)`;
  return { column: { name, cases }, stored: true, missing: cases.filter((cells) => cells.length === 0).length };
}

/** A column's cells, case by case: cells are in the order versions × models × cases × repeats. */
function columnOf({ run, summary, cells }: RunResult, index: number): ComparedColumn {
  const head = summary[index];
  if (!head) throw new VaultError('NOT_FOUND', `The run has no column ${index}`, { ref: `${run.id}#${index}` });
  const perColumn = run.cases * run.repeat;
  const own = cells.slice(index * perColumn, (index + 1) * perColumn);
  return { name: nameOf(head, run), cases: Array.from({ length: run.cases }, (_, one) => repeatsOf(own, one, run)) };
}

const repeatsOf = (cells: readonly Cell[], one: number, { repeat }: RunInfo) =>
  cells.slice(one * repeat, (one + 1) * repeat).map((cell) => ({ ...cell, score: cell.score ?? undefined }));

/** Says only what tells the columns apart. */
function nameOf(head: RunResult['summary'][number], run: RunInfo): string {
  const { versions, models } = run;
  return versions.length === 1 && models.length > 1 ? head.model : fullName(head, run);
}

function fullName({ model, ...version }: RunResult['summary'][number], run: RunInfo): string {
  return run.models.length === 1 ? versionName(version, run) : `${versionName(version, run)} ${model}`;
}

function versionName({ path, version }: { path: string; version: string }, { versions, baseline }: RunInfo): string {
  const paths = new Set(versions.map((ref) => ref.slice(0, ref.indexOf('@'))));
  if (baseline) paths.add(baseline.path);
  return paths.size > 1 ? `${path} v${version}` : `v${version}`;
}
