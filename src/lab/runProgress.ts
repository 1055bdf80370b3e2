import type { Cell, RunProgress } from './types.ts';

const batchMs = 50;

/** Tells a run's progress: text and cells that begin in batches, everything else at once and after what was before it. */
export function createProgress(runId: string, fire: (progress: RunProgress) => void) {
  const begun = new Map<number, Cell>();
  const texts = new Map<number, string>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [index, cell] of begun) fire({ type: 'cell', runId, index, cell });
    begun.clear();
    for (const [index, text] of texts) fire({ type: 'text', runId, index, text });
    texts.clear();
  }
  const soon = () => {
    timer ??= setTimeout(flush, batchMs);
  };
  return {
    /** A cell that ends before the next batch never shows as begun. */
    begin(index: number, cell: Cell): void {
      begun.set(index, cell);
      soon();
    },
    text(index: number, text: string): void {
      texts.set(index, (texts.get(index) ?? '') + text);
      soon();
    },
    tell(progress: Exclude<RunProgress, { type: 'text' }>): void {
      // A retry voids the text of its cell, and an ended cell comes with all of it.
      if ('index' in progress) {
        texts.delete(progress.index);
        begun.delete(progress.index);
      }
      fire(progress);
    },
    flush,
  };
}
