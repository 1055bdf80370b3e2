import type { RunProgress } from './types.ts';

const batchMs = 50;

/** Tells a run's progress: text in batches, everything else at once and after the text before it. */
export function createProgress(runId: string, fire: (progress: RunProgress) => void) {
  const pending = new Map<number, string>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [index, text] of pending) fire({ type: 'text', runId, index, text });
    pending.clear();
  }
  return {
    text(index: number, text: string): void {
      pending.set(index, (pending.get(index) ?? '') + text);
      timer ??= setTimeout(flush, batchMs);
    },
    tell(progress: RunProgress): void {
      // A retry voids the text of its cell, and an ended cell comes with all of it.
      if ('index' in progress) pending.delete(progress.index);
      fire(progress);
    },
    flush,
  };
}
