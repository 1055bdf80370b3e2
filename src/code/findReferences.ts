import { scanPython } from './pythonStrings.ts';
import { createScriptScanner } from './scriptStrings.ts';
import { type PartScanner, type SourcePart, sourceParts } from './sourceStrings.ts';
import type { PromptReference } from './types.ts';

export type { PromptReference } from './types.ts';

const scanners: { readonly [languageId: string]: () => PartScanner } = {
  typescript: createScriptScanner,
  typescriptreact: createScriptScanner,
  javascript: createScriptScanner,
  javascriptreact: createScriptScanner,
  python: () => scanPython,
};
/** VS Code's ids of the languages in which references are found. */
export const referenceLanguages: readonly string[] = Object.keys(scanners);

const segment = '[A-Za-z0-9][A-Za-z0-9._-]*';
const path = `${segment}(?:/${segment})*`;
const whole = new RegExp(`^(${path})(?:@([^\\s@][^@\\n]{0,60}))?$`);
const uri = new RegExp(`(?<![\\w-])promptvault:(?://)?(${path})(?:@([\\w.^~<>=*-]+))?`, 'g');
const commentLine = new RegExp(`(?<![\\w-])promptvault:[ \\t]+(${path})(?:@([\\w.^~<>=*-]+))?[ \\t]*\\r?$`, 'gm');

// What stands before the first argument of a call that takes a prompt's path. `before` has its white space folded.
const callPatterns = [
  // getPrompt("…"), client.render_prompt("…"), getPrompt<Served>("…"), get_prompt(path="…"); no definition with a default
  /(?:^|[^\w$])(?<!\b(?:def|function) )(?:get|fetch|load|render)_?[pP]rompt ?(?:<[^<>()]{0,80}> ?)?\( ?(?:(?:path|ref|name) ?= ?)?$/,
  // vault.get("…"), this.promptVault?.render("…")
  /vault ?\??\. ?(?:get|render|show|fetch) ?(?:<[^<>()]{0,80}> ?)?\( ?(?:(?:path|ref|name) ?= ?)?$/i,
  // execFile('promptvault', ['get', "…"]), subprocess.run(["promptvault", "get", "…"])
  /"promptvault" ?, ?\[? ?"(?:get|render|show|test)" ?, ?$/,
];

/** The prompts a source text refers to, in the order of the text; none for a language that is not known. */
export function findReferences(text: string, languageId: string): PromptReference[] {
  const scanner = Object.hasOwn(scanners, languageId) ? scanners[languageId] : undefined;
  if (!scanner || !/prompt|vault/i.test(text)) return [];
  return sourceParts(text, scanner()).flatMap((part) => referencesIn(text, part));
}

function referencesIn(text: string, part: SourcePart): PromptReference[] {
  const inside = text.slice(part.from, part.to);
  if (part.kind === 'string' && part.plain && callPatterns.some((pattern) => pattern.test(part.before))) {
    const match = whole.exec(inside);
    // A text that goes on in another one is no whole path.
    const goesOn = /^["'`]+\s*\+/.test(text.slice(part.to, part.to + 40));
    if (match && !goesOn) return [reference(match, part.from, 'call')];
  }
  if (!inside.includes('promptvault:')) return [];
  if (part.kind === 'string') return [...inside.matchAll(uri)].map((match) => reference(match, part.from, 'uri'));
  const lines = [...inside.matchAll(commentLine)].map((match) => reference(match, part.from, 'comment'));
  const uris = [...inside.matchAll(uri)].map((match) => reference(match, part.from, 'uri'));
  return [...lines, ...uris].sort((one, other) => one.start - other.start);
}

function reference(match: RegExpExecArray, from: number, kind: PromptReference['kind']): PromptReference {
  const selector = match[2]?.replace(/[.\s]+$/, '') || null;
  // A sentence's full stop is no part of a path.
  const name = selector || kind === 'call' ? match[1]! : match[1]!.replace(/[.-]+$/, '');
  const start = from + match.index + match[0].indexOf(match[1]!, kind === 'call' ? 0 : 'promptvault:'.length);
  const length = name.length + (selector ? selector.length + 1 : 0);
  const end = start + length;
  const selectorRange = selector ? { start: end - selector.length, end } : null;
  return { path: name, selector, selectorRange, start, end, kind, asks: 'released', variables: null };
}
