import type { CheckContext } from '../../../src/lab/checks.ts';
import type { RegexMatcher } from '../../../src/lab/regexMatcher.ts';

/** An answer of which everything is known and nobody judges. */
export const contextOf = (regex: RegexMatcher, more: Partial<CheckContext> = {}): CheckContext => ({
  messages: [{ role: 'user', content: 'What is my limit?' }],
  variables: {},
  ...{ latencyMs: 120, costUsd: 0.002, inputTokens: 40, outputTokens: 10, finishReason: 'stop', cached: false },
  ...{ regex, judge: null, signal: new AbortController().signal },
  ...more,
});
