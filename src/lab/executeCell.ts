import { collect } from '../models/complete.ts';
import { costOf } from '../models/prices.ts';
import type { ModelEvent, Usage } from '../models/types.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Message, VaultApi } from '../vault/types.ts';
import type { Budget } from './budget.ts';
import { type CheckContext, judgeAll } from './checks.ts';
import type { LabModels } from './labModels.ts';
import { type PlannedCase, type PlannedModel, type PlannedVersion, requestKey } from './planRun.ts';
import type { RegexMatcher } from './regexWorker.ts';
import type { Cell } from './types.ts';
import { valuesFor } from './variableProblems.ts';

export type CellTask = { version: PlannedVersion; model: PlannedModel; case: PlannedCase };
/** What is told of an answer, new or stored. */
export type Answer = Pick<
  Cell,
  'output' | 'latencyMs' | 'firstTokenMs' | 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'costUsd' | 'finishReason'
>;
export type CellOutcome = Answer &
  Pick<Cell, 'status' | 'checks' | 'error' | 'cached'> & { attempts: number; cacheKey: string | null };
export type CellDeps = {
  vault: Pick<VaultApi, 'renderContent'>;
  models: LabModels;
  regex: RegexMatcher;
  budget: Budget;
  /** An earlier answer to the same call; null when there is none or none is wanted. */
  findAnswer(cacheKey: string): Answer | null;
  signal: AbortSignal;
  onEvent(event: ModelEvent): void;
};
export type CellRequest = { messages: Message[]; settings: JsonObject };

const noAnswer: Answer = {
  output: '',
  latencyMs: null,
  firstTokenMs: null,
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  costUsd: null,
  finishReason: null,
};

/** What a version says with a case's values, as it is sent. The model of a run is the run's, not the one in the settings. */
export function requestOf(
  { version, case: { variables } }: Pick<CellTask, 'version' | 'case'>,
  vault: CellDeps['vault'],
): CellRequest {
  const { content } = version;
  const { messages } = vault.renderContent({ content, values: valuesFor(content.variables, variables) });
  const { model: _, ...settings } = content.settings;
  return { messages, settings };
}

/** Runs one cell. Never throws: what goes wrong is an `error` outcome, an abort or an empty budget a `cancelled` one. */
export async function executeCell(task: CellTask, deps: CellDeps): Promise<CellOutcome> {
  let partial = '';
  let usage: Usage | null = null;
  let attempts = 0;
  const onEvent = (event: ModelEvent) => {
    if (event.type === 'text') partial += event.text;
    if (event.type === 'usage') usage = event.usage;
    if (event.type === 'retry') {
      partial = '';
      usage = null;
      attempts = event.attempt;
    }
    deps.onEvent(event);
  };

  try {
    const request = requestOf(task, deps.vault);
    const cacheKey = isRepeatable(task) ? requestKey(task.model, request) : null;
    const stored = cacheKey === null ? null : deps.findAnswer(cacheKey);
    if (stored) return await judge(task, { answer: stored, cached: true, attempts: 0, cacheKey }, deps);

    const estimate = callEstimate(task, request);
    if (!(await deps.budget.enter(estimate)) || deps.signal.aborted) return cancelled(noAnswer, 0);
    attempts = 1;
    try {
      const events = await deps.models.stream(task.model.name, request, deps.signal);
      const done = await collect(events, onEvent);
      if (done.finishReason === 'filter') throw filtered(task);
      const { text: output, latencyMs, firstTokenMs, finishReason } = done;
      const answer = { ...counted(task, done.usage), output, latencyMs, firstTokenMs, finishReason };
      return await judge(task, { answer, cached: false, attempts: done.attempts, cacheKey }, deps);
    } finally {
      // Refused calls cost nothing; a broken one whose price nobody told costs what was set aside.
      deps.budget.leave(estimate, costOf(usage, task.model.price) ?? (partial === '' ? 0 : estimate));
    }
  } catch (error) {
    const { code, message } = toVaultError(error);
    const answer = { ...noAnswer, ...counted(task, usage), output: partial };
    if (deps.signal.aborted && code === 'CANCELLED') return cancelled(answer, attempts);
    return {
      ...answer,
      status: 'error',
      checks: [],
      error: { code, message },
      cached: false,
      attempts,
      cacheKey: null,
    };
  }
}

function cancelled(answer: Answer, attempts: number): CellOutcome {
  return { ...answer, status: 'cancelled', checks: [], error: null, cached: false, attempts, cacheKey: null };
}

/** An answer the vendor held back says nothing about the prompt, and a check for what must not be said would pass it. */
function filtered({ model }: CellTask): VaultError {
  const message = `${model.name}: the vendor's content filter stopped the answer`;
  return new VaultError('PROVIDER', message, { vendor: model.vendor });
}

type Judged = { answer: Answer; cached: boolean; attempts: number; cacheKey: string | null };

async function judge(task: CellTask, { answer, ...rest }: Judged, deps: Pick<CellDeps, 'regex'>): Promise<CellOutcome> {
  const { latencyMs, costUsd } = answer;
  const context: CheckContext = { latencyMs, costUsd, cached: rest.cached, regex: deps.regex };
  const { pass, results } = await judgeAll(task.case.checks, answer.output, context);
  return { ...answer, ...rest, status: pass ? 'pass' : 'fail', checks: results, error: null };
}

/** Echo costs nothing and is asked again; a latency check wants a call made now. */
function isRepeatable({ model, case: { checks } }: CellTask): boolean {
  return model.vendor !== 'echo' && !checks.some(({ type }) => type === 'latency');
}

function counted({ model }: CellTask, usage: Usage | null) {
  const costUsd = costOf(usage, model.price);
  if (!usage) return { costUsd, inputTokens: null, outputTokens: null, cachedTokens: null };
  return { costUsd, inputTokens: usage.input, outputTokens: usage.output, cachedTokens: usage.cached };
}

/** USD set aside for a call: four characters a token, and the longest answer allowed or 500 tokens. */
function callEstimate({ model }: CellTask, { messages, settings }: CellRequest): number {
  if (!model.price) return 0;
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  const output = typeof settings.maxTokens === 'number' ? settings.maxTokens : 500;
  return (Math.ceil(characters / 4) * model.price.input + output * model.price.output) / 1e6;
}
