/** A string literal or a comment. Offsets are UTF-16 units, as editors count; `from`..`to` is the text inside the marks. */
export type SourcePart = {
  kind: 'string' | 'comment';
  from: number;
  to: number;
  /** A string that stands for exactly its text: no substitution, no escape, closed on the way. */
  plain: boolean;
  /** The code before it, white space folded and comments left out; of strings only short ones are kept. At most 200 units. */
  before: string;
};
/** Where a part that begins at `at` ends; undefined when none begins there. */
export type PartScanner = (text: string, at: number, before: string) => ScannedPart | undefined;
export type ScannedPart = Omit<SourcePart, 'before' | 'kind'> & {
  kind: SourcePart['kind'] | 'other';
  /** The first offset after it. */
  end: number;
  /** How many units of `before` belong to it: Python's string prefixes. */
  prefix?: number;
};

const tailLength = 200;

/** The strings and comments of a source text in order, in one pass. */
export function sourceParts(text: string, scan: PartScanner): SourcePart[] {
  const parts: SourcePart[] = [];
  let before = '';
  let at = 0;
  while (at < text.length) {
    const part = scan(text, at, before);
    if (!part) {
      const letter = text[at]!;
      const isSpace = letter === ' ' || letter === '\n' || letter === '\r' || letter === '\t';
      if (!isSpace) before += letter;
      else if (!before.endsWith(' ')) before += ' ';
      at += 1;
    } else {
      const { kind, from, to, plain, end, prefix } = part;
      if (prefix) before = before.slice(0, -prefix);
      if (kind !== 'other') parts.push({ kind, from, to, plain, before: before.slice(-tailLength) });
      if (kind === 'string') before += plain && to - from <= 40 ? `"${text.slice(from, to)}"` : '""';
      else if (kind === 'other') before += text.slice(at, end);
      at = end;
    }
    if (before.length > 4 * tailLength) before = before.slice(-tailLength);
  }
  return parts;
}

/** The end of a quoted text that must close on its line. An open one takes the rest of the line, so that no text is read twice. */
export function scanQuoted(text: string, at: number): ScannedPart {
  const quote = text[at];
  let plain = true;
  for (let end = at + 1; end < text.length; end += 1) {
    const letter = text[end];
    if (letter === quote) return { kind: 'string', from: at + 1, to: end, plain, end: end + 1 };
    if (letter === '\n') return { kind: 'string', from: at + 1, to: end, plain: false, end };
    if (letter === '\\') {
      plain = false;
      end += text[end + 1] === '\r' ? 2 : 1;
    }
  }
  return { kind: 'string', from: at + 1, to: text.length, plain: false, end: text.length };
}

export function scanLineComment(text: string, at: number, markLength: number): ScannedPart {
  const newline = text.indexOf('\n', at);
  const end = newline < 0 ? text.length : newline;
  return { kind: 'comment', from: at + markLength, to: end, plain: true, end };
}
