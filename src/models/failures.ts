import { VaultError } from '../shared/errors.ts';
import type { Connection, Vendor } from './types.ts';
import { vendorInfo } from './vendors.ts';

/** Statuses that may pass by themselves; 529 is Anthropic's "overloaded". */
const passing = (status: number) => [408, 409, 425, 429].includes(status) || status >= 500;

/** Errors of the network that another attempt does not mend. */
const permanentCauses = /ENOTFOUND|CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ERR_INVALID|EACCES/;

/** What a person can do about a status. */
function hintFor(status: number, vendor: Vendor): string {
  const { keyVariable } = vendorInfo[vendor];
  if (status === 401)
    return `Check the key: set it again with "PromptVault: Set API Key…"${keyVariable ? ` or in ${keyVariable}` : ''}.`;
  if (status === 403)
    return 'The key is known but may not do this: check its rights and that the model is open to your account, or set another with "PromptVault: Set API Key…".';
  if (status === 404) return 'Check the spelling of the model and the base URL.';
  if (status === 413) return 'The prompt is too long for it.';
  if (status === 429)
    return 'Its rate limit or your quota is used up: wait, lower the concurrency, or check your plan.';
  if (status >= 500) return 'The trouble is on its side: try again later.';
  if (status >= 300 && status < 400) return 'Set the base URL to where it redirects; keys are never sent on.';
  return "Check the prompt's settings against what this model accepts.";
}

export type VendorFailure = {
  status?: number;
  /** The vendor's own words. */
  message: string;
  retryAfterMs?: number;
  /** Set where the status alone says too little. */
  retryable?: boolean;
};

/** PROVIDER with `{vendor, status?, retryable, retryAfterMs?}`; holds no key, whatever the vendor wrote. */
export function providerError(vendor: Vendor, connection: Connection, failure: VendorFailure): VaultError {
  const { status, retryAfterMs } = failure;
  const words = redact(failure.message.trim(), connection).slice(0, 500);
  const { label } = vendorInfo[vendor];
  const said = status === undefined ? `${label}: ${words}` : `${label} answered ${status}${words && `: ${words}`}`;
  const text = status === undefined ? said : `${said.replace(/\.?$/, '.')} ${hintFor(status, vendor)}`;
  const retryable = failure.retryable ?? (status !== undefined && passing(status));
  return new VaultError('PROVIDER', text, {
    vendor,
    ...(status === undefined ? {} : { status }),
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

type Failed = { code?: string; message?: string };

/** PROVIDER for an endpoint that could not be reached at all. */
export function unreachable(vendor: Vendor, connection: Connection, error: unknown): VaultError {
  // `fetch` tells the network's error as its cause, node:http as it is.
  const { cause, code, message } = error as Failed & { cause?: Failed };
  const reason = cause?.code ?? cause?.message ?? code ?? message ?? String(error);
  const origin = originOf(vendor, connection);
  return providerError(vendor, connection, {
    message: `${origin} cannot be reached (${reason}). Check the address, the network and that the server is running.`,
    retryable: !permanentCauses.test(reason),
  });
}

/** TRUNCATED: the text so far is not an answer. */
export function truncatedError(model: string): VaultError {
  const message = `The answer of ${model} stopped before its end, so the text is not complete. Run it again; if it stays so, check that the base URL is an API of the right kind.`;
  return new VaultError('TRUNCATED', message, { model });
}

function originOf(vendor: Vendor, { baseUrl }: Connection): string {
  try {
    return new URL(baseUrl ?? vendorInfo[vendor].defaultUrl ?? '').origin;
  } catch {
    return 'its address';
  }
}

/** Removes the key and anything shaped like one: vendors quote keys back in their errors. */
export function redact(text: string, { apiKey }: Connection): string {
  let clean = text;
  for (const secret of apiKey && apiKey.length >= 4 ? [apiKey, encodeURIComponent(apiKey)] : []) {
    clean = clean.replaceAll(secret, '[key]');
  }
  return clean.replace(/\b(sk|pk|gsk|xai|AIza)[-_A-Za-z0-9]{12,}/g, '[key]');
}

/** Milliseconds to wait as the answer's headers ask: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const exact = headers.get('retry-after-ms');
  if (exact && Number.isFinite(Number(exact))) return Math.max(0, Number(exact));
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (Number.isFinite(Number(value))) return Math.max(0, Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
