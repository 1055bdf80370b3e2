import type { Cell, ColumnSummary } from '../../src/lab/types.ts';
import { formatCost, formatLatency, formatRate, formatTokens } from '../shared/format.ts';

export type Totals = { rate: string; details: string };

/** What stands under a column's name once the run is over. */
export function finishedTotals(summary: ColumnSummary): Totals {
  const { passed, failed, errors, passRate, ci95, latencyMs, costUsd, inputTokens, outputTokens } = summary;
  const counted = passed + failed + errors;
  const broken = errors > 0 ? ` · ${errors} ${errors === 1 ? 'error' : 'errors'}` : '';
  return {
    rate: counted === 0 ? '–' : `${formatRate(passRate, ci95)}${broken}`,
    details: [
      formatLatency(latencyMs.p50),
      formatCost(costUsd),
      `${formatTokens(inputTokens + outputTokens)} tokens`,
    ].join(' · '),
  };
}

/** What can be said of a column while its cells come in. */
export function runningTotals(cells: readonly Cell[]): Totals {
  const count = { pass: 0, fail: 0, error: 0 };
  for (const { status } of cells) if (status === 'pass' || status === 'fail' || status === 'error') count[status] += 1;
  const done = count.pass + count.fail + count.error;
  return {
    rate: done === 0 ? '–' : formatRate(count.pass / done),
    details: `${done} of ${cells.length}`,
  };
}
