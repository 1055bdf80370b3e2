import { type CodeToken, type Grammar, grammarOf, inString, type StringGrammar, stringGrammar } from './grammar.ts';
import type { StringRule } from './languageTypes.ts';
import { blockLines, commentEnd, regexEnd } from './literalEnds.ts';
import type { TextRange } from './types.ts';

/** A substitution with its marks; `from`..`to` is the expression. */
export type Fill = TextRange & { from: number; to: number };
/** A string literal or a comment; `from`..`to` is inside its marks. Of a heredoc, `start`..`end` are its lines. */
export type SourcePart = TextRange & {
  kind: 'string' | 'comment';
  from: number;
  to: number;
  /** Null for comments. */
  rule: StringRule | null;
  /** Where the marks stand that it began with, prefix included. */
  opener: TextRange;
  fills: Fill[];
  /** It ended with its mark. */
  closed: boolean;
  escaped: boolean;
  /** Where the code begins that it stands in, and the index of the part before it there; -1 for none. */
  base: number;
  previous: number;
  /** The index of the first part behind it: those in between stand in its substitutions. */
  next: number;
};

/** Code that is read now: the whole text, or the inside of a substitution. */
type OpenCode = { base: number; last: number; closer: string | null; nested: number; start: number };
type OpenString = { part: SourcePart; grammar: StringGrammar; nested: number };
type Heredoc = { rule: StringRule; opener: TextRange; base: number; previous: number };

/** The strings and comments of a source text, in the order of their text; none for a language that is not known. One pass. */
export function sourceParts(text: string, languageId: string): SourcePart[] {
  const grammar = grammarOf(languageId);
  return grammar ? scan(text, grammar) : [];
}

function scan(text: string, { language, tokens, code }: Grammar): SourcePart[] {
  const parts: SourcePart[] = [];
  // Code and the strings in it by turns; what is read is at the end: a string when there are as many as codes.
  const codes: OpenCode[] = [{ base: 0, last: -1, closer: null, nested: 0, start: 0 }];
  const strings: OpenString[] = [];
  const waiting: Heredoc[] = [];
  const endless = new Set<string>();
  let noRegexBefore = 0;

  let at = language.outside ? behindOutside(0, 0) : 0;
  while (at <= text.length)
    at = strings.length === codes.length ? readString(strings.at(-1)!) : readCode(codes.at(-1)!);
  while (strings.length > 0) {
    if (codes.length > strings.length) endFill(text.length, text.length);
    endString({ to: text.length, end: text.length, closed: false });
  }
  return parts;

  function add(part: Omit<SourcePart, 'fills' | 'escaped' | 'base' | 'previous' | 'next'>, home?: Heredoc): SourcePart {
    const here = codes.at(-1)!;
    const { base, previous } = home ?? { base: here.base, previous: here.last };
    const added: SourcePart = { ...part, fills: [], escaped: false, base, previous, next: parts.length + 1 };
    here.last = parts.push(added) - 1;
    return added;
  }

  /** Reads on to the next thing that is no code. Answers where to read on. */
  function readCode(here: OpenCode): number {
    const pattern = code(here.closer);
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (waiting.length > 0) {
      const newline = text.indexOf('\n', at);
      if (newline >= 0 && !(match && match.index < newline)) return beginHeredoc(newline + 1);
    }
    if (!match) return text.length + 1;
    const group = match.indexOf(match[0], 1) - 1;
    return readToken(tokens[group]!, { start: match.index, end: pattern.lastIndex });
  }

  function readToken(token: CodeToken, { start, end }: TextRange): number {
    const here = codes.at(-1)!;
    switch (token.kind) {
      case 'string':
        return beginString(token.rule, { start, end });
      case 'lineComment':
      case 'blockComment': {
        const newline = text.indexOf('\n', end);
        const line = newline < 0 ? text.length : newline;
        const ends = token.kind === 'blockComment' ? commentEnd(text, end, token.ends) : { to: line, end: line };
        add({ kind: 'comment', start, from: end, ...ends, rule: null, opener: { start, end }, closed: true });
        return ends.end;
      }
      case 'regex':
        return readSlash(start);
      case 'outside':
        return behindOutside(end, text.length + 1);
      case 'open':
        here.nested += 1;
        return end;
      case 'close':
        here.nested -= 1;
        return here.nested < 0 ? endFill(start, start + here.closer!.length) : end;
      case 'skip':
        return end;
    }
  }

  function beginString(rule: StringRule, opener: TextRange): number {
    if (rule.heredoc) {
      const here = codes.at(-1)!;
      waiting.push({ rule, opener, base: here.base, previous: here.last });
      return opener.end;
    }
    const part = { kind: 'string', rule, opener, start: opener.start, from: opener.end, closed: true } as const;
    if (rule.block) {
      const { from, to } = blockLines(text, opener.start);
      add({ ...part, from, to, end: to });
      return to;
    }
    openString({ ...part, to: opener.end, end: opener.end });
    return opener.end;
  }

  /** The texts of heredocs begin on the line after them. A mark whose last line never comes was none. */
  function beginHeredoc(start: number): number {
    const home = waiting.shift()!;
    const { rule, opener } = home;
    const mark = text.slice(opener.start, opener.end);
    const { ends } = stringGrammar(rule, mark);
    ends.lastIndex = start;
    // Not looked for again and again, so that no text takes its length squared.
    if (endless.has(mark) || endless.size > 50) return at;
    if (!ends.test(text)) {
      endless.add(mark);
      return at;
    }
    openString({ kind: 'string', rule, opener, start, from: start, to: start, end: start, closed: true }, home);
    return start;
  }

  function openString(
    part: Omit<SourcePart, 'fills' | 'escaped' | 'base' | 'previous' | 'next'>,
    home?: Heredoc,
  ): void {
    const { start, end } = part.opener;
    const grammar = stringGrammar(part.rule!, text.slice(start, end));
    strings.push({ part: add(part, home), grammar, nested: 0 });
  }

  /** Reads on in a string to behind the next thing that is no text. */
  function readString(string: OpenString): number {
    const { part, grammar } = string;
    grammar.pattern.lastIndex = at;
    const match = grammar.pattern.exec(text);
    if (!match) return text.length + 1;
    const start = match.index;
    const end = grammar.pattern.lastIndex;
    const group = match.indexOf(match[0], 1);
    switch (group) {
      case inString.escape:
      case inString.literal:
        part.escaped = true;
        return end;
      case inString.open:
        string.nested += 1;
        return end;
      case inString.newline:
        return endString({ to: start, end: start, closed: false });
      case inString.close:
        string.nested -= 1;
        return string.nested < 0 ? endString({ to: start, end, closed: true }) : end;
    }
    const { close } = grammar.fills[group - inString.fills]!;
    if (close === null) part.fills.push({ start, from: start, to: end, end });
    else codes.push({ base: end, last: -1, closer: close, nested: 0, start });
    return end;
  }

  function endString({ to, end, closed }: Pick<SourcePart, 'to' | 'end' | 'closed'>): number {
    const { part } = strings.pop()!;
    // The line end before the last line of PHP's heredocs is no part of their text.
    const line =
      part.rule?.closePattern && closed ? /\r?\n?$/.exec(text.slice(Math.max(part.from, to - 2), to))![0] : '';
    Object.assign(part, { to: to - line.length, end, closed, next: parts.length });
    return end;
  }

  function endFill(to: number, end: number): number {
    const { base, start } = codes.pop()!;
    strings.at(-1)!.part.fills.push({ start, from: base, to, end });
    return end;
  }

  /** A slash divides, or begins a regular expression. */
  function readSlash(start: number): number {
    if (start < noRegexBefore || !language.regexAfter!.test(codeBefore(start))) return start + 1;
    const end = regexEnd(text, start);
    if (end !== null) return end;
    const newline = text.indexOf('\n', start);
    noRegexBefore = newline < 0 ? text.length : newline;
    return start + 1;
  }

  /** The last few units of code before that place, comments left out. */
  function codeBefore(place: number): string {
    const { base, last } = codes.at(-1)!;
    let end = place;
    for (let index = last; index >= 0 && parts[index]!.kind === 'comment'; index = parts[index]!.previous) {
      if (/\S/.test(text.slice(parts[index]!.end, end))) break;
      end = parts[index]!.start;
    }
    return text.slice(Math.max(base, end - 12), end);
  }

  function behindOutside(from: number, otherwise: number): number {
    const { ends } = language.outside!;
    const found = text.indexOf(ends, from);
    return found < 0 ? otherwise : found + ends.length;
  }
}
