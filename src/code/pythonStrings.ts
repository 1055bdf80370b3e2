import { type PartScanner, type ScannedPart, scanLineComment, scanQuoted } from './sourceStrings.ts';

/** Python's strings, with their prefixes and triple quotes, and comments. */
export const scanPython: PartScanner = (text, at, before) => {
  const letter = text[at];
  if (letter === '#') return scanLineComment(text, at, 1);
  if (letter !== '"' && letter !== "'") return undefined;
  const prefix = /(?:^|[^A-Za-z0-9_])([rRbBuUfFtT]{1,2})$/.exec(before.slice(-3))?.[1] ?? '';
  const part = text.startsWith(letter.repeat(3), at) ? scanTriple(text, at) : scanQuoted(text, at);
  const filled = /[fFtT]/.test(prefix) && text.slice(part.from, part.to).includes('{');
  return { ...part, prefix: prefix.length, plain: part.plain && !filled && !/[bB]/.test(prefix) };
};

function scanTriple(text: string, at: number): ScannedPart {
  const mark = text.slice(at, at + 3);
  let plain = true;
  for (let end = at + 3; end < text.length; end += 1) {
    if (text.startsWith(mark, end)) return { kind: 'string', from: at + 3, to: end, plain, end: end + 3 };
    if (text[end] === '\\') {
      plain = false;
      end += 1;
    }
  }
  return { kind: 'string', from: at + 3, to: text.length, plain: false, end: text.length };
}
