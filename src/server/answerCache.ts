import type { Answer } from './answer.ts';

/** Bytes of bodies that are kept at most. */
const most = 32 * 1024 * 1024;

/**
 * Serialised answers by what was asked. They hold for one stamp of the vault: as soon as anybody has committed anything,
 * all are forgotten, so none is ever stale.
 */
export function createAnswerCache() {
  const answers = new Map<string, Answer>();
  let bytes = 0;
  let at = -1;

  function goTo(stamp: number): void {
    if (stamp === at) return;
    answers.clear();
    bytes = 0;
    at = stamp;
  }
  return {
    find(key: string, stamp: number): Answer | undefined {
      goTo(stamp);
      return answers.get(key);
    },
    /** `stamp` is that from before the answer was read: it may hold something newer, never something older. */
    keep(key: string, stamp: number, answer: Answer): void {
      if (stamp !== at || answers.has(key) || answer.bytes > most / 8) return;
      answers.set(key, answer);
      bytes += answer.bytes + 2 * key.length;
      for (const [oldest, gone] of answers) {
        if (bytes <= most) break;
        answers.delete(oldest);
        bytes -= gone.bytes + 2 * oldest.length;
      }
    },
  };
}
export type AnswerCache = ReturnType<typeof createAnswerCache>;
