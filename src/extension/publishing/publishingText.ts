import type { TokenInfo } from '../../publish/accessTokens.ts';
import type { Delivery, TargetStatus } from '../../publish/types.ts';
import { formatAgo, formatDay } from '../formatTime.ts';

const many = (count: number, one: string, all = `${one}s`) => `${count} ${count === 1 ? one : all}`;

/** One that is set up here has an address, or a reason why it cannot be used. */
export const isHere = ({ address, problem }: TargetStatus): boolean => address !== null || problem !== null;

/** Whether a person has to do something about a target. One they switched off themselves needs nothing. */
export const needsAttention = (status: TargetStatus): boolean =>
  isHere(status) && (status.failed > 0 || status.problem !== null);

/** "off · 3 waiting · 1 failed · sent 5 min ago" */
export function targetFacts(status: TargetStatus, now: Date): string {
  const { automatic, kind, state, problem, pending, failed, lastDeliveredAt } = status;
  if (!isHere(status)) return 'not set up here';
  const parts = [
    state === 'off' ? 'off' : automatic && kind === 'sync' ? 'automatic' : '',
    problem ? 'cannot be used' : '',
    pending > 0 ? `${pending} waiting` : '',
    failed > 0 ? `${failed} failed` : '',
    lastDeliveredAt ? `sent ${formatAgo(lastDeliveredAt, now)}` : 'nothing sent yet',
  ];
  return parts.filter(Boolean).join(' · ');
}

const actionWords: { readonly [Action in Delivery['action']]: string } = {
  sync: 'Sync',
  test: 'Test',
  'promoted.TST': 'Promoted to TST',
  'promoted.PRD': 'Promoted to PRD',
  rolledBack: 'Rolled back',
  retired: 'Retired',
  moved: 'Moved',
};

/** "Promoted to PRD: support/triage v2.2" */
export function deliveryLabel({ action, path, version }: Delivery): string {
  const what = path === '' ? (action === 'sync' ? 'the whole vault' : '') : `${path}${version ? ` v${version}` : ''}`;
  return what ? `${actionWords[action]}: ${what}` : actionWords[action];
}

/** "triage v2.2": a row has little room, and says the rest behind it. */
export function deliveryName({ action, path, version }: Delivery): string {
  if (path === '') return action === 'sync' ? 'Whole vault' : actionWords[action];
  return `${path.slice(path.lastIndexOf('/') + 1)}${version ? ` v${version}` : ''}`;
}

/** "promoted to PRD", where the name does not say it. */
export const deliveryAction = ({ action, path }: Delivery): string =>
  path === '' && action !== 'sync' ? '' : actionWords[action].charAt(0).toLowerCase() + actionWords[action].slice(1);

/** "failed · HTTP 500 · 2 attempts · 5 min ago" */
export function deliveryFacts({ state, attempts, error, doneAt, createdAt, nextAt }: Delivery, now: Date): string {
  const stateWords = { pending: 'waiting', delivered: 'delivered', failed: 'failed', dead: 'says nothing any more' };
  const again = state === 'pending' && nextAt && Date.parse(nextAt) > now.getTime();
  const parts = [
    stateWords[state],
    state === 'delivered' ? '' : (error ?? ''),
    attempts.length > 1 ? many(attempts.length, 'attempt') : '',
    again
      ? `again in ${Math.ceil((Date.parse(nextAt) - now.getTime()) / 1000)} s`
      : formatAgo(doneAt ?? createdAt, now),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** "HTTP 500 · 120 ms · 5 min ago · the endpoint refused" */
export function attemptFacts({ at, status, error, ms }: Delivery['attempts'][number], now: Date): string {
  return [status === null ? 'no answer' : `HTTP ${status}`, `${ms} ms`, formatAgo(at, now), error]
    .filter(Boolean)
    .join(' · ');
}

export type TokenState = 'valid' | 'expired' | 'revoked';

export function tokenState({ expiresAt, revokedAt }: TokenInfo, now: Date): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'valid';
}

/** "read-prd · until Dec 1 · used 5 min ago" */
export function tokenFacts(token: TokenInfo, now: Date): string {
  const { scope, expiresAt, revokedAt, lastUsedAt } = token;
  const state = tokenState(token, now);
  const end =
    state === 'revoked'
      ? `revoked ${formatAgo(revokedAt ?? '', now)}`
      : expiresAt === null
        ? 'no end'
        : `${state === 'expired' ? 'expired' : 'until'} ${formatDay(expiresAt, now)}`;
  return [scope, end, lastUsedAt ? `used ${formatAgo(lastUsedAt, now)}` : 'never used'].join(' · ');
}
