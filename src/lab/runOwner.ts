import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunRow } from './runStore.ts';

/** A run whose owner has not been heard of for so long is not going on any more. */
export const staleAfterMs = 30_000;

/** Names the processes that share their numbers: a container has its own, and two machines may have one name. */
const host = [hostname(), ...linuxNames()].join(' ');

function linuxNames(): string[] {
  try {
    return [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readlinkSync('/proc/self/ns/pid')];
  } catch {
    // Other systems have neither; there the host's name has to do.
    return [];
  }
}

/** This process as the owner of a run. */
export const thisOwner = (): string => `${process.pid}@${host}`;

type Owned = Pick<RunRow, 'status' | 'heartbeatAt' | 'owner'>;

/** True for a run that nobody runs any more: its process is known to be gone, or has been silent for long. */
export function isAbandoned({ status, heartbeatAt, owner }: Owned, now: Date): boolean {
  if (status !== 'running') return false;
  return heartbeatAt < new Date(now.getTime() - staleAfterMs).toISOString() || isGone(owner);
}

function isGone(owner: string): boolean {
  const at = owner.indexOf('@');
  const pid = Number(owner.slice(0, at));
  if (owner.slice(at + 1) !== host || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
