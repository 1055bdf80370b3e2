import { type GridSize, indexOf } from './cellAddress.ts';
import type { TestedVersion } from './schema.ts';
import { percentile, wilsonInterval } from './statistics.ts';
import { totalsOf } from './tally.ts';
import type { Cell, ColumnSummary } from './types.ts';

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

const hasAnswer = ({ judged }: Cell) => judged === 'pass' || judged === 'fail';

/** Milliseconds of the answers got in this run: stored ones took theirs another day. */
export const latenciesOf = (cells: readonly Cell[]): number[] =>
  cells.filter((cell) => hasAnswer(cell) && !cell.cached).flatMap(({ latencyMs }) => latencyMs ?? []);

/** Mean score of the cells that have one; null of none. */
export function meanScore(cells: readonly Cell[]): number | null {
  const scores = cells.flatMap(({ score }) => score ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Mean score of each metric over the cells that have it. */
export function meanMetrics(cells: readonly Cell[]): { [name: string]: number } {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { metrics } of cells) {
    for (const name in metrics) {
      const known = sums.get(name);
      if (known) {
        known.sum += metrics[name]!;
        known.count += 1;
      } else sums.set(name, { sum: metrics[name]!, count: 1 });
    }
  }
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
}

function column(cells: readonly Cell[], head: TestedVersion & { model: string }): ColumnSummary {
  const { passed, failed, errors, costUsd } = totalsOf(cells.filter(({ status }) => status !== 'waiting'));
  const judged = passed + failed;
  const times = latenciesOf(cells);
  const sum = (key: 'inputTokens' | 'outputTokens') => cells.reduce((total, cell) => total + (cell[key] ?? 0), 0);
  return {
    ...head,
    cells: cells.length,
    passed,
    failed,
    errors,
    passRate: judged === 0 ? 0 : passed / judged,
    score: meanScore(cells),
    metrics: meanMetrics(cells),
    ci95: wilsonInterval(passed, judged),
    costUsd,
    latencyMs: { p50: percentile(times, 50), p95: percentile(times, 95) },
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
  };
}
