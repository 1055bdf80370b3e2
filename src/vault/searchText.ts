/** A search as the indexes want it, and its words as they are compared with a text. */
export type SearchWords = {
  /** All words and phrases needed. */
  exact: string;
  /** The same, with words as beginnings. */
  prefix: string;
  /** The whole text as it stands inside a name; null when it is shorter than the index can find. */
  inside: string | null;
  folded: readonly { word: string; begins: boolean }[];
  text: string;
};

const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Words of a snippet before and after the one that was found. */
const around = { before: 6, after: 10 };
/** In a text longer than this the hit is looked for at its beginning only. */
const lookedAt = 100_000;

/** As the word index compares: without case and marks. */
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** `"two words"` between quotes, else what stands between spaces: `create_summary` is two words, one after the other. */
const part = /"([^"]*)"|[^\s"]+/g;
/** A shorter word is a beginning only where it is the last, which somebody may still be typing: it would fit nearly all. */
const beginningFrom = 3;
/** So many words begin with one letter or digit that gathering them takes seconds in a large vault. */
const oneLetter = /^[\p{Script=Latin}\d]$/u;

type Part = { words: string[]; begins: boolean };

function partsOf(search: string): Part[] {
  const parts = [...search.matchAll(part)]
    .map(([whole, quoted]) => ({ words: (quoted ?? whole).match(word) ?? [], quoted: quoted !== undefined }))
    .filter(({ words }) => words.length > 0);
  return parts.map(({ words, quoted }, i) => {
    const end = words.at(-1)!;
    const typing = i === parts.length - 1 && !oneLetter.test(end);
    return { words, begins: !quoted && (typing || [...end].length >= beginningFrom) };
  });
}

/** Null when there is nothing to look for. */
export function searchWords(search: string): SearchWords | null {
  const parts = partsOf(search);
  if (parts.length === 0) return null;
  const text = search.trim();
  const phrase = ({ words }: Part) => `"${words.join(' ')}"`;
  const exact = parts.map(phrase).join(' ');
  const prefix = parts.map((one) => `${phrase(one)}${one.begins ? '*' : ''}`).join(' ');
  const findable = [...text].length >= 3 && !text.includes('\0');
  const inside = findable ? `"${text.replaceAll('"', '""')}"` : null;
  const folded = parts.flatMap(({ words, begins }) =>
    words.map((one, i) => ({ word: fold(one), begins: begins && i === words.length - 1 })),
  );
  return { exact, prefix, inside, folded, text: text.toLowerCase() };
}

/** Plain text around the first hit in the first of the texts that has one; '' when none has. */
export function snippetOf(texts: readonly string[], { folded, text: sought }: SearchWords): string {
  for (const text of texts) {
    const spans = [...text.slice(0, lookedAt).matchAll(word)];
    const hit = spans.findIndex(([found]) => matches(found, folded));
    const at = hit < 0 ? indexInside(text, spans, sought) : hit;
    if (at >= 0) return cut(text, spans, at);
  }
  return '';
}

function matches(found: string, folded: SearchWords['folded']): boolean {
  const plain = fold(found);
  return folded.some(({ word: one, begins }) => (begins ? plain.startsWith(one) : plain === one));
}

/** Where a text shows why it was found, as [start, end) in order: the whole search as it stands, or else its words. */
export function matchesIn(text: string, { folded, inside, text: sought }: SearchWords): [number, number][] {
  const looked = text.slice(0, lookedAt);
  const at = inside === null ? -1 : looked.toLowerCase().indexOf(sought);
  if (at >= 0 && at + sought.length <= looked.length) return [[at, at + sought.length]];
  return [...looked.matchAll(word)].flatMap(({ 0: one, index }): [number, number][] => {
    const length = matchLength(one, folded);
    return length === 0 ? [] : [[index, index + length]];
  });
}

/** How much of a word fits: all of it, or the longest beginning; 0 for nothing. */
function matchLength(found: string, folded: SearchWords['folded']): number {
  const plain = fold(found);
  const lengths = folded.map(({ word: one, begins }) => {
    if (plain === one) return found.length;
    if (!begins || !plain.startsWith(one)) return 0;
    // Marks fold away: count what the beginning took of the text itself.
    let length = one.length;
    while (length < found.length && fold(found.slice(0, length)).length < one.length) length += 1;
    return length;
  });
  return Math.max(...lengths);
}

/** The word in which the sought text begins, or -1. */
function indexInside(text: string, spans: readonly RegExpExecArray[], sought: string): number {
  const at = text.toLowerCase().indexOf(sought);
  return at < 0
    ? -1
    : Math.max(
        0,
        spans.findLastIndex(({ index }) => index <= at),
      );
}

function cut(text: string, spans: readonly RegExpExecArray[], at: number): string {
  const first = at - around.before;
  const next = spans[at + around.after];
  const start = first <= 0 ? 0 : spans[first]!.index;
  const piece = text.slice(start, next?.index).replace(/\s+/g, ' ').trim();
  return `${start > 0 ? '…' : ''}${piece}${next ? '…' : ''}`;
}
