import { isPlain } from './partText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { TextRange } from './types.ts';

/** What stands between the brackets of a call, as far as its shape goes: the same for all languages. */
export type Node = TextRange &
  (
    | { kind: 'word' | 'mark'; text: string }
    /** `text` is null unless the string stands for exactly its text. */
    | { kind: 'string'; text: string | null; part: SourcePart }
    | Group
  );
export type Group = { kind: 'group'; open: string; entries: Node[][] };
/** `whole`: it was read to its closing bracket, behind which is `end`. */
export type Arguments = { entries: Node[][]; whole: boolean; end: number };

const token =
  /\s+|[A-Za-z_$@][\w$]*|\d[\w.]*|\.\.\.|\*\*|=>|::|->|[=!]==?|<[\w\s,.?[\]<>:&']{1,100}>(?=\s*[({[])|[\s\S]/y;
const closers: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' };
// More than any call has; it keeps texts that never close their brackets from taking their length squared.
const mostTokens = 1500;
const deepest = 30;

/**
 * The rest of the innermost brackets around a string, from behind it, split at commas: the first entry is what the string's
 * own entry goes on with. A call without brackets ends with its line.
 */
export function readArguments(
  text: string,
  parts: readonly SourcePart[],
  { index, isBare }: { index: number; isBare: boolean },
): Arguments {
  const entries: Node[][] = [[]];
  const groups: (Group & TextRange)[] = [];
  let here = entries;
  let next = parts[index]!.next;
  let at = parts[index]!.end;
  const put = (node: Node) => void here.at(-1)!.push(node);
  for (let count = 0; count < mostTokens && groups.length < deepest && at < text.length; count += 1) {
    while (next < parts.length && parts[next]!.start < at) next = parts[next]!.next;
    const part = parts[next];
    if (part && part.start === at) {
      if (part.kind === 'string') {
        const inside = isPlain(part) ? text.slice(part.from, part.to) : null;
        put({ kind: 'string', text: inside, part, start: part.start, end: part.end });
      }
      at = part.end;
      next = part.next;
      continue;
    }
    token.lastIndex = at;
    // Every unit matches, the last alternative at least.
    let word = token.exec(text)![0];
    // Types of a call go, its strings do not.
    if (part && at + word.length > part.start) word = text.slice(at, part.start);
    const start = at;
    at += word.length;
    if (/^\s/.test(word)) {
      if (isBare && groups.length === 0 && word.includes('\n') && here.at(-1)!.length > 0)
        return { entries, whole: true, end: at };
    } else if (word === ',') {
      here.push([]);
    } else if (Object.hasOwn(closers, word)) {
      const group: Group & TextRange = { kind: 'group', open: word, entries: [[]], start, end: start };
      put(group);
      groups.push(group);
      here = group.entries;
    } else if (word === ')' || word === ']' || word === '}') {
      const group = groups.pop();
      if (!group) return { entries, whole: true, end: at };
      group.end = at;
      here = groups.at(-1)?.entries ?? entries;
    } else if (word === ';' && groups.length === 0) {
      return { entries, whole: isBare, end: at };
    } else if (!(word.startsWith('<') && word.length > 1)) {
      put({ kind: /^[\w$@]/.test(word) ? 'word' : 'mark', text: word, start, end: at });
    }
  }
  return { entries, whole: false, end: at };
}
