import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

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

/** This process as the owner of work that others must leave alone. */
export const thisOwner = (): string => `${process.pid}@${host}`;

/** True when the process is known to be gone; of one on another machine nobody here can know. */
export function isGone(owner: string): boolean {
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
