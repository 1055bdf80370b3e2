import type { SourcePart } from './sourceParts.ts';

const tailLength = 200;

/** A string that stands for exactly its text: closed, without substitution or escape, and no bytes. */
export function isPlain({ kind, closed, escaped, fills, rule }: SourcePart): boolean {
  return kind === 'string' && closed && !escaped && fills.length === 0 && !rule?.bytes;
}

/** The texts of a part between its substitutions; `isCut`: one follows. */
export function* pieces({ from, to, fills }: SourcePart): Generator<{ from: number; to: number; isCut: boolean }> {
  let start = from;
  for (const fill of fills) {
    yield { from: start, to: fill.start, isCut: true };
    start = fill.end;
  }
  yield { from: start, to, isCut: false };
}

/** The code before a string: white space folded, comments left out, of other strings only short ones kept. About 200 units. */
export function codeBefore(text: string, parts: readonly SourcePart[], { opener, base, previous }: SourcePart): string {
  let before = '';
  let end = opener.start;
  for (let index = previous; before.length < tailLength; index = parts[index]!.previous) {
    const part = parts[index];
    const from = Math.max(part ? part.end : base, end - 4 * tailLength);
    before = text.slice(from, end) + before;
    if (!part || from > part.end) break;
    if (part.kind === 'comment') before = ` ${before}`;
    else before = (isPlain(part) && part.to - part.from <= 40 ? `"${text.slice(part.from, part.to)}"` : '""') + before;
    end = part.start;
  }
  return before.replace(/\s+/g, ' ').slice(-tailLength);
}
