import type { Json, JsonObject } from '../../shared/json.ts';
import {
  type CheckContext,
  cannotJudge,
  type JudgeQuestion,
  kind,
  type Ready,
  readText,
  type Verdict,
} from './checkKind.ts';

/** Reads `{"reason": …}` and a share by its name. */
export function readReason({ reason }: JsonObject): string {
  if (typeof reason === 'string' && reason.trim() !== '') return reason;
  throw new Error('its "reason" is not a text');
}

function readScore({ score }: JsonObject): number {
  if (typeof score === 'number' && score >= 0 && score <= 1) return score;
  throw new Error('its "score" is not a number from 0 to 1');
}

function readThreshold(threshold: number | undefined): void {
  if (threshold !== undefined && !(threshold >= 0 && threshold <= 1))
    throw new Error('its threshold is a score from 0 to 1');
}

/** The conversation as it was sent, each message under its role. */
const inputOf = ({ messages }: CheckContext) =>
  messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n');

async function ask<Found>(question: JudgeQuestion<Found>, { check }: Ready<unknown>, context: CheckContext) {
  if (!context.judge) throw cannotJudge('Nobody was chosen to judge');
  return context.judge.ask(question, { model: check.model, signal: context.signal });
}

async function llmRubric(output: string, ready: Ready<string | undefined>, context: CheckContext): Promise<Verdict> {
  const criteria = [context.judge?.rubric, ready.value].filter((one) => one?.trim());
  if (criteria.length === 0) throw cannotJudge('There is no rubric to judge by');
  const { found, cost } = await ask(
    {
      task: `Judge whether the output meets these criteria:\n${criteria.join('\n\n')}\n\n"pass" is true when it meets all of them; "score" says how well, 0 to 1.`,
      material: { output },
      form: '{"reason": "one or two sentences", "pass": true, "score": 0.9}',
      read: (answer) => {
        if (typeof answer.pass !== 'boolean') throw new Error('its "pass" is not true or false');
        return { reason: readReason(answer), pass: answer.pass, score: readScore(answer) };
      },
    },
    ready,
    context,
  );
  const { pass, score, reason } = found;
  return { holds: pass && score >= (ready.threshold ?? 0), score, reason, judge: cost };
}

const agreements: { readonly [category: string]: string } = {
  A: 'the output is a part of the facts and agrees with them',
  B: 'the output says more than the facts and agrees with them',
  C: 'the output says the same as the facts',
  D: 'the output contradicts the facts',
  E: 'they differ in what does not matter for being true',
};

async function factuality(output: string, ready: Ready<string>, context: CheckContext): Promise<Verdict> {
  const kinds = Object.entries(agreements).map(([letter, meaning]) => `${letter}: ${meaning}`);
  const { found, cost } = await ask(
    {
      task: `Compare what the output states with the facts, which are true, as an answer to the input. Style, grammar and punctuation do not matter. Choose the one category that fits:\n${kinds.join('\n')}`,
      material: { input: inputOf(context), facts: ready.value, output },
      form: '{"reason": "one or two sentences", "category": "C"}',
      read: (answer) => {
        const category = String(answer.category);
        if (!Object.hasOwn(agreements, category)) throw new Error('its "category" is none of A to E');
        return { reason: readReason(answer), category };
      },
    },
    ready,
    context,
  );
  const { category, reason } = found;
  return { holds: category !== 'D', reason: `${category} (${agreements[category]}): ${reason}`, judge: cost };
}

const relevant = 0.7;

async function answerRelevance(output: string, ready: Ready<undefined>, context: CheckContext): Promise<Verdict> {
  const { found, cost } = await ask(
    {
      task: 'Judge how well the output answers what the input asks for, whether or not it is true: 1 for an answer to all of it and nothing else, 0 for one that evades it or talks of something else.',
      material: { input: inputOf(context), output },
      form: '{"reason": "one or two sentences", "score": 0.9}',
      read: (answer) => ({ reason: readReason(answer), score: readScore(answer) }),
    },
    ready,
    context,
  );
  return { holds: found.score >= (ready.threshold ?? relevant), ...found, judge: cost };
}

export const judgedChecks = {
  'llm-rubric': kind<string | undefined>({
    by: 'judge',
    about: 'a model finds the criteria met, after the suite’s own rubric if there is one',
    value: 'the criteria in plain words; may be left out where the suite has a rubric',
    example: 'llm-rubric(0.8):Is kind and names the next step',
    threshold: { about: 'score at least, beside the verdict' },
    read: (value: Json | undefined, { threshold }) => {
      readThreshold(threshold);
      return value === undefined || value === null || value === '' ? undefined : readText(value);
    },
    judge: llmRubric,
  }),
  factuality: kind<string>({
    by: 'judge',
    about: 'a model finds that the output does not contradict the facts',
    value: 'the facts',
    example: 'factuality:Cards are free for the first year.',
    read: readText,
    judge: factuality,
  }),
  'answer-relevance': kind<undefined>({
    by: 'judge',
    about: 'a model finds that the output answers what was asked',
    value: '',
    example: 'answer-relevance(0.8)',
    threshold: { about: 'score at least', usual: relevant },
    read: (value, { threshold }) => {
      readThreshold(threshold);
      if (value !== undefined && value !== null && value !== '') throw new Error('it takes no value');
      return undefined;
    },
    judge: answerRelevance,
  }),
};
