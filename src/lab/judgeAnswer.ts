import type { Message } from '../vault/types.ts';
import { isAtLeast, scoreOf } from './cellScore.ts';
import { type CheckContext, judgeAll, judgeUsdOf } from './checks.ts';
import type { CellTask, Judgeable } from './executeCell.ts';
import type { Judge } from './judge.ts';
import type { RegexMatcher } from './regexMatcher.ts';
import type { Cell } from './types.ts';

/** Without a `judge`, checks that need one cannot be judged; `messages` is what the model was sent. */
export type JudgeDeps = {
  regex: RegexMatcher;
  judge?: Judge | null;
  messages?: readonly Message[];
  signal?: AbortSignal;
};
export type Judged = Pick<Cell, 'judged' | 'checks' | 'judgeUsd' | 'error'>;

/**
 * What the checks of a case say of an answer. It passes by its score where the case sets a threshold, else when all hold;
 * where one cannot be judged it is an error with the code JUDGE.
 */
export async function judgeAnswer(
  { case: { checks, threshold, variables } }: Pick<CellTask, 'case'>,
  { output, ...answer }: Judgeable,
  { regex, judge = null, messages = [], signal = new AbortController().signal }: JudgeDeps,
): Promise<Judged> {
  const { latencyMs, costUsd, inputTokens, outputTokens, finishReason, cached } = answer;
  const context: CheckContext = {
    ...{ messages, variables, latencyMs, costUsd, inputTokens, outputTokens, finishReason, cached },
    ...{ regex, judge, signal },
  };
  const { pass, results, error } = await judgeAll(checks, output, context);
  const good = threshold === undefined ? pass : isAtLeast(scoreOf(results), threshold);
  return { judged: error ? 'error' : good ? 'pass' : 'fail', checks: results, judgeUsd: judgeUsdOf(results), error };
}
