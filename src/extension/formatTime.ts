import type { VersionInfo } from '../vault/types.ts';

const minute = 60_000;
const hour = 60 * minute;
const oneDay = 24 * hour;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');
const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;

/** "Dec 1" in local time, with the year when it is not the year of `now`. */
export function formatDay(iso: string, now: Date): string {
  const date = new Date(iso);
  const day = `${months[date.getMonth()]} ${date.getDate()}`;
  return date.getFullYear() === now.getFullYear() ? day : `${day}, ${date.getFullYear()}`;
}

/** "14 days", "3 hours", "5 minutes"; the largest unit that fits, rounded down. */
export function formatDuration(fromIso: string, toIso: string): string {
  const ms = Math.max(0, Date.parse(toIso) - Date.parse(fromIso));
  if (ms >= oneDay) return count(Math.floor(ms / oneDay), 'day');
  if (ms >= hour) return count(Math.floor(ms / hour), 'hour');
  if (ms >= minute) return count(Math.floor(ms / minute), 'minute');
  return 'less than a minute';
}

/** "just now", "5 min ago", "3 h ago", then the day. */
export function formatAgo(iso: string, now: Date): string {
  const ms = now.getTime() - Date.parse(iso);
  if (ms < minute) return 'just now';
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`;
  if (ms < oneDay) return `${Math.floor(ms / hour)} h ago`;
  if (ms < 7 * oneDay) return `${count(Math.floor(ms / oneDay), 'day')} ago`;
  return formatDay(iso, now);
}

/** "Production: Dec 1 → Dec 15 (14 days)"; null for what never was in production. Short periods carry the time of day. */
export function formatPeriod(version: Pick<VersionInfo, 'deployedAt' | 'retiredAt'>, now: Date): string | null {
  const { deployedAt, retiredAt } = version;
  if (!deployedAt) return null;
  const end = retiredAt ?? now.toISOString();
  const short = Date.parse(end) - Date.parse(deployedAt) < oneDay;
  const say = (iso: string) => (short ? `${formatDay(iso, now)} ${formatClock(iso)}` : formatDay(iso, now));
  const length = formatDuration(deployedAt, end);
  if (!retiredAt) return `Production since ${say(deployedAt)} (${length})`;
  return `Production: ${say(deployedAt)} → ${say(retiredAt)} (${length})`;
}

function formatClock(iso: string): string {
  const date = new Date(iso);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "$0.04", "$0.0004", "cost unknown". */
export function formatCost(usd: number | null): string {
  if (usd === null) return 'cost unknown';
  if (usd === 0) return '$0';
  return usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;
}
