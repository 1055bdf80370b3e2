import type { Cell, ColumnSummary } from '../../src/lab/types.ts';
import { formatCost, formatLatency, formatRate, formatTokens } from '../shared/format.ts';

export type Totals = { rate: string; details: string };

/** What stands under a column's name once the run is over. */
export function finishedTotals(summary: ColumnSummary): Totals {
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
export function runningTotals(cells: readonly Cell[]): Totals {
  const count = { pass: 0, fail: 0, error: 0 };
  for (const { status } of cells) if (status === 'pass' || status === 'fail' || status === 'error') count[status] += 1;
  const judged = count.pass + count.fail;
  const done = judged + count.error;
  return {
    rate: judged === 0 ? '–' : formatRate(count.pass / judged),
    details: `${done} of ${cells.length}`,
  };
}
