import type { Thresholds } from './dataTypes.ts';
import { percentile } from './statistics.ts';
import { latenciesOf, meanScore } from './summary.ts';
import type { Totals } from './tally.ts';
import type { Cell, ThresholdResult } from './types.ts';

/** What a run wished for and got. A wish about something nobody knows is not met. */
export function thresholdResults(wanted: Thresholds, cells: readonly Cell[], totals: Totals): ThresholdResult[] {
  const judged = totals.passed + totals.failed;
  const least = { passRate: judged === 0 ? null : totals.passed / judged, score: meanScore(cells) };
  const most = { latencyP95Ms: percentile(latenciesOf(cells), 95), costUsd: totals.costUsd };
  const result = (name: keyof Thresholds, got: number | null, holds: (got: number, wanted: number) => boolean) => {
    const wish = wanted[name];
    return wish === undefined ? [] : [{ name, wanted: wish, got, pass: got !== null && holds(got, wish) }];
  };
  return [
    ...result('passRate', least.passRate, (got, wish) => got >= wish),
    ...result('score', least.score, (got, wish) => got >= wish),
    ...result('latencyP95Ms', most.latencyP95Ms, (got, wish) => got <= wish),
    ...result('costUsd', most.costUsd, (got, wish) => got <= wish),
  ];
}
