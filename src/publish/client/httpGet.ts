import { ClientError } from './clientTypes.ts';

/** What of an answer matters. Redirects are answers as well: the token is for this server alone. */
export type Got = { status: number; etag: string | null; retryAfter: string | null; text: string };
/** One GET with its whole answer. `path` begins with a slash. Fails with TIMEOUT or UNREACHABLE. */
export type HttpGet = (path: string, headers: Record<string, string>) => Promise<Got>;
export type Server = { base: string; timeoutMs: number };

export const unreachable = ({ base }: Server, cause: unknown): ClientError =>
  new ClientError('UNREACHABLE', `${base} could not be reached`, {}, cause);
export const timedOut = ({ base, timeoutMs }: Server, cause?: unknown): ClientError =>
  new ClientError('TIMEOUT', `${base} gave no whole answer in ${timeoutMs} ms`, { timeoutMs }, cause);

/** By `fetch`: the one that is given, else whatever the runtime has at that moment. */
export function fetchGet(server: Server, given?: typeof globalThis.fetch): HttpGet {
  return async (path, headers) => {
    // Cleared at the end, unlike that of AbortSignal.timeout: thousands of gets would leave as many behind.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), server.timeoutMs);
    try {
      // Tools that watch requests may put theirs in its place at any time.
      const fetch = given ?? globalThis.fetch;
      const response = await fetch(server.base + path, { headers, redirect: 'manual', signal: limit.signal });
      const { status, headers: told } = response;
      const text = status === 304 ? '' : await response.text();
      return { status, etag: told.get('etag'), retryAfter: told.get('retry-after'), text };
    } catch (error) {
      throw limit.signal.aborted ? timedOut(server, error) : unreachable(server, error);
    } finally {
      clearTimeout(timer);
    }
  };
}
