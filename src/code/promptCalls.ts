import { type Arguments, type Node, readArguments } from './argumentTree.ts';
import { type CommandWord, commandVariables } from './commandWords.ts';
import type { CodeLanguage } from './languageTypes.ts';
import { codeBefore, isPlain } from './partText.ts';
import { findOption, passedVariables, plainString } from './passedVariables.ts';
import { commandVerbs, verbPattern, wholeReference } from './referencePatterns.ts';
import type { SourcePart } from './sourceParts.ts';
import type { PromptReference } from './types.ts';

// What stands before the path: the arguments of Go's contexts, a name for it, or the braces of an object.
const beforePath =
  '(?:(?:c|ctx|context(?: ?\\. ?\\w+ ?\\( ?\\))?) ?, ?)?(?:\\{ ?)?(?:(?:path|ref|name|prompt) ?[=:] ?)?$';
const typeArguments = '(?:(?:::)? ?<[^<>()]{0,80}> ?)?';
const method = '(?:get|render|show|fetch|load)(?:_?prompt)?(?:_?async)?';
const opening = (isBare: boolean) => (isBare ? '(?: ?\\( ?| )' : ' ?\\( ?');
const calls = [false, true].map((isBare) => ({
  // getPrompt("…"), client.render_prompt("…"), GetPromptAsync<Served>("…"); no definition with a default
  named: new RegExp(
    `(?:^|[^\\w$])(?<!\\b(?:def|function|func|fn) )(?:get|fetch|load|render)_?prompt(?:_?text)?(?:_?async)? ?${typeArguments}${opening(isBare)}${beforePath}`,
    'i',
  ),
  // vault.get("…"), this.promptVault?.render("…"), $vault->get("…"), PromptVault::get("…")
  ofReceiver: new RegExp(
    `(?:^|[^\\w$])(\\$?[\\w$]*) ?(?:\\( ?\\) ?)?(?:\\?\\.|&\\.|\\.|->|::) ?(${method}) ?${typeArguments}${opening(isBare)}${beforePath}`,
    'i',
  ),
}));
// execFile('promptvault', ['get', "…"]), Command::new("promptvault").arg("get").arg("…")
const command = new RegExp(
  `"(?:[\\w./~-]*/)?promptvault(?:\\.cmd|\\.exe)?"(?:[^;]{0,120}?[^\\w])?"(${verbPattern})" ?(?:,|\\) ?\\. ?args? ?\\(|\\) ?;? ?[\\w.]+ ?\\() ?[[{(]? ?$`,
);
const made = /=\s*(?:await\s+)?(?:new\s+)?(?:create_?client|prompt_?vault(?:_?client)?)\b/gi;
const target = /([\w$]+)(?: ?:[^=\n]{1,80})?\s*$/;

type Source = { text: string; parts: readonly SourcePart[]; language: CodeLanguage };
type Called = { asks: PromptReference['asks']; command: string | null };

/** Strings that are the path in a call. */
export function callReferences({ text, parts, language }: Source): PromptReference[] {
  const isBare = Boolean(language.bareCalls);
  const receivers = receiverTest(text);
  return parts.flatMap((part, index) => {
    if (part.to - part.from > 200 || !isPlain(part)) return [];
    const match = wholeReference.exec(text.slice(part.from, part.to));
    if (!match || !mayBeArgument(text, parts, part)) return [];
    const before = codeBefore(text, parts, part);
    const called = whatIsCalled(before, { isBare, receivers, path: match[1]! });
    if (!called) return [];
    const isWithout = isBare && !/[([{,] ?(?:\w+ ?[=:] ?)?$/.test(before);
    const given = readArguments(text, parts, { index, isBare: isWithout });
    if (goesOn(given.entries[0]!)) return [];
    const [, path = '', typed] = match;
    const selector = typed?.replace(/[.\s]+$/, '') || null;
    const start = part.from;
    const end = start + path.length + (selector ? selector.length + 1 : 0);
    const selectorRange = selector ? { start: end - selector.length, end } : null;
    const said = { path, selector, selectorRange, start, end, kind: 'call', asks: called.asks } as const;
    if (called.command) return [{ ...said, variables: commandVariables(called.command, wordsOf(text, given)) }];
    return [
      { ...said, ...(selector ? {} : selectorOption(given, called.asks)), variables: passedVariables(given, language) },
    ];
  });
}

/** A quick look at the code before it: most strings are no argument of such a call. */
function mayBeArgument(text: string, parts: readonly SourcePart[], { opener, previous }: SourcePart): boolean {
  // A comment may stand in between.
  if (parts[previous]?.kind === 'comment') return true;
  let at = opener.start - 1;
  while (at >= 0 && /\s/.test(text[at]!)) at -= 1;
  if (at < 0 || !/[(,[{=:\w]/.test(text[at]!)) return false;
  const before = text.slice(Math.max(0, at - 160), at + 1);
  return /prompt|(?:get|render|show|fetch|load)(?:_?async)?["']?[^\w"']/i.test(`${before} `);
}

function whatIsCalled(
  before: string,
  { isBare, receivers, path }: { isBare: boolean; receivers: (name: string, path: string) => boolean; path: string },
): Called | null {
  if (!/prompt|\b(?:get|render|show|fetch|load)/i.test(before)) return null;
  const { named, ofReceiver } = calls[Number(isBare)]!;
  const [, verb] = command.exec(before) ?? [];
  if (verb) return { asks: commandVerbs[verb]!, command: verb };
  const [, receiver = '', name = ''] = ofReceiver.exec(before) ?? [];
  const isOurs = receiver !== '' && receivers(receiver, path);
  if (isOurs) return { asks: /^(?:show|render)/i.test(name) ? 'any' : 'released', command: null };
  return named.test(before) ? { asks: 'released', command: null } : null;
}

const importing = /\b(?:from|import|require|use|using|include)\b|^[ \t]*"[\w./-]*$/;

function importsOurs(text: string): boolean {
  return [...text.matchAll(/prompt[_-]?vault/gi)].some(({ index }) => {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
    return importing.test(line.slice(-160));
  });
}

/** Which names stand for a client of ours. `client` is one where the file imports ours, `prompts` for paths with a folder too. */
function receiverTest(text: string): (name: string, path: string) => boolean {
  // The whole text is read for it, so only when somebody asks.
  let isOurs: boolean | undefined;
  let names = new Set<string>();
  return (name, path) => {
    if (/vault$/i.test(name)) return true;
    if (path.includes('/') && /(?:^\$?|_)prompts?(?:_?client)?$/i.test(name)) return true;
    if (isOurs === undefined) {
      isOurs = importsOurs(text);
      if (isOurs)
        names = new Set(
          [...text.matchAll(made)].map(
            ({ index }) => target.exec(text.slice(Math.max(0, index - 120), index))?.[1] ?? '',
          ),
        );
    }
    return isOurs && (names.has(name) || /^\$?(?:\w*client|prompts?)$/i.test(name));
  };
}

/** Whether the path is only the beginning of a text. */
function goesOn([first, second]: readonly Node[]): boolean {
  if (!first || first.kind === 'word') return false;
  if (first.kind === 'mark' && first.text === '.') {
    return !(
      second?.kind === 'word' && /^(?:to_string|to_owned|into|as_str|freeze|to_s|String|toString)$/.test(second.text)
    );
  }
  return first.kind !== 'mark' || !/^[!?)]$/.test(first.text);
}

/** `{ range: '^2' }`, `version="2.3"`. */
function selectorOption(
  { entries }: Arguments,
  asks: PromptReference['asks'],
): Pick<PromptReference, 'selector' | 'selectorRange' | 'asks'> {
  const option = findOption(entries.slice(1), /^(?:range|version)$/i);
  const value = option?.value.length === 1 ? plainString(option.value[0]) : null;
  if (!option) return { selector: null, selectorRange: null, asks };
  if (!value?.name) return { selector: null, selectorRange: null, asks: 'computed' };
  return { selector: value.name, selectorRange: { start: value.start, end: value.end }, asks };
}

/** The rest of a command's arguments, each as far as it is written out. */
function wordsOf(text: string, { entries, whole }: Arguments): CommandWord[] {
  const words = entries.slice(1).map((entry): CommandWord => {
    const string = firstString(entry);
    if (!string) return { text: '', start: 0, isWritten: false };
    const { from, to, fills } = string;
    const written = text.slice(from, fills[0]?.start ?? to);
    // A call may make a text of it: format!("tone={tone}").
    return { text: written, start: from, isWritten: entry[0]?.kind === 'string' || /^\w+=/.test(written) };
  });
  return whole ? words : [...words, { text: '', start: 0, isWritten: false }];
}

function firstString(nodes: readonly Node[]): SourcePart | null {
  for (const node of nodes) {
    const found = node.kind === 'string' ? node.part : node.kind === 'group' ? firstString(node.entries.flat()) : null;
    if (found) return found;
  }
  return null;
}
