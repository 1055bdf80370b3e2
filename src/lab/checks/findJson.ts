import type { Json } from '../../shared/json.ts';
import { parseJson } from './checkKind.ts';

/** Letters looked at before the search is given up: a text of nothing but open brackets would take time to its square. */
const longestSearch = 20_000_000;
const closing: { readonly [open: string]: string } = { '{': '}', '[': ']' };

/** The JSON objects and lists that stand in a text, in their order; those inside another are part of it. */
export function findJson(text: string): Json[] {
  const found: Json[] = [];
  const opening = /[{[]/g;
  let looked = 0;
  for (let match = opening.exec(text); match && looked < longestSearch; match = opening.exec(text)) {
    const end = endOf(text, match.index);
    looked += (end ?? text.length) - match.index;
    const value = end === null ? undefined : parseJson(text.slice(match.index, end));
    if (value === undefined || end === null) continue;
    found.push(value);
    opening.lastIndex = end;
  }
  return found;
}

/** Behind the bracket that closes the one at `start`; null when none does. Brackets inside strings are letters. */
function endOf(text: string, start: number): number | null {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (letter === '"') {
      at = stringEnd(text, at);
    } else if (closing[letter]) {
      open.push(closing[letter]);
    } else if (letter === '}' || letter === ']') {
      if (open.pop() !== letter) return null;
      if (open.length === 0) return at + 1;
    }
  }
  return null;
}

/** The closing quote of the string that opens at `start`, or the text's end. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
