import { setTimeout as sleep } from 'node:timers/promises';
import { toVaultError, VaultError } from '../shared/errors.ts';
import { truncatedError } from './failures.ts';
import { followSignal } from './followSignal.ts';
import { createPatience } from './patience.ts';
import type { Connection, FinishReason, ModelEvent, ModelRequest, Provider, Usage } from './types.ts';

export type RetryOptions = {
  /** Aborting ends with CANCELLED and closes the connection. */
  signal?: AbortSignal;
  /** Longest silence between two chunks once text flows; 60 s unless told. */
  idleTimeoutMs?: number;
  /** Longest silence before the first text, while a model loads or thinks; twice the idle timeout unless told. */
  firstTextTimeoutMs?: number;
  /** Calls at most, the first one counted; 5 unless told. */
  maxAttempts?: number;
  /** No wait is longer, whatever the endpoint asks for; 60 s unless told. */
  maxWaitMs?: number;
  /** The first wait when the endpoint names none; it doubles with each attempt. 500 ms unless told. */
  backoffMs?: number;
  onRetry?: (event: RetryEvent) => void;
  /** Waits before another attempt in the place of `waitMs`, for who has an order among many callers. */
  wait?: (event: RetryEvent) => Promise<void>;
};
export type RetryEvent = Extract<ModelEvent, { type: 'retry' }>;

/** A whole answer. `latencyMs` and `firstTokenMs` are of the attempt that succeeded; `usage` is null when the endpoint told none. */
export type Completion = {
  text: string;
  usage: Usage | null;
  finishReason: FinishReason | null;
  latencyMs: number;
  firstTokenMs: number | null;
  attempts: number;
};

/**
 * Streams a completion, asking again after rate limits, server errors and failed connections as long as no text has come.
 * Ends with a `finish` event or fails: PROVIDER, TIMEOUT, TRUNCATED, CANCELLED, KEY_MISSING; `details.attempts` counts the calls.
 */
export async function* streamWithRetry(
  provider: Provider,
  request: ModelRequest,
  connection: Connection,
  options: RetryOptions = {},
): AsyncGenerator<ModelEvent> {
  const { signal, maxAttempts = 5 } = options;
  for (let attempt = 1; ; attempt++) {
    let delivered = false;
    let failed: VaultError;
    try {
      for await (const event of streamOnce(provider, request, connection, options)) {
        delivered ||= event.type === 'text';
        yield event;
      }
      return;
    } catch (error) {
      failed = toVaultError(error);
    }
    if (signal?.aborted) throw cancelled();
    if (delivered || attempt >= maxAttempts || failed.details.retryable !== true) {
      throw new VaultError(failed.code, failed.message, { ...failed.details, attempts: attempt });
    }
    const retry: RetryEvent = {
      type: 'retry',
      attempt: attempt + 1,
      waitMs: waitBefore(attempt, failed, options),
      reason: failed.message,
      ...(typeof failed.details.status === 'number' ? { status: failed.details.status } : {}),
    };
    options.onRetry?.(retry);
    yield retry;
    const wait = options.wait ?? (({ waitMs }) => sleep(waitMs, undefined, { signal }));
    await wait(retry).catch((error) => {
      throw signal?.aborted ? cancelled() : error;
    });
  }
}

/** One attempt: adds the timeouts and the end marker's check, and closes the connection whichever way it ends. */
async function* streamOnce(
  provider: Provider,
  request: ModelRequest,
  connection: Connection,
  options: RetryOptions,
): AsyncGenerator<ModelEvent> {
  const { signal, idleTimeoutMs = 60_000 } = options;
  if (signal?.aborted) throw cancelled();
  const call = followSignal(signal);
  const iterator = provider.stream(request, connection, call.signal)[Symbol.asyncIterator]();
  const patience = createPatience(request.model, options.firstTextTimeoutMs ?? idleTimeoutMs * 2);
  call.signal.addEventListener('abort', () => patience.end(cancelled()), { once: true });
  let finished = false;
  let ended = false;
  try {
    for (;;) {
      const next = await patience.wait(iterator.next());
      // Some SDKs end an aborted stream in silence, with half a text.
      if (signal?.aborted) throw cancelled();
      if (next.done) break;
      const event = next.value;
      finished ||= event.type === 'finish';
      if (event.type === 'text' && !event.text) continue;
      if (event.type === 'text') patience.limit(idleTimeoutMs);
      yield event;
      if (signal?.aborted) throw cancelled();
    }
    ended = true;
  } finally {
    patience.dispose();
    call.release();
    if (!ended) {
      call.abort();
      // Not awaited: a provider that hangs must not hold up who gave up on it.
      iterator.return?.().catch(() => undefined);
    }
  }
  if (!finished) throw truncatedError(request.model);
}

type Waits = Pick<RetryOptions, 'maxWaitMs' | 'backoffMs'>;

/** What the endpoint asked for, else a doubling time with chance in it so that many callers do not come back at once. */
export function waitBefore(attempt: number, { details }: VaultError, options: Waits): number {
  const { maxWaitMs = 60_000, backoffMs = 500 } = options;
  const asked = details.retryAfterMs;
  const wait = typeof asked === 'number' ? asked : backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  return Math.round(Math.min(wait, maxWaitMs));
}

const cancelled = () => new VaultError('CANCELLED', 'Cancelled');

/** Reads a stream of `streamWithRetry` to its end. `onEvent` sees every event as it comes. */
export async function collect(
  events: AsyncIterable<ModelEvent>,
  onEvent?: (event: ModelEvent) => void,
): Promise<Completion> {
  let started = performance.now();
  const done: Completion = {
    text: '',
    usage: null,
    finishReason: null,
    latencyMs: 0,
    firstTokenMs: null,
    attempts: 1,
  };
  for await (const event of events) {
    onEvent?.(event);
    if (event.type === 'text') {
      done.firstTokenMs ??= elapsed(started);
      done.text += event.text;
    } else if (event.type === 'usage') done.usage = event.usage;
    else if (event.type === 'finish') done.finishReason = event.reason;
    else {
      // The wait belongs to nobody's latency.
      started = performance.now() + event.waitMs;
      Object.assign(done, { text: '', usage: null, finishReason: null, firstTokenMs: null, attempts: event.attempt });
    }
  }
  done.latencyMs = elapsed(started);
  return done;
}

const elapsed = (since: number) => Math.max(0, Math.round(performance.now() - since));
