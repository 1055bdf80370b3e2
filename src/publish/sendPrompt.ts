import { setTimeout } from 'node:timers/promises';
import { VaultError } from '../shared/errors.ts';
import { judgeAnswer, judgeFailure, pauseMs, type Verdict } from './judgeAnswer.ts';
import { type InAnswer, type OutRequest, type SendOptions, sendOnce } from './sendOnce.ts';

/** `answer` is the last whole one. `giveUp` says that the next request would fare the same, so nothing more is sent. */
export type SendResult = { attempts: number; verdict: Verdict | undefined; answer: InAnswer | undefined };

const maxAttempts = 4;
const pauses = { firstMs: 300, maxMs: 30_000 };

/**
 * Sends a request, again after a pause where that can help, four times in all unless told. Fails only with CANCELLED; the
 * rest is in the result. `build` makes each attempt anew, since what is signed says when.
 */
export async function sendPrompt(
  build: () => OutRequest,
  options: SendOptions & { maxAttempts?: number },
): Promise<SendResult> {
  for (let attempts = 1; ; attempts += 1) {
    let answer: InAnswer | undefined;
    let verdict: Verdict | undefined;
    try {
      answer = await sendOnce(build(), options);
      verdict = judgeAnswer(answer);
    } catch (error) {
      if (options.signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled', {}, error);
      verdict = judgeFailure(error);
    }
    if (!verdict?.retry || attempts >= (options.maxAttempts ?? maxAttempts)) return { attempts, verdict, answer };
    await pause(pauseMs(attempts, answer?.retryAfter, pauses), options.signal);
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    throw new VaultError('CANCELLED', 'Cancelled', {}, error);
  }
}
