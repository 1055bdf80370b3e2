import { type GridSize, indexOf } from './cellAddress.ts';
import type { TestedVersion } from './schema.ts';
import { percentile, wilsonInterval } from './statistics.ts';
import type { Cell, ColumnSummary } from './types.ts';

export type Totals = {
  passed: number;
  failed: number;
  errors: number;
  costUsd: number | null;
  spentUsd: number | null;
};

/** Counts and costs of cells. One answer of unknown cost makes the sum unknown: it is never shown as less than it was. */
export function totalsOf(cells: readonly Cell[]): Totals {
  const count = (status: Cell['status']) => cells.filter((cell) => cell.status === status).length;
  const fresh = cells.filter(({ cached }) => !cached);
  // A run that used stored answers only paid nothing; that much is known.
  const nothingPaid = fresh.length < cells.length && !fresh.some(isAnswer);
  return {
    passed: count('pass'),
    failed: count('fail'),
    errors: count('error'),
    costUsd: costSum(cells),
    spentUsd: costSum(fresh) ?? (nothingPaid ? 0 : null),
  };
}

const isAnswer = ({ status }: Cell) => status === 'pass' || status === 'fail';

function costSum(cells: readonly Cell[]): number | null {
  const known = cells.filter(({ costUsd }) => costUsd !== null);
  if (known.length === 0 || cells.some((cell) => isAnswer(cell) && cell.costUsd === null)) return null;
  return known.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
}

type Grid = { size: GridSize; versions: readonly TestedVersion[]; models: readonly string[] };

/** One line per version and model, in the order of the cells. */
export function summarize(cells: readonly Cell[], { size, versions, models }: Grid): ColumnSummary[] {
  const perColumn = size.cases * size.repeat;
  return versions.flatMap((tested, version) =>
    models.map((name, model) => {
      const from = indexOf({ version, model, case: 0, repeat: 0 }, size);
      return column(cells.slice(from, from + perColumn), { ...tested, model: name });
    }),
  );
}

function column(cells: readonly Cell[], head: TestedVersion & { model: string }): ColumnSummary {
  const { passed, failed, errors, costUsd } = totalsOf(cells);
  const judged = passed + failed;
  const times = cells.filter((cell) => isAnswer(cell) && !cell.cached).flatMap(({ latencyMs }) => latencyMs ?? []);
  const sum = (key: 'inputTokens' | 'outputTokens') => cells.reduce((total, cell) => total + (cell[key] ?? 0), 0);
  return {
    ...head,
    cells: cells.length,
    passed,
    failed,
    errors,
    passRate: judged === 0 ? 0 : passed / judged,
    ci95: wilsonInterval(passed, judged),
    costUsd,
    latencyMs: { p50: percentile(times, 50), p95: percentile(times, 95) },
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
  };
}
