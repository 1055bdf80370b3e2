import type { VaultError } from '../shared/errors.ts';
import { cellCount } from './cellAddress.ts';
import type { LabModels } from './labModels.ts';
import { gridOf, type PlannedModel, type PlannedVersion, type RunPlan } from './planRun.ts';
import type { RunStore } from './runStore.ts';
import type { RunEstimate } from './types.ts';
import { valuesFor } from './variableProblems.ts';

type Deps = { models: Pick<LabModels, 'countTokens'>; store: Pick<RunStore, 'meanOutput'> };
/** Guessed where a content has no stored answers and sets no limit. */
const usualOutput = 500;

/**
 * What a run will send and cost, all calls made anew. Input is the version's text once per case plus the case's values;
 * output per call is the mean of stored answers, else the token limit in the settings, else 500 tokens.
 */
export async function estimatePlan(plan: RunPlan, problems: readonly VaultError[], deps: Deps): Promise<RunEstimate> {
  const priced = plan.models.filter(({ price }) => price !== null);
  const unknownPrices = plan.models.filter(({ price }) => price === null).map(({ name }) => name);
  let inputTokens = 0;
  let costUsd = 0;
  for (const version of plan.versions) {
    const input = (await inputOf(version, plan, deps.models)) * plan.repeat;
    inputTokens += input * plan.models.length;
    for (const model of priced) {
      const output = outputOf(version, model, deps.store) * plan.cases.length * plan.repeat;
      costUsd += (input * model.price!.input + output * model.price!.output) / 1e6;
    }
  }
  return {
    calls: cellCount(gridOf(plan)),
    inputTokens,
    costUsd: unknownPrices.length > 0 || plan.models.length === 0 ? null : costUsd,
    unknownPrices,
    problems: problems.flatMap(({ message }) => message.split('\n')),
  };
}

async function inputOf(version: PlannedVersion, plan: RunPlan, models: Deps['models']): Promise<number> {
  const { messages, variables } = version.content;
  const text = await models.countTokens(messages.map(({ content }) => content).join('\n'));
  let values = 0;
  for (const one of plan.cases) {
    const texts = Object.values(valuesFor(variables, one.variables));
    values += await models.countTokens(
      texts.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'),
    );
  }
  return text * plan.cases.length + values;
}

function outputOf({ hash, content }: PlannedVersion, { name, vendor }: PlannedModel, store: Deps['store']): number {
  if (vendor === 'echo') return 0;
  const limit = content.settings.maxTokens;
  return store.meanOutput(hash, name) ?? (typeof limit === 'number' ? limit : usualOutput);
}
