import { formatCall } from './formatCall.ts';
import { type Joined, joinedAround } from './joinedLiterals.ts';
import { languages } from './languages.ts';
import { piecesOf, promptOf } from './promptText.ts';
import { type SourcePart, sourceParts } from './sourceParts.ts';
import type { ExtractedLiteral, TextRange } from './types.ts';

/**
 * The literal at an offset as a prompt, with literals that are joined to it: what it says once it is unescaped, each
 * substitution as a variable. Rendered with the expressions' values it is the text the code has now. Null where no string is,
 * and where its text cannot be told or written as a prompt.
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
  const range = called?.range ?? rangeOf(text, joined);
  const prompt = pieces && promptOf(pieces);
  return prompt && range ? { ...prompt, range } : null;
}

/** The index of the innermost string around the offset; -1 for none. Parts that hold others stand before them. */
function innermost(parts: readonly SourcePart[], offset: number): number {
  return parts.findLastIndex(
    ({ kind, start, end, opener }) =>
      kind === 'string' && ((start <= offset && offset <= end) || (opener.start <= offset && offset <= opener.end)),
  );
}

/** What a fetch would take the place of. A heredoc's mark must be the last on its line, or code would be lost with it. */
function rangeOf(text: string, { pieces, range }: Joined): TextRange | null {
  const [first] = pieces;
  const part = first && 'part' in first ? first.part : null;
  if (!part?.rule?.heredoc) return range;
  return text.slice(part.opener.end, part.start).trim() === '' ? range : null;
}
