import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Disposable } from '../shared/events.ts';

const restMs = 50;

/**
 * Calls `look` soon after something happened in the vault's folder, at most every 50 ms. It is a hint only, so that a
 * window in the background learns of a commit at once: network drives may tell nothing, and the poll goes on.
 */
export function watchCommits(file: string, look: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, restMs).unref();
  };
  try {
    // The folder, not the file: opening and closing vault.db here would drop SQLite's locks.
    const watcher = watch(dirname(file), { persistent: false }, later);
    watcher.on('error', () => watcher.close());
    return {
      dispose() {
        clearTimeout(timer);
        watcher.close();
      },
    };
  } catch {
    return { dispose: () => undefined };
  }
}
