import { collect } from '../models/complete.ts';
import { parseModelName } from '../models/modelNames.ts';
import { costOf } from '../models/prices.ts';
import type { ModelName, Price, Usage } from '../models/types.ts';
import { codeOf, toVaultError, VaultError } from '../shared/errors.ts';
import { cannotJudge, isObject, type Judge, type JudgeQuestion, parseJson } from './checks/checkKind.ts';
import { cosine } from './checks/cosine.ts';
import { registry } from './checks/registry.ts';
import type { Check, JudgeCost } from './checkTypes.ts';
import type { JudgeSetup } from './dataTypes.ts';
import { judgePrompt } from './judgePrompt.ts';
import type { LabModels } from './labModels.ts';

export type { Judge } from './checks/checkKind.ts';
export type OpenJudge = Judge & {
  /** What judging one answer by these checks may cost, before anything is known of it. */
  estimateUsd(checks: readonly Check[]): number;
  /** Those of its models whose price nobody knows. */
  unpriced: readonly ModelName[];
};
type Needs = { judges: Set<ModelName>; embeddings: Set<ModelName> };
export type JudgeParts = { setup: JudgeSetup | null; checks: readonly Check[]; models: LabModels };

/** A judge gets a second chance to answer in the form it was asked for. */
const attempts = 2;
/** Guessed tokens of one question: the material and the answer. */
const usual: Usage = { input: 1200, output: 250, cached: 0 };

/**
 * Gets ready whoever the checks need: the run's judge, its embedding model, or those a check names. INVALID_INPUT when one is
 * needed and not chosen, or cannot judge; KEY_MISSING as for any model. Calls nobody.
 */
export async function openJudge({ setup, checks, models }: JudgeParts): Promise<OpenJudge> {
  const needs: Needs = { judges: new Set(), embeddings: new Set() };
  gatherNeeds(checks, setup, needs);
  const prices = new Map<ModelName, Price | null>();
  for (const name of needs.judges) {
    if (parseModelName(name).vendor === 'echo')
      throw invalid(`${name} only repeats what it is asked. Choose a model that can judge`);
    prices.set(name, (await models.reach(name)).price);
  }
  for (const name of needs.embeddings) prices.set(name, (await models.reachEmbeddings(name)).price);
  const known = new Map<string, Promise<number[]>>();

  const costOfUsage = (model: ModelName, usage: Usage | null): JudgeCost => ({
    ...{ model, costUsd: costOf(usage, prices.get(model) ?? null) },
    ...{ inputTokens: usage?.input ?? 0, outputTokens: usage?.output ?? 0 },
  });

  async function ask<Found>(question: JudgeQuestion<Found>, { model = setup?.model, signal }: AskOptions) {
    if (!model) throw cannotJudge('Nobody was chosen to judge');
    let cost: JudgeCost | undefined;
    let fault = '';
    for (let attempt = 1; attempt <= attempts; attempt++) {
      let usage: Usage | null = null;
      let text: string;
      try {
        const request = { messages: judgePrompt(question, fault), settings: {} };
        const events = await models.stream(model, request, signal);
        const done = await collect(events, (event) => {
          if (event.type === 'usage') usage = event.usage;
        });
        text = done.text;
        cost = added(cost, costOfUsage(model, usage));
      } catch (error) {
        throw failed(error, model, usage ? added(cost, costOfUsage(model, usage)) : cost);
      }
      try {
        return { found: question.read(readAnswer(text)), cost };
      } catch (error) {
        fault = (error as Error).message;
      }
    }
    throw cannotJudge(`${model} did not judge in the form it was asked for: ${fault}`, cost);
  }

  async function embedAll(model: ModelName, text: string, others: readonly string[], signal: AbortSignal) {
    // What is compared with is the same for many answers.
    const fresh = others.filter((one) => !known.has(`${model} ${one}`));
    const { vectors, inputTokens } = await models.embed(model, [text, ...fresh], signal);
    for (const [index, one] of fresh.entries()) known.set(`${model} ${one}`, Promise.resolve(vectors[index + 1] ?? []));
    const usage = inputTokens === null ? null : { input: inputTokens, output: 0, cached: 0 };
    const compared = await Promise.all(others.map((one) => known.get(`${model} ${one}`) ?? []));
    return { own: vectors[0] ?? [], compared, cost: costOfUsage(model, usage) };
  }

  return {
    rubric: setup?.rubric,
    unpriced: [...prices].filter(([, price]) => price === null).map(([name]) => name),
    ask,
    async similarity(text, others, { model = setup?.embeddings, signal }) {
      if (!model) throw cannotJudge('No embedding model was chosen');
      // There is nothing in an empty text to be like anything, and vendors refuse it.
      if (text.trim() === '')
        return { found: others.map(() => 0), cost: costOfUsage(model, { ...usual, input: 0, output: 0 }) };
      try {
        const { own, compared, cost } = await embedAll(model, text, others, signal);
        return { found: compared.map((one) => cosine(own, one)), cost };
      } catch (error) {
        throw failed(error, model, undefined);
      }
    },
    estimateUsd(list) {
      const used = (check: Check): number => {
        const { by } = registry[check.type];
        if (by === 'group') return (check.checks ?? []).reduce((sum, one) => sum + used(one), 0);
        const model =
          by === 'judge' || by === 'row' ? (check.model ?? setup?.model) : (check.model ?? setup?.embeddings);
        const usage = by === 'embeddings' ? { ...usual, output: 0 } : usual;
        return by === 'rule' || !model ? 0 : (costOf(usage, prices.get(model) ?? null) ?? 0);
      };
      return list.reduce((sum, check) => sum + used(check), 0);
    },
  };
}

type AskOptions = { model: string | undefined; signal: AbortSignal };
const invalid = (reason: string) => new VaultError('INVALID_INPUT', reason, { field: 'judge' });

function gatherNeeds(checks: readonly Check[], setup: JudgeSetup | null, needs: Needs): void {
  for (const check of checks) {
    const { by } = registry[check.type];
    if (by === 'group') gatherNeeds(check.checks ?? [], setup, needs);
    if (by === 'judge' || by === 'row') {
      const model = check.model ?? setup?.model;
      if (!model) throw invalid(`${check.type} needs a model that judges: choose one`);
      needs.judges.add(model);
    }
    if (by === 'embeddings') {
      const model = check.model ?? setup?.embeddings;
      if (!model) throw invalid(`${check.type} needs an embedding model: choose one, as openai:text-embedding-3-small`);
      needs.embeddings.add(model);
    }
    if (check.type === 'llm-rubric' && !check.value && !setup?.rubric)
      throw invalid('llm-rubric needs criteria: its own, or a rubric of the suite');
  }
}

/** The JSON object of an answer, alone or in one code block; nothing may stand around it. */
function readAnswer(text: string) {
  const inner = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(text.trim())?.[1] ?? text;
  const answer = parseJson(inner);
  if (isObject(answer)) return answer;
  throw new Error('it is not one JSON object');
}

function added(before: JudgeCost | undefined, one: JudgeCost): JudgeCost {
  if (!before) return one;
  return {
    model: one.model,
    costUsd: before.costUsd === null || one.costUsd === null ? null : before.costUsd + one.costUsd,
    inputTokens: before.inputTokens + one.inputTokens,
    outputTokens: before.outputTokens + one.outputTokens,
  };
}

/** A judge that fails is JUDGE with its own words; a cancelled one, or one whose keys have nobody to give them, stays that. */
function failed(error: unknown, model: string, cost: JudgeCost | undefined): VaultError {
  if (['CANCELLED', 'ENGINE_GONE', 'JUDGE'].includes(codeOf(error))) return toVaultError(error);
  const known = toVaultError(error);
  const message = `The judge ${model} failed: ${known.message}`;
  return new VaultError('JUDGE', message, { ...known.details, ...(cost ? { judge: cost } : {}) }, error);
}
