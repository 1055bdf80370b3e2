import { fetchPlace } from './fetchPlace.ts';
import { formatCall } from './formatCall.ts';
import { joinedAround } from './joinedLiterals.ts';
import { languages } from './languages.ts';
import { piecesOf, promptOf } from './promptText.ts';
import { type SourcePart, sourceParts } from './sourceParts.ts';
import type { ExtractedLiteral } from './types.ts';

/**
 * The literal at an offset as a prompt, with literals that are joined to it: what it says once it is unescaped, each
 * substitution as a variable. Rendered with the expressions' values it is the text the code has now. Null where no string is,
 * where its text cannot be told or written as a prompt, and where the language lets no call stand.
 */
export function extractLiteral(text: string, languageId: string, offset: number): ExtractedLiteral | null {
  const language = Object.hasOwn(languages, languageId) ? languages[languageId]! : null;
  if (!language) return null;
  const parts = sourceParts(text, languageId);
  const index = innermost(parts, offset);
  if (index < 0) return null;
  const joined = joinedAround({ text, parts, language }, index);
  const called = formatCall({ text, parts, languageId }, joined);
  const pieces = called?.pieces ?? piecesOf(text, joined, languageId);
  const prompt = pieces && promptOf(pieces);
  const place = prompt && fetchPlace({ text, parts, languageId }, joined, { called: called?.range, said: prompt.text });
  if (!prompt || !place) return null;
  // Empty lines behind a block are none of its text.
  return place.range.start <= offset && offset <= place.range.end ? { ...prompt, ...place } : null;
}

/** The index of the innermost string around the offset; -1 for none. Parts that hold others stand before them. */
function innermost(parts: readonly SourcePart[], offset: number): number {
  return parts.findLastIndex(
    ({ kind, start, end, opener }) =>
      kind === 'string' && ((start <= offset && offset <= end) || (opener.start <= offset && offset <= opener.end)),
  );
}
