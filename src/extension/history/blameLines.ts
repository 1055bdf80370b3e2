import type { BlameOrigin, BlameResult } from '../../vault/types.ts';
import { formatAgo } from '../formatTime.ts';

export type Position = { line: number; character: number };
/** Where a sentence stands in a document; without the white space around it. */
export type BlamedRange = { start: Position; end: Position; origin: number };
export type LineNote = { line: number; text: string };

const oneEnding = (text: string) => text.replaceAll(/\r\n?/g, '\n');

/**
 * Finds the sentences of a version in its text document, in order. The document's headings and line endings do not matter;
 * a sentence that is not in it is left out.
 */
export function blamedRanges(text: string, messages: BlameResult['messages']): BlamedRange[] {
  const document = oneEnding(text);
  const positionAt = createPositions(document);
  const ranges: BlamedRange[] = [];
  let cursor = 0;
  for (const { sentences } of messages) {
    const whole = oneEnding(sentences.map((one) => one.text).join(''));
    // A message begins a line, so that one word is not found in a heading.
    const found = document.startsWith(whole, cursor) ? cursor : document.indexOf(`\n${whole}`, cursor) + 1;
    if (found > 0) cursor = found;
    for (const { text: sentence, origin } of sentences) {
      const said = oneEnding(sentence).trim();
      const start = said === '' ? -1 : document.indexOf(said, cursor);
      if (start === -1) continue;
      cursor = start + said.length;
      ranges.push({ start: positionAt(start), end: positionAt(cursor), origin });
    }
  }
  return ranges;
}

function createPositions(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  // Offsets come in order.
  let line = 0;
  return (offset) => {
    while (line + 1 < starts.length && starts[line + 1]! <= offset) line += 1;
    return { line, character: offset - starts[line]! };
  };
}

/** A note at the end of each line whose origins differ from those of the line before: the newest first, since it is news. */
export function lineNotes(ranges: readonly BlamedRange[], origins: readonly BlameOrigin[], now: Date): LineNote[] {
  const byLine = new Map<number, Set<number>>();
  for (const { start, end, origin } of ranges) {
    for (let line = start.line; line <= end.line; line += 1)
      byLine.set(line, (byLine.get(line) ?? new Set()).add(origin));
  }
  const notes: LineNote[] = [];
  let before = '';
  for (const [line, found] of [...byLine].sort(([a], [b]) => a - b)) {
    const [newest, ...older] = [...found].sort((a, b) => b - a).map((origin) => origins[origin]!);
    const others = [...new Set(older.map(({ version }) => version))].filter((version) => version !== newest?.version);
    const text = newest ? originText(newest, { others, now }) : '';
    if (text !== before) notes.push({ line, text });
    before = text;
  }
  return notes;
}

const longestReason = 60;

/** "v2.3 · Priya, 3 days ago · shorter, friendlier", and "v2.3 (and v2.1) · …" where others had a part: the end may be out of sight. */
function originText(
  { version, author, at, rationale }: BlameOrigin,
  { others, now }: { others: readonly string[]; now: Date },
): string {
  const [reason = ''] = rationale.split('\n', 1);
  const why = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  const who = `${author.replace(/\s*<.*>$/, '')}, ${formatAgo(at, now)}`;
  const also = others.length > 0 ? ` (and ${others.map((one) => `v${one}`).join(', ')})` : '';
  return [`v${version}${also}`, who, why].filter(Boolean).join(' · ');
}
