import type { LabNews } from '../engine/panels.ts';
import type { RunProgress } from '../lab/types.ts';
import type { Disposable } from '../shared/events.ts';
import { packCell } from './labCells.ts';

/** Two frames of a screen: each message to a panel costs more than what is in it. */
const everyMs = 33;

/** Gathers what runs tell into one message per picture. What a later piece of news makes void is not sent. */
export function createLabNews(send: (news: LabNews) => void): Disposable & { take(progress: RunProgress): void } {
  const pending = new Map<string, Gathered>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [runId, gathered] of pending) send(newsOf(runId, gathered));
    pending.clear();
  }

  return {
    take(progress) {
      const gathered = pending.get(progress.runId) ?? gather();
      pending.set(progress.runId, gathered);
      gathered.take(progress);
      if (progress.type === 'started' || progress.type === 'finished') flush();
      else timer ??= setTimeout(flush, everyMs);
    },
    dispose: () => clearTimeout(timer),
  };
}

type Gathered = ReturnType<typeof gather>;

function gather() {
  const cells = new Map<number, LabNews['cells'][number]>();
  const texts = new Map<number, string>();
  const retries = new Map<number, string>();
  let end: Pick<LabNews, 'run' | 'finished'> = { run: null, finished: false };
  return {
    cells,
    texts,
    retries,
    end: () => end,
    take(progress: RunProgress) {
      if (progress.type === 'started' || progress.type === 'finished') {
        end = { run: progress.run, finished: progress.type === 'finished' };
        return;
      }
      const { index } = progress;
      if (progress.type === 'text') {
        texts.set(index, (texts.get(index) ?? '') + progress.text);
        return;
      }
      texts.delete(index);
      if (progress.type === 'cell') {
        retries.delete(index);
        cells.set(index, packCell(progress.cell, index));
        return;
      }
      const seconds = Math.ceil(progress.waitMs / 1000);
      retries.set(index, `${progress.reason}, attempt ${progress.attempt} in ${seconds} s`);
    },
  };
}

function newsOf(runId: string, { cells, texts, retries, end }: Gathered): LabNews {
  return { runId, ...end(), cells: [...cells.values()], texts: [...texts], retries: [...retries] };
}
