import { readArguments } from './argumentTree.ts';
import type { CodeLanguage } from './languageTypes.ts';
import { passedVariables } from './passedVariables.ts';
import { pathPattern, selectorPattern } from './referencePatterns.ts';
import type { Region } from './regions.ts';
import type { SourcePart } from './sourceParts.ts';
import type { PromptReference, TextRange } from './types.ts';

const uri = new RegExp(`(?<![\\w-])promptvault:(?://)?(${pathPattern})(?![\\w/$({%-])(?:@(${selectorPattern})?)?`, 'g');
const commentEnd = `promptvault:[ \\t]+(${pathPattern})(?:@(${selectorPattern}))?[ \\t]*(?:\\*/)?\\r?$`;
const commentLine = new RegExp(`(?<![\\w-])${commentEnd}`, 'gm');
/** A comment inside of a script in another file. */
const scriptComment = new RegExp(`^[ \\t]*#[ \\t]*${commentEnd}`, 'gm');
// What follows a path that is not whole is a slash or a substitution.
const url = new RegExp(`/v1/(get|render)/(${pathPattern})(?![\\w/$({%-])(\\?[^\\s"'\`<>]{0,500})?`, 'g');
const queried = /[?&](?:range|version)=([^&#]*)/;

/** `promptvault:…` addresses, comment lines `promptvault: …` and URLs of the served API, in the regions where they can stand. */
export function addressReferences(
  text: string,
  { parts, regions, language }: { parts: readonly SourcePart[]; regions: readonly Region[]; language: CodeLanguage },
): PromptReference[] {
  return regions.flatMap((region) => {
    const { kind, part, start, end } = region;
    if (kind === 'code' && (!language.commands || language.commands === 'strings')) return [];
    const inside = text.slice(start, end);
    const found: PromptReference[] = [];
    if (inside.includes('promptvault:')) {
      const isScript = part?.rule?.block || part?.rule?.heredoc;
      const lines = kind === 'comment' ? commentLine : isScript ? scriptComment : null;
      if (lines) for (const match of inside.matchAll(lines)) found.push(named(match, start, 'comment'));
      for (const match of inside.matchAll(uri)) {
        const end = match.index + match[0].length;
        const goesOn = (region.isCut && end === inside.length) || /[$`{]/.test(text[start + end] ?? '');
        const reference = named(match, start, 'uri');
        // Of a selector that is worked out nothing is known, but the path is.
        if (!goesOn) found.push(reference);
        else if (match[0].includes('@')) found.push({ ...reference, ...unknownSelector(reference) });
      }
    }
    if (kind !== 'comment' && inside.includes('/v1/')) {
      for (const match of inside.matchAll(url)) {
        const reference = served(match, region);
        if (!reference) continue;
        const isRendered = match[1] === 'render' && region.index >= 0;
        const given = isRendered && readArguments(text, parts, { index: region.index, isBare: false });
        found.push({ ...reference, variables: given ? passedVariables(given, language) : null });
      }
    }
    return found;
  });
}

function named(match: RegExpExecArray, from: number, kind: 'uri' | 'comment'): PromptReference {
  const selector = match[2]?.replace(/[.\s]+$/, '') || null;
  // A sentence's full stop is no part of a path.
  const path = selector ? match[1]! : match[1]!.replace(/[.-]+$/, '');
  const mark = match[0].indexOf('promptvault:') + 'promptvault:'.length;
  const start = from + match.index + match[0].indexOf(match[1]!, mark);
  const end = start + path.length + (selector ? selector.length + 1 : 0);
  const selectorRange = selector ? { start: end - selector.length, end } : null;
  return { path, selector, selectorRange, start, end, kind, asks: 'released', variables: null };
}

function served(match: RegExpExecArray, { start: from, end, isCut: isRegionCut }: Region): PromptReference | null {
  const [whole, verb = '', typed = '', query = ''] = match;
  const isCut = from + match.index + whole.length === end && isRegionCut;
  if (isCut && query === '') return null;
  const path = typed.replace(/[.-]+$/, '');
  const start = from + match.index + `/v1/${verb}/`.length;
  const own = { path, start, end: start + path.length, kind: 'url', variables: null } as const;
  const value = queried.exec(query);
  if (!value) return { ...own, selector: null, selectorRange: null, asks: isCut ? 'computed' : 'released' };
  const at = start + typed.length + value.index + value[0].length - value[1]!.length;
  const range: TextRange = { start: at, end: at + value[1]!.length };
  const selector = decoded(value[1]!);
  const isComputed = !selector || /[${]/.test(selector) || (isCut && range.end === end);
  if (isComputed) return { ...own, ...unknownSelector(own) };
  return { ...own, selector, selectorRange: range, asks: 'released' };
}

function unknownSelector({ path, start }: Pick<PromptReference, 'path' | 'start'>) {
  return { selector: null, selectorRange: null, asks: 'computed', end: start + path.length } as const;
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
