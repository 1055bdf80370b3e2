import { refusal } from './problem.ts';

/** What one server bears. Times in ms. */
export type Limits = {
  connections: number;
  /** Open streams of changes. */
  streams: number;
  /** Requests of one token in a second, over ten seconds. */
  perSecond: number;
  /** Requests of one address without a valid token in a minute, after which they are not even looked at. */
  failuresPerMinute: number;
  /** How long the head of a request may take to come, and the whole of it. */
  headMs: number;
  requestMs: number;
  /** How long a connection may stay open without a request, and a reader may take nothing of what it asked for. */
  idleMs: number;
  stallMs: number;
  heartbeatMs: number;
  /** How long what is under way may take once the server is told to end. */
  graceMs: number;
};
export const defaultLimits: Limits = {
  connections: 2000,
  streams: 200,
  perSecond: 5000,
  failuresPerMinute: 60,
  headMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  stallMs: 60_000,
  heartbeatMs: 15_000,
  graceMs: 10_000,
};

/** Names kept at most; whoever makes up more of them starts all anew. */
const mostNames = 10_000;

/** So many per window for each name; `take` says after how many seconds there is room again, 0 when there is now. */
export function createQuota({ count, windowMs }: { count: number; windowMs: number }) {
  const used = new Map<string, { since: number; count: number }>();
  const usageOf = (name: string, now: number) => {
    const known = used.get(name);
    if (known && now - known.since < windowMs) return known;
    if (used.size >= mostNames) used.clear();
    const fresh = { since: now, count: 0 };
    used.set(name, fresh);
    return fresh;
  };
  return {
    take(name: string): number {
      const now = performance.now();
      const usage = usageOf(name, now);
      usage.count += 1;
      return usage.count <= count ? 0 : Math.ceil((usage.since + windowMs - now) / 1000);
    },
  };
}
export type Quota = ReturnType<typeof createQuota>;

/** Counts one more of `name`; 429 with Retry-After when it is one too many. */
export function requireQuota(quota: Quota, name: string, title: string): void {
  const seconds = quota.take(name);
  if (seconds > 0) throw refusal(429, 'TOO_MANY_REQUESTS', title, { headers: { 'retry-after': String(seconds) } });
}
