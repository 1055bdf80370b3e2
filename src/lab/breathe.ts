import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets others have the thread: `await breathe()` in a long loop pauses once it has held it for `everyMs`. */
export function createBreath(everyMs = 5): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < everyMs) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
