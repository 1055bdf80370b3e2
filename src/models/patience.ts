import { VaultError } from '../shared/errors.ts';

/** Waits for one thing after the other, each no longer than the limit of that time. */
export type Patience = {
  /** The work's result. Rejects with TIMEOUT when it is late, or with what `end` was called with meanwhile. */
  wait<T>(work: Promise<T>): Promise<T>;
  limit(limitMs: number): void;
  end(reason: unknown): void;
  dispose(): void;
};

/** One timer for a whole stream, looked at when it is due: a timer for each of its pieces takes longer than reading them. */
export function createPatience(model: string, limitMs: number): Patience {
  let most = limitMs;
  let since = performance.now();
  let giveUp: ((reason: unknown) => void) | undefined;
  let timer = setTimeout(look, most);
  let disposed = false;

  function look(): void {
    const left = giveUp ? since + most - performance.now() : most;
    if (left > 0) {
      timer = setTimeout(look, Math.ceil(left));
      return;
    }
    const waiting = giveUp;
    // What has arrived while this process was busy is read first.
    setImmediate(() => {
      if (giveUp === waiting) giveUp?.(late());
      else if (!disposed) timer = setTimeout(look, most);
    });
  }
  const late = () =>
    new VaultError('TIMEOUT', `Nothing came from ${model} for ${most / 1000} s. Try again, or another model.`, {
      limitMs: most,
    });
  return {
    wait: (work) =>
      new Promise((resolve, reject) => {
        since = performance.now();
        giveUp = reject;
        work.then(
          (value) => {
            giveUp = undefined;
            resolve(value);
          },
          (error) => {
            giveUp = undefined;
            reject(error);
          },
        );
      }),
    limit(ms) {
      if (ms === most) return;
      most = ms;
      clearTimeout(timer);
      timer = setTimeout(look, most);
    },
    end: (reason) => giveUp?.(reason),
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
