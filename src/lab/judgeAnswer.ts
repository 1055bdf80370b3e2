import { scoreOf } from './cellScore.ts';
import { type CheckContext, judgeAll } from './checks.ts';
import type { CellTask, Judgeable } from './executeCell.ts';
import type { RegexMatcher } from './regexWorker.ts';
import type { Cell } from './types.ts';

export type JudgeDeps = { regex: RegexMatcher };

/** What the checks of a case say of an answer. It passes by its score where the case sets a threshold, else when all hold. */
export async function judgeAnswer(
  { case: { checks, threshold } }: Pick<CellTask, 'case'>,
  { output, latencyMs, costUsd, cached }: Judgeable,
  { regex }: JudgeDeps,
): Promise<Pick<Cell, 'judged' | 'checks' | 'judgeUsd'>> {
  const context: CheckContext = { latencyMs, costUsd, cached, regex };
  const { pass, results } = await judgeAll(checks, output, context);
  const good = threshold === undefined ? pass : scoreOf(results) >= threshold;
  return { judged: good ? 'pass' : 'fail', checks: results, judgeUsd: judgeCost(results) };
}

function judgeCost(results: Cell['checks']): number | null {
  const asked = results.flatMap(({ judge }) => judge ?? []);
  return asked.length === 0 ? null : asked.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
}
