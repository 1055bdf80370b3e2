import type { Engine } from '../../src/engine/engine.ts';
import { codeOf } from '../../src/shared/errors.ts';

export type CountOrder = { paths: string[]; edits: number; guarded: boolean };
/** One writer's story: what it was told is saved, what was refused and why, and how long each write took in ms. */
export type Tally = { saved: { path: string; revision: number; text: string }[]; refused: string[]; times: number[] };
export type Counter = {
  read(path: string): Promise<{ revision: number; text: string }>;
  /** The new revision, or the code of the refusal. */
  write(path: string, text: string, expectRevision: number | undefined): Promise<number | string>;
};

/** Always of one length: a conflict must not be told by the size. */
export const countText = (n: number) => `count ${String(n).padStart(7, '0')}`;
export const countOf = (text: string) => Number(text.slice('count '.length));

/** Reads a number and saves the next one, `edits` times; unguarded it does not say what it has read. */
export async function countUpTo({ paths, edits, guarded }: CountOrder, counter: Counter): Promise<Tally> {
  const tally: Tally = { saved: [], refused: [], times: [] };
  for (let n = 0; n < edits; n++) {
    const path = paths[n % paths.length] ?? '';
    const { revision, text } = await counter.read(path);
    const next = countText(countOf(text) + 1);
    const begun = performance.now();
    const answer = await counter.write(path, next, guarded ? revision : undefined);
    tally.times.push(performance.now() - begun);
    if (typeof answer === 'number') tally.saved.push({ path, revision: answer, text: next });
    else tally.refused.push(answer);
  }
  return tally;
}

export const engineCounter = (engine: Engine): Counter => ({
  async read(path) {
    const { revision, messages } = await engine.show({ ref: path });
    return { revision, text: messages[0]?.content ?? '' };
  },
  async write(path, text, expectRevision) {
    const messages = [{ role: 'user' as const, content: text }];
    return engine.edit({ ref: path, expectRevision, messages }).then(({ revision }) => revision, codeOf);
  },
});
