import { type Stats, statSync } from 'node:fs';
import { codeOf, VaultError } from '../shared/errors.ts';

type Parts = {
  file: string;
  /** Opens what is in the file's place now; throws when it is no whole vault. */
  reopen(): void;
  busy(): boolean;
  /** What is read is a copy, and the file has changed since. */
  isStale(): boolean;
};
/** `same`: the open file is the one at its path. `replaced`: another one was, and is open now. */
export type Followed = 'same' | 'replaced';

/** git takes a file away, makes it anew and fills it: in between it is missing or half there. In ms. */
const settleMs = 300;
const stepMs = 20;
/** What `glance` takes for now. To put another file there and tell of it takes longer. In ms. */
const glanceMs = 1;

/**
 * Keeps a connection at the file that its path names. git checkout, stash, merge and clean put another file there, or
 * none; the old one must not be read or written any more.
 */
export function createFollower({ file, reopen, busy, isStale }: Parts) {
  let opened: Stats | undefined = statSync(file);
  let replacements = 0;
  let waited = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const isSame = (now: Stats | undefined) => now !== undefined && now.ino === opened?.ino && now.dev === opened?.dev;

  function goOver(): void {
    // Who waited in vain need not wait again at every call.
    const until = waited ? 0 : performance.now() + settleMs;
    for (;;) {
      const now = statSync(file, { throwIfNoEntry: false });
      try {
        if (!now) throw missing(file);
        reopen();
        opened = now;
        replacements += 1;
        waited = false;
        return;
      } catch (error) {
        const passing = ['FILE_NOT_FOUND', 'DAMAGED', 'FOREIGN', 'BUSY'].includes(codeOf(error));
        if (!passing || performance.now() > until) {
          waited = true;
          throw error;
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stepMs);
      }
    }
  }
  /** Throws FILE_NOT_FOUND when there is no file any more, or what is wrong with the new one. */
  function follow(): Followed {
    if (busy() || (isSame(statSync(file, { throwIfNoEntry: false })) && !isStale())) return 'same';
    goOver();
    return 'replaced';
  }
  return {
    follow,
    /** The same for reads so short that looking would be a good part of them: once a millisecond is enough. */
    glance(): void {
      const now = performance.now();
      if (now - lookedAt < glanceMs) return;
      follow();
      lookedAt = now;
    },
    replacements: () => replacements,
  };
}

function missing(file: string): VaultError {
  const message = `The vault ${file} is gone, for example by git clean or a checkout of a branch without it. Check it out again, or run "promptvault restore" to see its backups`;
  return new VaultError('FILE_NOT_FOUND', message, { file });
}
