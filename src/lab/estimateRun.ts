import { costOf } from '../models/prices.ts';
import type { VaultError } from '../shared/errors.ts';
import type { VaultApi } from '../vault/types.ts';
import { createBreath } from './breathe.ts';
import { cellCount } from './cellAddress.ts';
import { requestOf } from './cellRequest.ts';
import type { LabModels } from './labModels.ts';
import { gridOf, type PlannedModel, type PlannedVersion, type RunPlan, requestKey } from './planRun.ts';
import type { RunStore } from './runStore.ts';
import type { RunEstimate } from './types.ts';

type Deps = {
  models: Pick<LabModels, 'countTokens'>;
  store: Pick<RunStore, 'history' | 'findAnswer'>;
  vault: Pick<VaultApi, 'renderContent'>;
};
/** Guessed where a model has no stored answers and the version sets no limit. */
const usualOutput = 500;

/**
 * What a run will send, cost and take. Cells with a stored answer are not called again. Output and latency of a call are the
 * means of what the model gave to this content before, else to any; without any, the output is the token limit in the
 * settings or 500 tokens, and nobody knows how long it takes.
 */
export async function estimatePlan(plan: RunPlan, problems: readonly VaultError[], deps: Deps): Promise<RunEstimate> {
  const sum = { calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, judgeUsd: 0 };
  const busy = new Map<string, number | null>();
  let guessed = false;
  // Rendering needs every value: where one is missing there is nothing to count yet.
  const countable = !problems.some(({ code }) => code === 'VARIABLES');
  for (const version of countable ? plan.versions : []) {
    for (const model of plan.models) {
      const column = await columnOf(version, model, { plan, ...deps });
      guessed ||= column.guessed;
      sum.calls += column.calls;
      sum.cached += column.cached;
      sum.inputTokens += column.inputTokens;
      sum.outputTokens += column.outputTokens;
      sum.costUsd += column.costUsd;
      sum.judgeUsd += column.judgeUsd;
      const so = busy.get(model.vendor) ?? 0;
      busy.set(model.vendor, column.busyMs === null || busy.get(model.vendor) === null ? null : so + column.busyMs);
    }
  }
  const unknownPrices = plan.models.filter(({ price }) => price === null).map(({ name }) => name);
  const unknown = unknownPrices.length > 0 || plan.models.length === 0;
  const lines = [...busy.values()];
  return {
    ...sum,
    calls: countable ? sum.calls : cellCount(gridOf(plan)),
    costUsd: unknown ? null : sum.costUsd,
    // A judge of unknown price would be told as free.
    judgeUsd: plan.judge && sum.judgeUsd === 0 ? null : sum.judgeUsd,
    // Vendors go on side by side, the slowest one sets the end.
    seconds: lines.includes(null) ? null : Math.max(0, ...(lines as number[])) / plan.concurrency / 1000,
    basedOn: guessed ? 'guess' : 'history',
    unknownPrices,
    problems: problems.flatMap(({ message }) => message.split('\n')),
  };
}

type Sums = Pick<RunEstimate, 'calls' | 'cached' | 'inputTokens' | 'outputTokens'> & {
  costUsd: number;
  judgeUsd: number;
  /** Milliseconds one call after the other would take; null when unknown. */
  busyMs: number | null;
  guessed: boolean;
};

async function columnOf(
  version: PlannedVersion,
  model: PlannedModel,
  { plan, ...deps }: Deps & { plan: RunPlan },
): Promise<Sums> {
  const past = deps.store.history(version.hash, model);
  const breathe = createBreath();
  const looksUp = !plan.noCache && plan.repeat === 1 && model.vendor !== 'echo';
  let cached = 0;
  let calls = 0;
  let inputTokens = 0;
  for (const one of plan.cases) {
    await breathe();
    const request = requestOf({ version, model, case: one }, deps.vault);
    if (looksUp && deps.store.findAnswer(requestKey(model, request))) {
      cached += 1;
      continue;
    }
    calls += plan.repeat;
    const text = request.messages.map(({ content }) => content).join('\n');
    inputTokens += (await deps.models.countTokens(text)) * plan.repeat;
  }
  const output = past?.outputTokens ?? outputOf(version, model);
  const outputTokens = Math.round(output * calls);
  const guess = plan.cases.reduce((total, { checks }) => total + (plan.judging?.estimateUsd(checks) ?? 0), 0);
  const usage = calls === 0 ? null : { input: inputTokens / calls, output, cached: 0 };
  return {
    ...{ calls, cached, inputTokens, outputTokens },
    judgeUsd: plan.judging ? (past?.judgeUsd ?? guess / plan.cases.length) * (calls + cached) : 0,
    costUsd: (costOf(usage, model.price) ?? 0) * calls,
    busyMs: calls === 0 || model.vendor === 'echo' ? 0 : past && past.latencyMs * calls,
    guessed: past === null && calls > 0 && model.vendor !== 'echo',
  };
}

function outputOf({ content }: PlannedVersion, { vendor, settings }: PlannedModel): number {
  if (vendor === 'echo') return 0;
  const limit = settings.maxTokens ?? content.settings.maxTokens;
  return typeof limit === 'number' ? limit : usualOutput;
}
