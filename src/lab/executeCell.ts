import type { ModelEvent } from '../models/types.ts';
import { toVaultError } from '../shared/errors.ts';
import type { VaultApi } from '../vault/types.ts';
import type { AdaptiveLimit } from './adaptiveLimit.ts';
import type { Budget } from './budget.ts';
import { callCell, type Note } from './callCell.ts';
import { type CellRequest, requestOf } from './cellRequest.ts';
import { type JudgeDeps, judgeAnswer } from './judgeAnswer.ts';
import type { LabModels } from './labModels.ts';
import type { Outages } from './outages.ts';
import type { PlannedCase } from './planCases.ts';
import { type PlannedModel, type PlannedVersion, requestKey } from './planRun.ts';
import type { Cell, CellMoment } from './types.ts';

export type CellTask = { version: PlannedVersion; model: PlannedModel; case: PlannedCase };
/** What is told of an answer, new or stored. */
export type Answer = Pick<
  Cell,
  'output' | 'latencyMs' | 'firstTokenMs' | 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'costUsd' | 'finishReason'
>;
/** The answer in something that holds more. */
export function answerIn(source: Answer): Answer {
  const { output, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens, costUsd, finishReason } = source;
  return { output, latencyMs, firstTokenMs, inputTokens, outputTokens, cachedTokens, costUsd, finishReason };
}
/** An answer nobody has to be called for; `cached` when it is another run's. */
export type GivenAnswer = { answer: Answer; cached: boolean };
/** What of an answer checks may look at. */
export type Judgeable = Pick<
  Cell,
  'output' | 'latencyMs' | 'costUsd' | 'inputTokens' | 'outputTokens' | 'finishReason' | 'cached'
>;
export type CellOutcome = Answer &
  Pick<Cell, 'judged' | 'checks' | 'judgeUsd' | 'error' | 'cached'> & {
    attempts: number;
    cacheKey: string | null;
    timeline: CellMoment[];
  };
export type CellDeps = JudgeDeps & {
  vault: Pick<VaultApi, 'renderContent'>;
  models: LabModels;
  budget: Budget;
  limit: AdaptiveLimit;
  outages: Outages;
  /** An earlier answer to the same call; null when there is none or none is wanted. What it throws ends the cell. */
  findAnswer(cacheKey: string | null): GivenAnswer | null;
  /** USD that judging this case may cost. */
  judgeEstimate(one: PlannedCase): number;
  idleTimeoutMs: number | null;
  signal: AbortSignal;
  onBegin(): void;
  onEvent(event: ModelEvent): void;
};

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

/** Runs one cell. Never throws: what goes wrong is an `error` outcome; an abort, an empty budget or a host that is gone a `cancelled` one. */
export async function executeCell(task: CellTask, deps: CellDeps): Promise<CellOutcome> {
  const began = performance.now();
  const timeline: CellMoment[] = [];
  const note: Note = (what, detail) => {
    const at = Math.round(performance.now() - began);
    timeline.push(detail === undefined ? { what, at } : { what, at, detail });
  };
  const outcome: CellOutcome = {
    ...noAnswer,
    ...{ judged: 'error', checks: [], judgeUsd: null, error: null, cached: false },
    ...{ attempts: 0, cacheKey: null, timeline },
  };
  note('queued');
  try {
    const request = requestOf(task, deps.vault);
    // Echo costs nothing and is asked again.
    const cacheKey = task.model.vendor === 'echo' ? null : requestKey(task.model, request);
    const given = deps.findAnswer(cacheKey);
    const callUsd = given ? 0 : callEstimate(task, request);
    const estimate = callUsd + deps.judgeEstimate(task.case);
    if (!(await deps.budget.enter(estimate)) || deps.signal.aborted) return { ...outcome, judged: 'cancelled' };
    try {
      if (given) Object.assign(outcome, given.answer, { cached: given.cached });
      else await callCell(task, { request, outcome, note, deps });
      Object.assign(outcome, await judgeAnswer(task, outcome, { ...deps, messages: request.messages }));
      if (task.case.checks.length > 0) note('judged');
      return { ...outcome, cacheKey };
    } finally {
      // Refused calls cost nothing; a broken one whose price nobody told costs what was set aside.
      const known = given ? 0 : outcome.costUsd;
      deps.budget.leave(estimate, (known ?? (outcome.output === '' ? 0 : callUsd)) + (outcome.judgeUsd ?? 0));
    }
  } catch (error) {
    const { code, message } = toVaultError(error);
    // With the window that gives the keys gone, nothing was wrong with this cell: whoever resumes the run asks it again.
    if (code === 'ENGINE_GONE' || (deps.signal.aborted && code === 'CANCELLED')) {
      return { ...outcome, judged: 'cancelled', checks: [] };
    }
    return { ...outcome, judged: 'error', checks: [], error: { code, message } };
  }
}

/** USD set aside for a call: four characters a token, and the longest answer allowed or 500 tokens. */
function callEstimate({ model }: CellTask, { messages, settings }: CellRequest): number {
  if (!model.price) return 0;
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  const output = typeof settings.maxTokens === 'number' ? settings.maxTokens : 500;
  return (Math.ceil(characters / 4) * model.price.input + output * model.price.output) / 1e6;
}
