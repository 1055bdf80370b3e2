import type { ColumnSummary } from '../../src/lab/types.ts';
import { formatCost, formatLatency, formatRate, formatTokens } from '../shared/format.ts';
import type { GridModel, Tally } from './gridModel.ts';

/** What stands under a column's name: words, and the numbers its small charts draw. */
export type ColumnFigures = {
  rate: string;
  details: string;
  cost: string;
  latency: string;
  /** Shares 0 to 1; null while nothing was judged. */
  passRate: number | null;
  interval: readonly [number, number] | null;
  /** Of the costliest column. */
  costShare: number | null;
  /** Answers per stretch of latency, in shares of the tallest; all columns on one scale. */
  bars: number[];
};
const barCount = 16;

export function columnFigures(model: GridModel): ColumnFigures[] {
  const slowest = Math.max(0, ...percentile(model.latencies.filter((one) => one !== null)));
  const costs = model.columns.map(({ summary }) => summary?.costUsd ?? 0);
  const costliest = Math.max(...costs, 0);
  return model.columns.map(({ summary }, column) => {
    const own = latenciesOf(model, column);
    const { rate, details } = summary
      ? finishedTotals(summary)
      : runningTotals(model.tallies[column]!, model.rows.length);
    const known = summary ? summary.passed + summary.failed > 0 : false;
    const tally = model.tallies[column]!;
    const judged = tally.pass + tally.fail;
    return {
      ...{ rate, details },
      cost: summary ? formatCost(summary.costUsd) : '',
      latency: summary ? formatLatency(summary.latencyMs.p50) : '',
      passRate: summary ? (known ? summary.passRate : null) : judged > 0 ? tally.pass / judged : null,
      interval: known && summary ? summary.ci95 : null,
      costShare: summary && summary.costUsd !== null && costliest > 0 ? summary.costUsd / costliest : null,
      bars: histogram(own, slowest),
    };
  });
}

function latenciesOf(model: GridModel, column: number): number[] {
  const from = model.index(0, column);
  // A stored answer has the latency of another day.
  return model.latencies
    .slice(from, from + model.rows.length)
    .flatMap((ms, at) => (ms === null || model.flags[from + at]!.cached ? [] : [ms]));
}

/** The 95th, so that one slow answer does not press all others into one bar. */
function percentile(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))]!];
}

export function histogram(values: readonly number[], slowest: number): number[] {
  const bars = Array.from({ length: barCount }, () => 0);
  if (slowest <= 0) return bars;
  for (const ms of values) bars[Math.min(barCount - 1, Math.floor((ms / slowest) * barCount))]! += 1;
  const tallest = Math.max(...bars, 1);
  return bars.map((count) => count / tallest);
}

export function finishedTotals(summary: ColumnSummary): { rate: string; details: string } {
  const { passed, failed, errors, passRate, ci95, latencyMs, costUsd, inputTokens, outputTokens } = summary;
  const broken = errors > 0 ? ` · ${errors} ${errors === 1 ? 'error' : 'errors'}` : '';
  return {
    // Errors say nothing about the prompt, so they stand beside the rate and not in it.
    rate: `${passed + failed === 0 ? '–' : formatRate(passRate, ci95)}${broken}`,
    details: [
      formatLatency(latencyMs.p50),
      formatCost(costUsd),
      `${formatTokens(inputTokens + outputTokens)} tokens`,
    ].join(' · '),
  };
}

/** What can be said of a column while its cells come in. */
export function runningTotals({ pass, fail, error }: Tally, cells: number): { rate: string; details: string } {
  const judged = pass + fail;
  return { rate: judged === 0 ? '–' : formatRate(pass / judged), details: `${judged + error} of ${cells}` };
}
