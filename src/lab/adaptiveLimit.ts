/** One call's place among those under way. */
export type Turn = { epoch: number };
/**
 * How many calls one vendor gets at once. It begins with `most`, halves when the vendor refuses for the rate and grows by one
 * after as many successes as it lets through, so that a run finds the rate the vendor bears.
 */
export type AdaptiveLimit = {
  /** Waits for a turn. Who comes back after a refusal goes before who never had a turn. Rejects when aborted. */
  enter(signal: AbortSignal, who?: 'new' | 'again'): Promise<Turn>;
  leave(): void;
  succeeded(): void;
  /** The vendor refused this call: nobody begins for `waitMs`, and fewer after that. */
  refused(turn: Turn, waitMs: number): void;
  /** Calls allowed at once now. */
  allowed(): number;
};

export function createAdaptiveLimit(most: number): AdaptiveLimit {
  let allowed = most;
  let underWay = 0;
  let epoch = 0;
  let successes = 0;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting: Record<'new' | 'again', Set<() => void>> = { again: new Set(), new: new Set() };

  function next(): void {
    const pause = pausedUntil - performance.now();
    if (pause > 0) {
      if (timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        next();
      }, pause);
      // A run that was cancelled does not wait for it.
      timer.unref();
      return;
    }
    for (const queue of [waiting.again, waiting.new]) {
      for (const begin of queue) {
        if (underWay >= allowed) return;
        queue.delete(begin);
        begin();
      }
    }
  }

  return {
    enter(signal, who = 'new') {
      if (underWay < allowed && waiting.again.size === 0 && performance.now() >= pausedUntil && !signal.aborted) {
        underWay += 1;
        return Promise.resolve({ epoch });
      }
      return new Promise((resolve, reject) => {
        const abort = () => {
          waiting[who].delete(begin);
          reject(signal.reason);
        };
        const begin = () => {
          signal.removeEventListener('abort', abort);
          underWay += 1;
          resolve({ epoch });
        };
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        waiting[who].add(begin);
        next();
      });
    },
    leave() {
      underWay -= 1;
      next();
    },
    succeeded() {
      successes += 1;
      if (successes < allowed || allowed >= most) return;
      successes = 0;
      allowed += 1;
      next();
    },
    refused(turn, waitMs) {
      pausedUntil = Math.max(pausedUntil, performance.now() + waitMs);
      // One burst refuses many calls that began together; it says once that there were too many.
      if (turn.epoch !== epoch) return;
      epoch += 1;
      successes = 0;
      allowed = Math.max(1, Math.floor(allowed / 2));
    },
    allowed: () => allowed,
  };
}
