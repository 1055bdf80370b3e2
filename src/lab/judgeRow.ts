import { codeOf, VaultError } from '../shared/errors.ts';
import { type CheckContext, cannotJudge } from './checks/checkKind.ts';
import { readReason } from './checks/judgedChecks.ts';
import { registry } from './checks/registry.ts';
import { criterionOf, type Judgement, nameOf, toResult, unjudged, verdictOf } from './checks.ts';
import type { Check, CheckResult } from './checkTypes.ts';

/** One answer to the case and what its own checks said, in the order of the case's checks. */
export type RowAnswer = { output: string; results: readonly CheckResult[] };
type RowContext = Pick<CheckContext, 'messages' | 'variables' | 'judge' | 'signal'>;

/** Whether a case has to wait for all its answers. */
export const comparesAnswers = (checks: readonly Check[]) => checks.some(({ type }) => registry[type].by === 'row');

/**
 * Judges the checks that compare the answers of all columns to one case: `results` with those in their places, per answer.
 * Equal answers share a verdict. What it cost stands in the first answer's result alone, so that sums count it once.
 */
export async function judgeRow(
  checks: readonly Check[],
  answers: readonly RowAnswer[],
  context: RowContext,
): Promise<Judgement[]> {
  const rows: Judgement[] = answers.map(({ results }) => ({ pass: false, results: [...results], error: null }));
  for (const [index, check] of checks.entries()) {
    if (registry[check.type].by !== 'row') continue;
    const results = await judgeBest(check, answers, context);
    for (const [at, result] of results.entries()) {
      const row = rows[at] as Judgement;
      row.results[index] = result;
      if (result.skipped && check.weight !== 0)
        row.error ??= { code: 'JUDGE', message: `${nameOf(check)}: ${result.reason}` };
    }
  }
  return rows.map((row) => ({ ...row, pass: verdictOf(row.results) }));
}

async function judgeBest(check: Check, answers: readonly RowAnswer[], context: RowContext): Promise<CheckResult[]> {
  const distinct = [...new Set(answers.map(({ output }) => output))];
  try {
    if (distinct.length === 1)
      return answers.map(() => toResult(check, { holds: true, reason: 'There is no other answer to compare with' }));
    const { best, reason, cost } = await askForBest(check, distinct, context);
    return answers.map(({ output }, index) => {
      const holds = distinct.indexOf(output) === best;
      const said = holds ? `The best of ${distinct.length}: ${reason}` : `Another answer is better: ${reason}`;
      return toResult(check, { holds, reason: said, ...(index === 0 ? { judge: cost } : {}) });
    });
  } catch (error) {
    if (codeOf(error) !== 'JUDGE') throw error;
    const { judge: _, ...details } = (error as VaultError).details;
    const free = new VaultError('JUDGE', (error as VaultError).message, details);
    return answers.map((_answer, index) => unjudged(check, index === 0 ? (error as VaultError) : free));
  }
}

async function askForBest(check: Check, outputs: readonly string[], { judge, signal, variables }: RowContext) {
  if (!judge) throw cannotJudge('Nobody was chosen to judge');
  const { found, cost } = await judge.ask(
    {
      task: `Choose the one of ${outputs.length} outputs that is best by this criterion, whatever their order:\n${criterionOf(check, variables)}`,
      material: Object.fromEntries(outputs.map((output, index) => [`output-${index + 1}`, output])),
      form: '{"reason": "one or two sentences", "best": 1}',
      read: (answer) => {
        const { best } = answer;
        if (typeof best !== 'number' || outputs[best - 1] === undefined)
          throw new Error(`its "best" is not a number from 1 to ${outputs.length}`);
        return { best: best - 1, reason: readReason(answer) };
      },
    },
    { model: check.model, signal },
  );
  return { ...found, cost };
}
