import { type Change, diffLines, diffWordsWithSpace } from 'diff';
import type { DiffResult } from './types.ts';

type MessageDiff = DiffResult['messages'][number];
type Compared = Pick<MessageDiff, 'by' | 'parts'>;

/**
 * Edits that a comparison of texts may need at most: its work grows with their square, to tenths of a second at these. A count
 * and no time, so that the same two versions differ in the same way on every machine and at every attempt.
 */
export const mostEdits = 1500;
/** Letters that are cut into words at most. */
const mostLetters = 4_000_000;

/** Compares the texts of one pair of versions, which share what may be spent: a thousand messages take no longer than one. */
export function createComparer(): (from: string, to: string, by: 'words' | 'lines') => Compared {
  const byWords = createEffort();
  const byLines = createEffort();
  let letters = mostLetters;

  return (from, to, by) => {
    if (from === to) return { by, parts: from === '' ? [] : [{ op: 'same', text: from }] };
    // Nothing has to be compared with nothing.
    if (from === '' || to === '') return { by, parts: whole(from, to) };
    letters -= by === 'words' ? from.length + to.length : 0;
    const words =
      by === 'words' && letters >= 0
        ? byWords((maxEditLength) => diffWordsWithSpace(from, to, { maxEditLength }))
        : undefined;
    if (words) return { by: 'words', parts: words.map(toPart) };
    const lines = byLines((maxEditLength) => diffLines(from, to, { maxEditLength }));
    return lines ? { by: 'lines', parts: lines.map(toPart) } : { by: 'whole', parts: whole(from, to) };
  };
}

function whole(from: string, to: string): Compared['parts'] {
  const parts: Compared['parts'] = [
    { op: 'remove', text: from },
    { op: 'add', text: to },
  ];
  return parts.filter(({ text }) => text !== '');
}

function toPart({ added, removed, value }: Change): Compared['parts'][number] {
  return { op: added ? 'add' : removed ? 'remove' : 'same', text: value };
}

/** Undefined once what was asked for needs more edits than are left. */
function createEffort() {
  let left = mostEdits ** 2;
  return (compare: (most: number) => Change[] | undefined): Change[] | undefined => {
    const most = Math.floor(Math.sqrt(left));
    if (most === 0) return undefined;
    const changes = compare(most);
    const edits = changes?.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0) ?? most;
    left -= edits ** 2;
    return changes;
  };
}
