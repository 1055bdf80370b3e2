import type { CodeLanguage } from './languageTypes.ts';
import { codeBefore } from './partText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { TextRange } from './types.ts';

/** A literal, or a name or a call between two literals. */
export type JoinedPiece = { part: SourcePart } | { operand: TextRange };
/** Literals that make one text; `last` is the index of the last, `range` goes from the first to behind it. */
export type Joined = { pieces: JoinedPiece[]; last: number; range: TextRange };
type Source = { text: string; parts: readonly SourcePart[]; language: CodeLanguage };

const operands = {
  '+': /^\s*\+\s*([\w$@]+(?:(?:\.|\?\.|&\.|->|::)[\w$]+)*(?:\(\))?)\s*\+\s*$/,
  '.': /^\s*\.\s*(\$\w+(?:(?:->|::)\$?\w+)*(?:\(\))?)\s*\.\s*$/,
};
const mostCode = 400;

/** The text of which the literal at `index` is a piece. */
export function joinedAround(source: Source, index: number): Joined {
  let first = index;
  for (let before = stringBefore(source, first); before !== null; before = stringBefore(source, first)) {
    if (!gapAfter(source, before, first)) break;
    first = before;
  }
  return joinedFrom(source, first);
}

/** The text that the literal at `index` begins. */
export function joinedFrom(source: Source, index: number): Joined {
  const { parts } = source;
  const pieces: JoinedPiece[] = [{ part: parts[index]! }];
  let last = index;
  for (let next = stringAfter(source, last); next !== null; next = stringAfter(source, last)) {
    const gap = gapAfter(source, last, next);
    if (!gap) break;
    if (gap.operand) pieces.push({ operand: gap.operand });
    pieces.push({ part: parts[next]! });
    last = next;
  }
  return { pieces, last, range: { start: parts[index]!.opener.start, end: parts[last]!.end } };
}

const isJoinable = ({ kind, rule }: SourcePart) => kind === 'string' && !rule!.heredoc && !rule!.block && !rule!.bytes;

/** The next string in the same code, comments in between left out; null when it is far away or of another kind. */
function stringAfter({ parts }: Source, index: number): number | null {
  const { end, base } = parts[index]!;
  let next = parts[index]!.next;
  while (parts[next]?.kind === 'comment' && parts[next]!.base === base) next = parts[next]!.next;
  const part = parts[next];
  return part && part.base === base && isJoinable(part) && part.start - end < mostCode ? next : null;
}

function stringBefore({ parts }: Source, index: number): number | null {
  let before = parts[index]!.previous;
  while (before >= 0 && parts[before]!.kind === 'comment') before = parts[before]!.previous;
  const part = parts[before];
  return part && isJoinable(part) && parts[index]!.start - part.end < mostCode ? before : null;
}

/** What joins two literals; null when nothing does. */
function gapAfter({ text, parts, language }: Source, from: number, to: number): { operand: TextRange | null } | null {
  const { joins = [] } = language;
  if (joins.length === 0 || !isJoinable(parts[from]!) || !isJoinable(parts[to]!)) return null;
  let gap = '';
  let at = parts[from]!.end;
  for (let next = parts[from]!.next; next <= to; next = parts[next]!.next) {
    gap += text.slice(at, parts[next]!.start);
    at = parts[next]!.end;
  }
  const joint = gap.trim();
  if (joint === '+' || joint === '.') return joins.includes(joint) ? { operand: null } : null;
  if (joint === '' || joint === '\\') {
    if (!joins.includes('')) return null;
    // On lines of their own they belong together inside of brackets only.
    const before = () => codeBefore(text, parts, parts[from]!);
    const isOneLine = joint === '\\' || !gap.includes('\n');
    return isOneLine || (!language.bareCalls && /[([{,:"] ?$/.test(before())) ? { operand: null } : null;
  }
  const name = joins.includes('.') ? operands['.'].exec(gap)?.[1] : operands['+'].exec(gap)?.[1];
  if (!name || !joins.some((join) => join !== '' && joint.startsWith(join))) return null;
  const start = text.indexOf(name, parts[from]!.end);
  return { operand: { start, end: start + name.length } };
}
