import { setTimeout } from 'node:timers/promises';
import { codeOf, VaultError } from '../shared/errors.ts';
import { type PutAnswer, type PutRequest, putOnce } from './putOnce.ts';

/** `giveUp` says that the next prompt would fare the same, so nothing more is sent. */
export type SendResult = { attempts: number; error: string | null; giveUp: boolean };
type Verdict = { error: string; retry: boolean; giveUp: boolean };

const maxAttempts = 4;
const firstPauseMs = 300;
const maxPauseMs = 30_000;

/** Sends one prompt, again after a pause where that can help. Fails only with CANCELLED; the rest is in the result. */
export async function sendPrompt(request: PutRequest, signal?: AbortSignal): Promise<SendResult> {
  for (let attempts = 1; ; attempts += 1) {
    let verdict: Verdict | undefined;
    let retryAfter: string | undefined;
    try {
      const answer = await putOnce(request, signal);
      verdict = judge(answer);
      retryAfter = answer.retryAfter;
    } catch (error) {
      if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled', {}, error);
      verdict = judgeFailure(error);
    }
    if (!verdict) return { attempts, error: null, giveUp: false };
    if (!verdict.retry || attempts === maxAttempts) {
      return { attempts, error: verdict.error, giveUp: verdict.giveUp };
    }
    await pause(pauseMs(attempts, retryAfter), signal);
  }
}

function judge({ status }: PutAnswer): Verdict | undefined {
  if (status >= 200 && status < 300) return undefined;
  const fail = (error: string, more: Partial<Verdict> = {}) => ({ error, retry: false, giveUp: false, ...more });
  if (status >= 300 && status < 400) {
    return fail(`HTTP ${status}: the endpoint redirects, which is not followed; set the address it points to`, {
      giveUp: true,
    });
  }
  if (status === 401) {
    return fail('HTTP 401: the endpoint does not accept the token; store a valid one', { giveUp: true });
  }
  if (status === 403) return fail('HTTP 403: the token may not write there; ask for the right', { giveUp: true });
  if (status === 404) return fail('HTTP 404: there is nothing at this address; check the sync address');
  if (status === 409 || status === 412) return fail(`HTTP ${status}: the endpoint holds something else there`);
  if (status === 413) return fail('HTTP 413: the endpoint finds the prompt too large');
  if (status === 429) return fail('HTTP 429: the endpoint wants fewer requests; sync again later', { retry: true });
  const again = status === 408 || status === 425 || (status >= 500 && status !== 501 && status !== 505);
  return fail(`HTTP ${status}: the endpoint refused${again ? '; sync again later' : ''}`, { retry: again });
}

function judgeFailure(error: unknown): Verdict {
  if (codeOf(error) === 'INVALID_INPUT') return { error: (error as Error).message, retry: false, giveUp: true };
  const { code, message } = error as { code?: string; message: string };
  // A certificate or a name that is wrong now is wrong in a second as well.
  const lasting = code === 'ENOTFOUND' || /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code ?? '');
  return { error: `no answer (${code ?? message}); check the address and the network`, retry: !lasting, giveUp: true };
}

/** Retry-After in seconds or as a date, capped; else longer each time, spread so that many clients do not come at once. */
export function pauseMs(attempt: number, retryAfter: string | undefined, now = Date.now()): number {
  if (retryAfter !== undefined) {
    const seconds = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
    if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), maxPauseMs);
  }
  return firstPauseMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    throw new VaultError('CANCELLED', 'Cancelled', {}, error);
  }
}
