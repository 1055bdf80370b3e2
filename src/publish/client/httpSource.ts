import { ClientError } from './clientTypes.ts';
import { fetchGet } from './httpGet.ts';
import { fetchIsNodes, nodeGet } from './nodeGet.ts';
import { type AskSource, type NamedSource, refOf } from './served.ts';

type Options = { timeoutMs: number; fetch?: typeof globalThis.fetch };

/** A server of the vault's API. After `Retry-After` nothing is asked before that time. Throws INVALID_INPUT for no address. */
export function httpSource({ url, token }: { url: string; token?: string }, options: Options): NamedSource {
  const server = { base: baseOf(url), timeoutMs: options.timeoutMs };
  const { base } = server;
  const byFetch = fetchGet(server, options.fetch);
  const byNode = options.fetch ? undefined : nodeGet(server);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers.authorization = `Bearer ${sendable(token)}`;
  let barred: { until: number; error: ClientError } | undefined;

  const ask: AskSource = async (asked, etag) => {
    if (barred && performance.now() < barred.until) throw barred.error;
    const { path, version, range } = asked;
    const query = version ? `?version=${version}` : range ? `?range=${encodeURIComponent(range)}` : '';
    const get = byNode && fetchIsNodes() ? byNode : byFetch;
    const got = await get(`/v1/get/${path}${query}`, etag === null ? headers : { ...headers, 'if-none-match': etag });
    const { status, text, retryAfter } = got;
    if (status === 304 && etag !== null) return 'same';
    if (status === 200) return { body: parse(text), etag: got.etag };
    const error = refusal(status, { ref: refOf(asked), base, text, retryAfter });
    const { retryAfterMs } = error.details;
    if (typeof retryAfterMs === 'number') barred = { until: performance.now() + retryAfterMs, error };
    throw error;
  };
  return { name: base, ask };
}

function baseOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search) {
    const message = 'source.url must be https://host/path without a name, a password or a query';
    throw new ClientError('INVALID_INPUT', message, { field: 'source.url' });
  }
  return parsed.origin + parsed.pathname.replace(/\/+$/, '');
}

/** `fetch` would quote a token that it cannot send, in an error that looks like a server's that is away. */
function sendable(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token.trim())) return token.trim();
  const message = 'source.token must be the token alone: visible ASCII characters without spaces or line breaks';
  throw new ClientError('INVALID_INPUT', message, { field: 'source.token' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClientError('BAD_ANSWER', 'The answer is not JSON', {}, error);
  }
}

type Refused = { ref: string; base: string; text: string; retryAfter: string | null };

function refusal(status: number, { ref, base, text, retryAfter }: Refused): ClientError {
  const code = codeIn(text);
  const details = { status, ...(code === undefined ? {} : { code }) };
  if (status === 404) return new ClientError('NOT_FOUND', `${base} has nothing released for ${ref}`, details);
  if (status === 401 || status === 403)
    return new ClientError('UNAUTHORIZED', `${base} does not accept the token for ${ref}`, details);
  // An opaque answer to a redirect has the status 0.
  const redirected = status === 0 || (status > 300 && status < 400);
  const why = redirected ? 'sent the request elsewhere, which is not followed' : `answered with ${status}`;
  const wait = retryAfterMs(retryAfter);
  const message = `${base} ${why} for ${ref}`;
  return new ClientError('REFUSED', message, wait === null ? details : { ...details, retryAfterMs: wait });
}

/** The code of a problem document, which is made for programs. */
function codeIn(text: string): string | undefined {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'string' ? code.slice(0, 60) : undefined;
  } catch {
    return undefined;
  }
}

const longestWaitMs = 60 * 60_000;

/** In seconds or as a date; an hour at most. */
function retryAfterMs(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestWaitMs);
}
