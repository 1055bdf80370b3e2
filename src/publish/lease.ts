import { setTimeout as sleep } from 'node:timers/promises';
import { VaultError } from '../shared/errors.ts';
import { newOwner, type Outbox } from './outbox.ts';

/** The right to deliver to a target, kept up while work goes on. */
export type Lease = {
  /** CONFLICT when it was lost, for example since the machine slept: another engine may be delivering by now. */
  require(): void;
  release(): void;
};
export type LeaseTimes = { leaseMs: number; waitMs: number };
export const usualTimes: LeaseTimes = { leaseMs: 15_000, waitMs: 10_000 };

/** Null while somebody else has it, be it in this process. */
export function takeLease(outbox: Outbox, name: string, { leaseMs } = usualTimes): Lease | null {
  const owner = newOwner();
  let until = Date.now() + leaseMs;
  if (!outbox.claim(name, owner, leaseMs)) return null;
  const renewal = setInterval(() => {
    try {
      const begun = Date.now();
      if (begun < until && outbox.claim(name, owner, leaseMs)) until = begun + leaseMs;
    } catch {
      // Busy, for example: there is time for the next one.
    }
  }, leaseMs / 4).unref();
  return {
    require() {
      if (Date.now() < until) return;
      throw new VaultError('CONFLICT', `Another engine may be delivering to ${name} by now`, { ref: name });
    },
    release() {
      clearInterval(renewal);
      try {
        outbox.release(name, owner);
      } catch {
        // It ends by itself.
      }
    },
  };
}

/** Waits until whoever delivers to the target is done. BUSY when that takes too long. */
export async function awaitLease(
  outbox: Outbox,
  name: string,
  { times = usualTimes, signal }: { times?: LeaseTimes; signal?: AbortSignal },
): Promise<Lease> {
  const until = Date.now() + times.waitMs;
  for (;;) {
    const lease = takeLease(outbox, name, times);
    if (lease) return lease;
    if (Date.now() > until) {
      throw new VaultError('BUSY', `Another engine is delivering to ${name}. Try again when it is done`, { ref: name });
    }
    await sleep(50, undefined, { signal });
  }
}
