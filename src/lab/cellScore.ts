import type { CheckResult } from './checkTypes.ts';

type Judged = Pick<CheckResult, 'score' | 'weight' | 'skipped' | 'metric' | 'checks'>;

/** Weighted mean of the checks that judged, 0 to 1; 1 where none had a say. */
export function scoreOf(checks: readonly Judged[]): number {
  let sum = 0;
  let weights = 0;
  for (const { score, weight = 1, skipped } of checks) {
    if (skipped) continue;
    sum += score * weight;
    weights += weight;
  }
  return weights === 0 ? 1 : sum / weights;
}

// A mean of equal scores may differ from them in its last digit.
const tiny = 1e-9;

export const isAtLeast = (got: number, wanted: number): boolean => got + tiny >= wanted;
export const isAtMost = (got: number, wanted: number): boolean => got - tiny <= wanted;

/** Mean score of the checks that judged, those inside groups too, by the metric they name. */
export function metricsOf(checks: readonly Judged[]): { [name: string]: number } {
  const scores = new Map<string, number[]>();
  for (const { score, metric, skipped } of checks.flatMap(withInner)) {
    if (metric === undefined || skipped) continue;
    const list = scores.get(metric);
    if (list) list.push(score);
    else scores.set(metric, [score]);
  }
  const mean = (list: number[]) => list.reduce((sum, score) => sum + score, 0) / list.length;
  return Object.fromEntries([...scores].map(([name, list]) => [name, mean(list)]));
}

const withInner = (check: Judged): Judged[] => [check, ...(check.checks ?? []).flatMap(withInner)];
