import { type CommandWord, commandVariables } from './commandWords.ts';
import type { CodeLanguage } from './languageTypes.ts';
import { commandVerbs, pathPattern, verbPattern } from './referencePatterns.ts';
import type { Region } from './regions.ts';
import type { PromptReference } from './types.ts';

const tool = '(?:[\\w.~$/-]{0,80}/)?promptvault(?:\\.cmd|\\.exe)?';
/** In code of a shell: anywhere. */
const inCode = new RegExp(`(?<![\\w.@-])${tool}["']?(?=[ \\t\\\\])`, 'g');
/** In a text: where a command can begin. */
const inText = new RegExp(
  `(?:^|[;&|\\n(\`]|\\$\\()[ \\t]*(?:(?:npx|exec|sudo|time|env|run:|[A-Z_][A-Z0-9_]{0,60}=[^\\s]{0,200})[ \\t]+){0,4}${tool}(?=[ \\t\\\\])`,
  'g',
);
/** As a list of words in YAML, in brackets or one in each line. */
const inList = /(?<=[[,-][ \t]{0,20}["']?)promptvault["']?(?=[ \t]*,|[ \t]*\r?\n[ \t]*- )/g;

// Each alternative but the first begins with a letter of its own, so that none is tried twice.
const word = /(?:\$\([^()\n]{0,400}\)|[^\s'"\\;|&()<>`]|\\[^\n]|'[^'\n]{0,2000}'|"(?:\\[\s\S]|[^"\\]){0,2000}")+/y;
const space = /(?:[ \t]|\\\r?\n)+/y;
const listItem = /[ \t]*(?:,|\r?\n[ \t]*-)[ \t]+(?=[^\s,\]])/y;
const listWord = /"(?:\\.|[^"\\\n]){0,2000}"|'[^'\n]{0,2000}'|[^\s,\]]+(?: [^\s,\]:]+)*/y;
const verb = new RegExp(`^["']?(${verbPattern})["']?$`);
const named = new RegExp(`^(\\\\?["']|)(${pathPattern})(?:@([^"'\\\\]*))?(?:\\\\?["'])?$`);
// These take no value, so that the next word is one of its own.
const flags = /^--(?:json|words|yes|major|drill|no-[\w-]+|help)$/;
const mostWords = 200;

const mayBeCommand = new RegExp(`promptvault|^(?:${verbPattern}) `);
/** Process.Start("promptvault", "get …") */
const isArgument = /["'](?:[\w./~-]*\/)?promptvault(?:\.cmd|\.exe)?["']\s*,\s*(?:arguments:\s*)?$/;

/** What is given a command to run, or keeps one: execSync(`…`), subprocess.run("…"), const command = '…'. */
const runner =
  /(?:exec\w*|spawn\w*|system|run\w*|popen\w*|bash|sh|shell\w*|command\w*|cmd\w*|call|check_\w+|capture\w*|proc_open|start|script\w*|\$)["']?\s*(?:=>|:=|[([=:])?\s*[[(]?\s*$/i;

type Style = { space: RegExp; word: RegExp };
const shellStyle: Style = { space, word };
// YAML's `>` makes one line of several.
const foldedStyle: Style = { space: /(?:\s|\\\r?\n)+/y, word };
const listStyle: Style = { space: listItem, word: listWord };

/** Command lines that name prompts: in shell code and CI files as they stand, elsewhere in strings that are a command. */
export function commandReferences(
  text: string,
  regions: readonly Region[],
  { commands }: CodeLanguage,
): PromptReference[] {
  return regions.flatMap(({ kind, part, start, end }) => {
    if (kind === 'comment' || (kind === 'code' && (!commands || commands === 'strings'))) return [];
    const inside = text.slice(start, end);
    if (kind === 'string' ? !mayBeCommand.test(inside) : !inside.includes('promptvault')) return [];
    if (kind === 'code') {
      const lists =
        commands === 'lists' ? [...inside.matchAll(inList)].map((match) => ({ match, style: listStyle })) : [];
      const lines = [...inside.matchAll(inCode)].map((match) => ({ match, style: shellStyle }));
      return [...lists, ...lines].flatMap(({ match, style }) =>
        referencesAfter(text, { at: start + match.index + match[0].length, end: text.length, style }),
      );
    }
    const { from, to, opener, rule } = part!;
    const isFirst = start === from;
    const before = text.slice(Math.max(0, opener.start - 60), opener.start);
    if (isFirst && isArgument.test(before)) return referencesAfter(text, { at: start, end: to, style: shellStyle });
    const isFolded = rule?.block && text[opener.start] === '>';
    const isScript = rule?.block || commands === 'lists' || commands === 'strings' || (commands && rule?.heredoc);
    const isRun = rule?.runs || (commands ? /(?:\s-\w*c|\beval)\s+$/ : runner).test(before);
    // A text that only mentions a command is no call.
    if (!isScript && !isRun) return [];
    return [...inside.matchAll(inText)]
      .filter(({ index }) => isScript || (index === 0 && isFirst))
      .flatMap(({ index, 0: { length } }) =>
        referencesAfter(text, { at: start + index + length, end: to, style: isFolded ? foldedStyle : shellStyle }),
      );
  });
}

function referencesAfter(text: string, place: { at: number; end: number; style: Style }): PromptReference[] {
  const words = wordsAfter(text, place);
  let index = nextWord(words, 0);
  const name = verb.exec(words[index]?.text ?? '')?.[1];
  if (!name) return [];
  const references: PromptReference[] = [];
  for (index = nextWord(words, index + 1); index < words.length; index = nextWord(words, index + 1)) {
    const { text: typed, start } = words[index]!;
    const [, mark = '', path, selector = null] = named.exec(typed) ?? [];
    if (path === undefined) break;
    const from = start + mark.length;
    const isComputed = /[$`{]/.test(selector ?? '');
    const known = isComputed || !selector ? null : selector;
    const end = from + path.length + (known ? known.length + 1 : 0);
    references.push({
      path,
      selector: known,
      selectorRange: known ? { start: end - known.length, end } : null,
      start: from,
      end,
      kind: 'call',
      asks: isComputed ? 'computed' : commandVerbs[name]!,
      variables: commandVariables(name, words),
    });
    if (name !== 'test' && name !== 'diff') break;
  }
  return references;
}

/** The next word from `index` on that is no option and no option's value. */
function nextWord(words: readonly CommandWord[], index: number): number {
  let at = index;
  while (at < words.length && words[at]!.text.startsWith('-')) {
    at += flags.test(words[at]!.text) || words[at]!.text.includes('=') ? 1 : 2;
  }
  return at;
}

function wordsAfter(text: string, { at, end, style }: { at: number; end: number; style: Style }): CommandWord[] {
  const words: CommandWord[] = [];
  const take = (pattern: RegExp, from: number): string => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.[0] ?? '';
  };
  let from = at;
  while (words.length < mostWords) {
    from += take(style.space, from).length;
    const found = take(style.word, from).slice(0, Math.max(0, end - from));
    if (found === '' || found.startsWith('#')) break;
    // All words of a list, or one that expands to several, may bring anything.
    const isWritten = !/^"?\$(?:[@*]|\{?\w+\[@\]|\w+$|\{\w+\}$)/.test(found);
    words.push({ text: found, start: from, isWritten });
    from += found.length;
  }
  return words;
}
