import { isGone } from '../vault/processOwner.ts';
import type { RunRow } from './runStore.ts';

/** A run whose owner has not been heard of for so long is not going on any more. */
export const staleAfterMs = 30_000;

type Owned = Pick<RunRow, 'status' | 'heartbeatAt' | 'owner'>;

/** True for a run that nobody runs any more: its process is known to be gone, or has been silent for long. */
export function isAbandoned({ status, heartbeatAt, owner }: Owned, now: Date): boolean {
  if (status !== 'running') return false;
  return heartbeatAt < new Date(now.getTime() - staleAfterMs).toISOString() || isGone(owner);
}
