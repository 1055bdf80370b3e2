const locale = 'en-US';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

export function formatNumber(value: number): string {
  return value.toLocaleString(locale);
}

/** `Dec 15, 2025`, or `Dec 15` without the year. `iso` is ISO 8601; shown in the person's time zone. */
export function formatDate(iso: string, options: { year: 'always' | 'never' } = { year: 'always' }): string {
  const year = options.year === 'always' ? { year: 'numeric' as const } : {};
  return new Date(iso).toLocaleDateString(locale, { month: 'short', day: 'numeric', ...year });
}

export function formatDateTime(iso: string): string {
  return new Date(iso).toLocaleString(locale, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
}

/** The length of a period in the largest whole unit: `3 days`, `5 hours`, `less than a minute`. */
export function formatPeriod(fromIso: string, toIso: string): string {
  const length = Math.max(0, Date.parse(toIso) - Date.parse(fromIso));
  if (length >= day) return plural(Math.floor(length / day), 'day');
  if (length >= hour) return plural(Math.floor(length / hour), 'hour');
  if (length >= minute) return plural(Math.floor(length / minute), 'minute');
  return 'less than a minute';
}

/** `5 minutes ago`; a clock that runs ahead of ours reads `just now`. */
export function formatAgo(iso: string, now: Date): string {
  if (now.getTime() - Date.parse(iso) < minute) return 'just now';
  return `${formatPeriod(iso, now.toISOString())} ago`;
}

/** USD with as many digits as a small amount needs; what is unknown says so and is never 0. */
export function formatCost(usd: number | null): string {
  if (usd === null) return 'cost unknown';
  if (usd === 0) return '$0';
  if (usd >= 0.095) return `$${usd.toFixed(2)}`;
  return `$${Number(usd.toPrecision(2)).toFixed(Math.min(8, 1 - Math.floor(Math.log10(usd))))}`;
}

/** Milliseconds as `840 ms` or `1.2 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

/** `95 % ±9`: half the width of the interval, in points. */
export function formatRate(rate: number, interval?: readonly [number, number]): string {
  const percent = `${Math.round(rate * 100)} %`;
  return interval ? `${percent} ±${Math.round(((interval[1] - interval[0]) / 2) * 100)}` : percent;
}

export function formatTokens(count: number): string {
  return count < 10_000 ? formatNumber(count) : `${(count / 1000).toFixed(count < 100_000 ? 1 : 0)} k`;
}
