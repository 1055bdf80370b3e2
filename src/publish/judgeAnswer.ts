import { codeOf } from '../shared/errors.ts';
import type { InAnswer } from './sendOnce.ts';

/** Why a request did not do. `retry`: a repeat can help. `giveUp`: the next request to the same target would fare the same. */
export type Verdict = {
  error: string;
  status: number | null;
  retry: boolean;
  giveUp: boolean;
  /** Its name led to an address that nothing may be sent to. */
  isRefused?: true;
};

const fixed: { readonly [status: number]: string } = {
  401: 'the token is not accepted; store a valid one',
  403: 'the token may not write there; ask for the right',
  404: 'there is nothing at this address; check it',
  409: 'it holds something else there',
  412: 'it holds something else there',
  413: 'it finds the prompt too large',
  429: 'it wants fewer requests; try again later',
};

/** Undefined when the answer says that all is well. */
export function judgeAnswer({ status }: Pick<InAnswer, 'status'>): Verdict | undefined {
  if (status >= 200 && status < 300) return undefined;
  const isRedirect = status >= 300 && status < 400;
  const again =
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
  const why = isRedirect ? 'it redirects, which is not followed; set the address it points to' : fixed[status];
  return {
    error: `HTTP ${status}: ${why ?? `refused${again ? '; try again later' : ''}`}`,
    status,
    retry: again,
    giveUp: isRedirect || status === 401 || status === 403,
  };
}

/** What it means that there was no whole answer. Says nothing of the address, which may be remembered in the vault. */
export function judgeFailure(error: unknown): Verdict {
  const fail = (what: string, retry: boolean) => ({ error: what, status: null, retry, giveUp: true });
  if (codeOf(error) === 'INVALID_INPUT') {
    return { ...fail('its name leads to an address that nothing may be sent to; check it', false), isRefused: true };
  }
  const { code, message } = error as { code?: string; message: string };
  // A certificate or a name that is wrong now is wrong in a second as well.
  const lasting = code === 'ENOTFOUND' || /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code ?? '');
  return fail(`no answer (${code ?? message}); check the address and the network`, !lasting);
}

type Pause = { firstMs: number; maxMs: number };

/** Retry-After in seconds or as a date, capped; else longer each time, spread so that many clients do not come at once. */
export function pauseMs(
  attempt: number,
  retryAfter: string | undefined,
  { firstMs, maxMs }: Pause,
  now = Date.now(),
): number {
  if (retryAfter !== undefined) {
    const seconds = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
    if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), maxMs);
  }
  return Math.min(firstMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2), maxMs);
}
