import { VaultError } from '../shared/errors.ts';
import { isAtLeast, isAtMost } from './cellScore.ts';
import type { Thresholds } from './dataTypes.ts';
import { percentile } from './statistics.ts';
import { latenciesOf, meanMetrics, meanScore } from './summary.ts';
import type { Totals } from './tally.ts';
import type { Cell, ColumnSummary, ThresholdResult } from './types.ts';

/** What is held against thresholds; null, or no such metric, where nobody knows. */
type Reached = {
  [Name in Exclude<keyof Thresholds, 'metrics'>]-?: number | null;
} & { metrics: { [metric: string]: number } };

/** What a run wished for and got as a whole. */
export function thresholdResults(wanted: Thresholds, cells: readonly Cell[], totals: Totals): ThresholdResult[] {
  const judged = totals.passed + totals.failed;
  return judgeThresholds(wanted, {
    passRate: judged === 0 ? null : totals.passed / judged,
    ...{ score: meanScore(cells), metrics: meanMetrics(cells) },
    ...{ latencyP95Ms: percentile(latenciesOf(cells), 95), costUsd: totals.costUsd },
  });
}

/** The same of one column. */
export function columnThresholds(wanted: Thresholds, column: ColumnSummary): ThresholdResult[] {
  const { passed, failed, passRate, score, metrics, latencyMs, costUsd } = column;
  const rate = passed + failed === 0 ? null : passRate;
  return judgeThresholds(wanted, { passRate: rate, score, metrics, latencyP95Ms: latencyMs.p95, costUsd });
}

/** A wish about something nobody knows is not met, nor one about a metric that no check gave. */
function judgeThresholds({ metrics = {}, ...wanted }: Thresholds, got: Reached): ThresholdResult[] {
  const result = (name: keyof typeof wanted, holds: typeof isAtLeast): ThresholdResult[] => {
    const [wish, value] = [wanted[name], got[name]];
    return wish === undefined ? [] : [{ name, wanted: wish, got: value, pass: value !== null && holds(value, wish) }];
  };
  const ofMetrics = Object.entries(metrics).map(([metric, wish]): ThresholdResult => {
    const value = Object.hasOwn(got.metrics, metric) ? got.metrics[metric]! : null;
    return { name: 'metric', metric, wanted: wish, got: value, pass: value !== null && isAtLeast(value, wish) };
  });
  return [
    ...[...result('passRate', isAtLeast), ...result('score', isAtLeast), ...ofMetrics],
    ...[...result('latencyP95Ms', isAtMost), ...result('costUsd', isAtMost)],
  ];
}

const shares: readonly string[] = ['passRate', 'score'];
const amounts: readonly string[] = ['latencyP95Ms', 'costUsd'];

/** Thresholds as a person or a file gives them. INVALID_INPUT, the field named, for one that could not be judged or is none. */
export function checkThresholds(value: unknown): Thresholds {
  for (const [name, wish] of Object.entries(objectOf(value, 'thresholds'))) {
    if (wish === undefined) continue;
    if (shares.includes(name)) requireShare(wish, name);
    else if (amounts.includes(name)) requireAmount(wish, name);
    else if (name !== 'metrics') {
      throw invalid(name, `There is no threshold ${name}; there are ${[...shares, ...amounts, 'metrics'].join(', ')}`);
    }
  }
  const { metrics } = value as Thresholds;
  if (metrics !== undefined) checkMetrics(metrics);
  return value as Thresholds;
}

function checkMetrics(value: unknown): void {
  for (const [metric, wish] of Object.entries(objectOf(value, 'metrics'))) {
    if (metric.trim() === '') throw invalid('metrics', 'A metric has a name');
    requireShare(wish, `metrics.${metric}`);
  }
}

/** Those given stand above others, metric by metric. */
export function mergeThresholds(others: Thresholds = {}, given: Thresholds = {}): Thresholds {
  const metrics = { ...others.metrics, ...given.metrics };
  return { ...others, ...given, ...(Object.keys(metrics).length > 0 ? { metrics } : {}) };
}

const invalid = (field: string, message: string) => new VaultError('INVALID_INPUT', message, { field });

function objectOf(value: unknown, field: string): object {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  throw invalid(
    field,
    `${field} is an object, as in ${field}: ${field === 'metrics' ? '{ tone: 0.8 }' : '{ passRate: 0.9 }'}`,
  );
}

function requireShare(value: unknown, field: string): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  throw invalid(field, `${field} is a share from 0 to 1`);
}

function requireAmount(value: unknown, field: string): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return;
  throw invalid(field, `${field} is a number of 0 or more`);
}
