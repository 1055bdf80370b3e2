import { createKillableProcess } from './killableProcess.ts';

export const regexLimits = { milliseconds: 200, patternLength: 10_000, textLength: 1_000_000 };
/** What came of a match; a pattern that ran out of its time is stopped and says so. */
export type RegexAnswer = { matches: boolean } | { invalid: string } | { stopped: string };
type Job = { pattern: string; text: string };

/** Matches people's patterns in a process that can be killed: a slow pattern (`^(a+)+$`) would freeze the engine for seconds. */
export type RegexMatcher = { match(job: Job): Promise<RegexAnswer>; close(): Promise<void> };

const answer = `({ pattern, text }) => {
  let expression;
  try {
    expression = new RegExp(pattern);
  } catch (error) {
    return { invalid: error.message };
  }
  return { matches: expression.test(text) };
}`;

/** One process for all patterns. */
export function createRegexMatcher(): RegexMatcher {
  const { milliseconds } = regexLimits;
  const aside = createKillableProcess<Job, { matches: boolean } | { invalid: string }>({ answer, milliseconds });
  return {
    match(job) {
      const tooLong = lengthProblem(job);
      return tooLong ? Promise.resolve({ stopped: tooLong }) : aside.run(job);
    },
    close: aside.close,
  };
}

function lengthProblem({ pattern, text }: Job): string | undefined {
  if (pattern.length > regexLimits.patternLength)
    return `the pattern is longer than ${regexLimits.patternLength} characters`;
  if (text.length > regexLimits.textLength) return `the output is longer than ${regexLimits.textLength} characters`;
  return undefined;
}
