import type { Joined } from './joinedLiterals.ts';
import { codeBefore } from './partText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { ExtractedLiteral, TextRange } from './types.ts';

type Place = Pick<ExtractedLiteral, 'range' | 'around' | 'constant'>;
type Source = { text: string; parts: readonly SourcePart[]; languageId: string };
/** What stands around a literal: `before` folded to one line, `statement` the end of it from the statement's begin. */
type Around = { before: string; statement: string; after: string; mark: string; tag: string };
/** Fits where the language lets no call stand. */
type Forbids = (around: Around) => boolean;

const isPattern = /\b(?:case|is|is not|or|and|when)\s*$/;
const isScriptKey: Forbids = ({ before, after }) => /[{,] ?$/.test(before) && /^\s*:/.test(after);
const script: Forbids = (around) =>
  isScriptKey(around) ||
  // A function reads a template with its tag in front.
  (around.mark === '`' && /[\w$)\]]$/.test(around.tag) && !isScriptKeyword.test(around.tag)) ||
  /(?:^|[^\w$.])(?:import|from) ?$/.test(around.before);
const isScriptKeyword =
  /(?:^|[^\w$.])(?:return|await|yield|typeof|case|in|of|void|delete|throw|default|else|extends|instanceof)$/;
const isKey: Forbids = ({ after }) => /^\s*:/.test(after);

const forbidden: { readonly [languageId: string]: Forbids } = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python: ({ before }) => /\bcase ?$/.test(before),
  // Right behind a word stands what tells of a field or of a package.
  go: ({ before }) =>
    (/[\w\])}*] ?$/.test(before) && !/\b(?:return|case|range) ?$/.test(before)) ||
    /(?:^|[^\w.])const ?\([^()]*$/.test(before),
  java: ({ before, after }) =>
    /@[\w.]+ ?\([^()]*$/.test(before) || /\bcase [^:>]*$/.test(before) || /^\s*->/.test(after),
  csharp: ({ before, after, statement }) =>
    /(?<![\w\])] ?)\[ ?\w[\w.]* ?\([^()]*$/.test(before) ||
    /[(,] ?(?:\w+ )?(?:string|object)\?? \w+ = ?$/.test(before) ||
    isPattern.test(before) ||
    (/\bconst\b/.test(statement) && !isCsharpField.test(statement)) ||
    /^(?:\s*=>|u8)/.test(after),
  ruby: ({ after }) => /^:(?!:)/.test(after),
  php: ({ before, statement }) =>
    /^ ?(?:<\?php )?(?:(?:final|public|private|protected) )*const\b/.test(statement) ||
    /^ ?(?:(?:public|private|protected|static|readonly|var|final) )+(?:[\w?|\\]+ )?\$\w+ =/.test(statement) ||
    /\b(?:function|fn) ?&? ?\w* ?\([^)]*$/.test(statement) ||
    /#\[[^\]]*$/.test(before) ||
    /\bcase \w+ = ?$/.test(before),
  rust: ({ before, after, statement }) =>
    (/^ ?(?:pub(?: ?\([^)]*\))? )?(?:const|static)\b/.test(statement) && !statement.includes('|')) ||
    /#!?\[[^\]]*$/.test(before) ||
    (/(\w+) ?! ?[([{][^()[\]{};]*$/.test(before) &&
      !/\b(?:vec|json|dbg|hashmap) ?! ?[([{][^()[\]{};]*$/.test(before)) ||
    /^\s*(?:=>|\|(?!\|)|if\b)/.test(after),
  yaml: isKey,
  dockercompose: isKey,
  json: isKey,
  jsonc: isKey,
};

/** The word that makes a constant, and what makes of the same line one that a call may fill. */
const constants: { readonly [languageId: string]: { pattern: RegExp; text: string } } = {
  go: { pattern: /(?:^|[^\w.])const \w+(?: [\w.]+)? = ?$/, text: 'var' },
  csharp: { pattern: /\bconst string \w+ = ?$/, text: 'static readonly' },
};
const isCsharpField = /\b(?:public|private|protected|internal)\b.*\bconst string \w+ = ?$/;

/** What a fetch takes the place of, and what stands around it then; null where the language lets no call stand. */
export function fetchPlace(
  source: Source,
  joined: Joined,
  { called, said }: { called: TextRange | undefined; said: string },
): Place | null {
  const { text, languageId } = source;
  const [first] = joined.pieces;
  const last = joined.pieces.at(-1);
  if (!first || !('part' in first) || !last || !('part' in last)) return null;
  const around = aroundOf(source, first.part, called ?? joined.range);
  // A call that formats is one already, so another one may stand there.
  if (!called && Object.hasOwn(forbidden, languageId) && forbidden[languageId]!(around)) return null;
  const rule = Object.hasOwn(constants, languageId) ? constants[languageId] : undefined;
  const constant = rule?.pattern.test(around.before) ? wordBefore(text, first.part.opener.start, rule.text) : null;
  if (called) return { range: called, around: ['', ''], constant };
  const form = formOf(source, first.part, { said, after: around.after, range: joined.range });
  return form && { constant, ...form };
}

function aroundOf({ text, parts }: Source, part: SourcePart, { end }: TextRange): Around {
  const before = codeBefore(text, parts, part);
  const { start } = part.opener;
  return {
    before,
    statement: before.slice(1 + Math.max(...[';', '{', '}'].map((mark) => before.lastIndexOf(mark)))),
    after: text.slice(end, end + 80),
    mark: text[part.opener.end - 1]!,
    tag: text.slice(Math.max(0, start - 20), start),
  };
}

function wordBefore(text: string, at: number, written: string): Place['constant'] {
  const start = text.lastIndexOf('const', at);
  return { start, end: start + 'const'.length, text: written };
}

type Literal = { said: string; after: string; range: TextRange };

/** How a fetch is written there; null where code would be lost with the literal. */
function formOf({ text, languageId }: Source, part: SourcePart, { said, after, range }: Literal) {
  const { rule, opener } = part;
  if (rule?.heredoc && languageId === 'shellscript') return shellHeredoc(text, part, said);
  // What stands behind its mark on the line would go.
  if ((rule?.heredoc || rule?.block) && text.slice(opener.end, rule.block ? part.from : part.start).trim() !== '')
    return null;
  if (rule?.block) {
    const end = part.from + text.slice(part.from, part.to).trimEnd().length;
    return { range: { start: opener.start, end }, around: ['', ''] as const };
  }
  return { range, around: marksAround(text, languageId, { opener, said, after }) };
}

/** A shell puts in what a command prints without its last line ends. */
const lineEnds = (said: string) => /\n*$/.exec(said)![0];

function shellHeredoc(text: string, part: SourcePart, said: string) {
  const { opener, start, from, to, end } = part;
  const mark = text.slice(opener.start, opener.end);
  const isRaw = /['"\\]/.test(mark);
  if (!isRaw) return { range: { start: from, end: to }, around: ['', lineEnds(said)] as const };
  // Only the rest of the line between its mark and its text would be lost.
  if (text.slice(opener.end, start).trim() !== '') return null;
  const bare = mark.replace(/['"\\]/g, '');
  const around = [`${bare}\n`, `${lineEnds(said)}${text.slice(to, end)}`] as const;
  return { range: { start: opener.start, end }, around };
}

function marksAround(
  text: string,
  languageId: string,
  { opener, said, after }: { opener: TextRange; said: string; after: string },
): readonly [string, string] {
  switch (languageId) {
    case 'shellscript':
      return ['"', `${lineEnds(said)}"`];
    case 'json':
    case 'jsonc':
    case 'yaml':
    case 'dockercompose':
      return ['"', '"'];
    case 'rust':
      // What is borrowed has the literal's own type.
      return /^\s*\./.test(after) ? ['', ''] : ['&*', ''];
    case 'typescriptreact':
    case 'javascriptreact':
      return /[\w-]=$/.test(text.slice(Math.max(0, opener.start - 40), opener.start)) ? ['{', '}'] : ['', ''];
    default:
      return ['', ''];
  }
}
