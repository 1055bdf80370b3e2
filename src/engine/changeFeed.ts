import { isDeepStrictEqual } from 'node:util';
import { codeOf } from '../shared/errors.ts';
import { createEmitter, type Disposable } from '../shared/events.ts';
import type { VaultApi, VaultEvent } from '../vault/types.ts';
import type { VaultChange } from './engine.ts';

/** What the feed needs of a vault. */
export type FeedSource = Pick<VaultApi, 'eventsAfter' | 'info'> & {
  /** Changes when another connection has committed, or the file was replaced; not for own commits. */
  dataVersion(): number;
  onDidCommit(listener: (events: VaultEvent[]) => void): Disposable;
};
export type ChangeFeed = {
  onDidChange(listener: (change: VaultChange) => void): Disposable;
  setFocused(focused: boolean): void;
  /** Looks for others' commits now. */
  look(): void;
  dispose(): void;
};

/** How often others' commits are looked for, in ms; a look costs some microseconds. */
const pollMs = { focused: 250, unfocused: 2000 };
const pageSize = 1000;
const replaced: readonly string[] = ['FILE_NOT_FOUND', 'DAMAGED', 'FOREIGN', 'NEWER'];

/**
 * Tells every commit once and in order, whoever made it: own ones at once, others' when the poll finds them. Each round
 * reads the log after the last entry told, so nothing is missed or told twice. An empty list of events means that the
 * file was replaced or taken away, for example by git checkout, and anything may have changed.
 */
export function createChangeFeed(source: FeedSource, { afterSeq }: { afterSeq?: number } = {}): ChangeFeed {
  const changed = createEmitter<VaultChange>();
  const own = new Set<number>();
  let last: VaultEvent | undefined = eventAt(afterSeq ?? source.info().lastSeq);
  let version = source.dataVersion();
  let telling = false;
  let again = afterSeq !== undefined;
  let lost: string | undefined;

  function eventAt(seq: number): VaultEvent | undefined {
    return source.eventsAfter({ seq: seq - 1, limit: 1 })[0];
  }
  /** The next entries, or null when the log no longer holds the last one told. */
  function nextPage(): VaultEvent[] | null {
    if (!last) return source.eventsAfter({ seq: 0, limit: pageSize });
    const [known, ...events] = source.eventsAfter({ seq: last.seq - 1, limit: pageSize + 1 });
    return isDeepStrictEqual(known, last) ? events : null;
  }
  function tell(events: VaultEvent[]): void {
    for (const run of runsBy(events, ({ seq }) => own.has(seq))) changed.fire({ events: run.items, own: run.key });
    for (const { seq } of events) own.delete(seq);
  }
  function catchUp(): void {
    // A listener that writes gets here again: its events come after those being told.
    again = true;
    if (telling) return;
    telling = true;
    try {
      while (again) {
        again = false;
        for (let page = nextPage(); page === null || page.length > 0; page = nextPage()) {
          if (page === null) {
            own.clear();
            last = eventAt(source.info().lastSeq);
            changed.fire({ events: [], own: false });
            break;
          }
          last = page.at(-1);
          tell(page);
        }
      }
    } catch (error) {
      // What was not told yet is told at the next look.
      again = true;
      throw error;
    } finally {
      telling = false;
    }
  }
  function look(): void {
    try {
      const now = source.dataVersion();
      lost = undefined;
      if (now === version && !again) return;
      catchUp();
      version = now;
    } catch (error) {
      // Busy, for example: the next look finds the same. That the file is gone, or is no vault any more, is told once.
      const code = codeOf(error);
      if (!replaced.includes(code) || lost === code) return;
      lost = code;
      changed.fire({ events: [], own: false });
    }
  }
  const commits = source.onDidCommit((events) => {
    for (const { seq } of events) own.add(seq);
    try {
      catchUp();
    } catch {
      // The write itself is done.
    }
  });
  const poll = (ms: number) => setInterval(look, ms).unref();
  let timer = poll(pollMs.unfocused);
  return {
    onDidChange: changed.on,
    setFocused(focused) {
      clearInterval(timer);
      timer = poll(focused ? pollMs.focused : pollMs.unfocused);
      look();
    },
    look,
    dispose() {
      clearInterval(timer);
      commits.dispose();
    },
  };
}

/** Cuts a list where the key changes. */
function runsBy<T, K>(items: T[], keyOf: (item: T) => K): { key: K; items: T[] }[] {
  const runs: { key: K; items: T[] }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const current = runs.at(-1);
    if (current?.key === key) current.items.push(item);
    else runs.push({ key, items: [item] });
  }
  return runs;
}
