import type { RetryEvent } from '../models/complete.ts';
import { costOf } from '../models/prices.ts';
import type { Usage } from '../models/types.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import type { CellRequest } from './cellRequest.ts';
import type { CellDeps, CellOutcome, CellTask } from './executeCell.ts';
import type { CellMoment } from './types.ts';

export type Note = (what: CellMoment['what'], detail?: string) => void;
type Calling = { request: CellRequest; outcome: CellOutcome; note: Note; deps: CellDeps };

/**
 * One call within the vendor's limit. Writes into `outcome` as it comes, so that half an answer is kept too. Throws PROVIDER,
 * TRUNCATED, TIMEOUT, CANCELLED. Latency is the last attempt's alone: waiting for a turn belongs to nobody's.
 */
export async function callCell({ model }: CellTask, { request, outcome, note, deps }: Calling): Promise<void> {
  const { limit, outages, signal } = deps;
  let turn = await limit.enter(signal).catch(() => null);
  let usage: Usage | null = null;
  let sentAt = 0;
  const silence = deps.idleTimeoutMs === null ? {} : { idleTimeoutMs: deps.idleTimeoutMs };
  const requireOpen = () => {
    const gone = outages.of(model.model);
    if (gone) throw gone;
  };
  const send = () => {
    note('sent');
    sentAt = performance.now();
  };
  async function wait({ waitMs, status, reason }: RetryEvent): Promise<void> {
    Object.assign(outcome, { output: '', firstTokenMs: null });
    usage = null;
    note('retry', reason);
    if (turn && isRateLimit(status)) limit.refused(turn, waitMs);
    limit.leave();
    turn = null;
    await pause(waitMs, signal);
    turn = await limit.enter(signal, 'again');
    requireOpen();
    outcome.attempts += 1;
    send();
  }

  try {
    if (!turn || signal.aborted) throw new VaultError('CANCELLED', 'Cancelled');
    // It may have gone out of order while this cell had no turn yet.
    requireOpen();
    deps.onBegin();
    outcome.attempts = 1;
    const events = await deps.models.stream(model.model, { ...request, wait, ...silence }, signal);
    send();
    for await (const event of events) {
      deps.onEvent(event);
      if (event.type === 'text') {
        if (outcome.firstTokenMs === null) {
          outcome.firstTokenMs = since(sentAt);
          note('firstToken');
        }
        outcome.output += event.text;
      } else if (event.type === 'usage') usage = event.usage;
      else if (event.type === 'finish') outcome.finishReason = event.reason;
    }
    outcome.latencyMs = since(sentAt);
    note('done');
    limit.succeeded();
    outages.succeeded(model.model);
    if (outcome.finishReason === 'filter') throw filtered(model.name, model.vendor);
  } catch (error) {
    const failure = toVaultError(error);
    const { status, retryAfterMs, notCalled } = failure.details;
    if (turn && isRateLimit(status)) limit.refused(turn, typeof retryAfterMs === 'number' ? retryAfterMs : 0);
    if (!signal.aborted && !notCalled) outages.failed(model.model, failure);
    if (outcome.finishReason !== 'filter') Object.assign(outcome, { latencyMs: null, firstTokenMs: null });
    throw failure;
  } finally {
    if (turn) limit.leave();
    // Half a character is no text: it is told and judged as it is kept.
    outcome.output = outcome.output.toWellFormed();
    Object.assign(outcome, counted(usage), { costUsd: costOf(usage, model.price) });
  }
}

/** 529 is Anthropic's word for too many of everybody's requests. */
const isRateLimit = (status: unknown) => status === 429 || status === 529;
const since = (start: number) => Math.max(0, Math.round(performance.now() - start));

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

function counted(usage: Usage | null) {
  if (!usage) return { inputTokens: null, outputTokens: null, cachedTokens: null };
  return { inputTokens: usage.input, outputTokens: usage.output, cachedTokens: usage.cached };
}

/** An answer the vendor held back says nothing about the prompt, and a check for what must not be said would pass it. */
function filtered(name: string, vendor: string): VaultError {
  return new VaultError('PROVIDER', `${name}: the vendor's content filter stopped the answer`, { vendor });
}
