import { VaultError } from '../shared/errors.ts';
import { prepareCheck } from './checks.ts';
import type { JudgeSetup } from './dataTypes.ts';
import { openJudge } from './judge.ts';
import type { LabContext } from './labContext.ts';
import { restorePlan } from './restorePlan.ts';
import { runInfo } from './runResult.ts';
import { answersOf } from './storedAnswers.ts';
import type { Check, RunInfo } from './types.ts';

export type RescoreCalls = {
  /**
   * A new run over the stored outputs of another: no model is called but a judge. `checks` stand beside those of the cases, or
   * with `replace` in their place; without any, the same checks judge again. RULE while the run goes on.
   */
  rescore(p: { runId: string; checks?: Check[]; replace?: boolean; judge?: JudgeSetup }): Promise<RunInfo>;
};

export function rescoreCalls(context: LabContext): RescoreCalls {
  return { rescore: (p) => rescore(context, p) };
}

async function rescore(
  { store, models, now, begin }: LabContext,
  { runId, checks = [], replace = false, judge }: Parameters<RescoreCalls['rescore']>[0],
): Promise<RunInfo> {
  const row = store.run(runId);
  if (runInfo(row, now()).status === 'running') {
    throw new VaultError('RULE', 'This run is going on. Wait for its end or cancel it first', { action: 'rescore' });
  }
  const added = checks.map(prepareCheck);
  const plan = await restorePlan(row, store.cases(row.seq), { models, store, callable: () => false });
  const cases = plan.cases.map((one) => ({ ...one, checks: [...(replace ? [] : one.checks), ...added] }));
  const answers = answersOf(store, runId);
  const setup = judge ?? plan.judge;
  const judging = await openJudge({ setup, models, checks: cases.flatMap((one) => one.checks) });
  return begin(
    { ...plan, cases, judge: setup, judging, scoredFrom: runId },
    { todo: [...answers.keys()], answerOf: (index) => answers.get(index) },
  );
}
