import { languages } from './languages.ts';
import type { CodeLanguage, FillRule, StringRule } from './languageTypes.ts';

/** What can stand in code besides code. */
export type CodeToken =
  | { kind: 'string'; rule: StringRule }
  | { kind: 'blockComment'; ends: RegExp }
  | { kind: 'lineComment' | 'skip' | 'regex' | 'outside' | 'open' | 'close' };
/** A language made ready to be scanned: group n of a pattern is token n. */
export type Grammar = {
  language: CodeLanguage;
  tokens: readonly CodeToken[];
  /** For code at the top, and for code inside a substitution that ends with that bracket. */
  code: (closer: string | null) => RegExp;
};
/** What can stand in a string besides text: groups of `pattern` in this order, then one for each of `fills`. */
export type StringGrammar = { pattern: RegExp; ends: RegExp; fills: readonly FillRule[] };
export const inString = { escape: 1, literal: 2, close: 3, newline: 4, open: 5, fills: 6 } as const;

const grammars = new Map<string, Grammar>();

export function grammarOf(languageId: string): Grammar | undefined {
  const known = grammars.get(languageId);
  if (known) return known;
  const language = Object.hasOwn(languages, languageId) ? languages[languageId] : undefined;
  const grammar = language && compile(language);
  if (grammar) grammars.set(languageId, grammar);
  return grammar;
}

function compile(language: CodeLanguage): Grammar {
  const { strings, lineComment, blockComments = [], skip, regexAfter, outside } = language;
  const sources: [string, CodeToken][] = [];
  if (lineComment) sources.push([lineComment, { kind: 'lineComment' }]);
  for (const [open, close] of blockComments) {
    const ends = new RegExp(language.nestedComments ? `(${open})|${close}` : close, 'gm');
    sources.push([open, { kind: 'blockComment', ends }]);
  }
  if (skip) sources.push([skip, { kind: 'skip' }]);
  for (const rule of strings) sources.push([rule.open, { kind: 'string', rule }]);
  if (regexAfter) sources.push(['/', { kind: 'regex' }]);
  if (outside) sources.push([outside.begins, { kind: 'outside' }]);
  const groups = sources.map(([source]) => `(${source})`);
  const brackets: { readonly [closer: string]: string[] } = { '}': ['(\\{)', '(\\})'], ')': ['(\\()', '(\\))'] };
  const patterns = new Map(
    [null, '}', ')'].map((closer) => [
      closer,
      new RegExp([...groups, ...(closer ? brackets[closer]! : [])].join('|'), 'gm'),
    ]),
  );
  return {
    language,
    tokens: [...sources.map(([, token]) => token), { kind: 'open' }, { kind: 'close' }],
    code: (closer) => patterns.get(closer === null ? null : closer.slice(-1))!,
  };
}

const stringGrammars = new WeakMap<StringRule, Map<string, StringGrammar>>();

/** How the text of a string that began with `opening` is read. */
export function stringGrammar(rule: StringRule, opening: string): StringGrammar {
  const known = stringGrammars.get(rule) ?? new Map<string, StringGrammar>();
  stringGrammars.set(rule, known);
  let grammar = known.get(opening);
  if (!grammar) {
    grammar = compileString(rule, opening);
    // Names of heredocs are without number.
    if (known.size > 200) known.clear();
    known.set(opening, grammar);
  }
  return grammar;
}

const never = '(?!)';

function compileString(rule: StringRule, opening: string): StringGrammar {
  const mark = typeof rule.close === 'string' ? rule.close : rule.close(opening);
  const close = rule.heredoc ? rule.heredoc(mark) : rule.closePattern ? mark : exactly(mark);
  const escapes = { backslash: '\\\\(?:\\r\\n|[\\s\\S])', doubled: close + close };
  const fills = typeof rule.fills === 'function' ? rule.fills(opening) : (rule.fills ?? []);
  const last = opening.at(-1)!;
  const groups = [
    rule.escape ? escapes[rule.escape] : never,
    rule.literal ?? never,
    close,
    rule.oneLine ? '\\n' : never,
    // Of brackets as marks as many must close as opened.
    mark.length === 1 && mark !== last && '([{<'.includes(last) ? exactly(last) : never,
    ...fills.map(({ open }) => open),
  ];
  const pattern = new RegExp(groups.map((source) => `(${source})`).join('|'), 'gm');
  return { pattern, ends: new RegExp(close, 'gm'), fills };
}

function exactly(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
