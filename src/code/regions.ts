import { pieces } from './partText.ts';
import type { SourcePart } from './sourceParts.ts';
import type { TextRange } from './types.ts';

/** A stretch of a source text that is all code, all inside one string, or all inside one comment; `index` is the part's; `isCut`: a substitution follows. */
export type Region = TextRange & {
  kind: 'code' | 'string' | 'comment';
  part: SourcePart | null;
  index: number;
  isCut: boolean;
};

/** The whole text as regions, in order. */
export function regionsOf(text: string, parts: readonly SourcePart[]): Region[] {
  const texts = parts.flatMap((part, index): Region[] =>
    [...pieces(part)].map(({ from, to, isCut }) => ({ kind: part.kind, part, index, start: from, end: to, isCut })),
  );
  texts.sort((one, other) => one.start - other.start);
  const regions: Region[] = [];
  let at = 0;
  for (const region of texts) {
    if (region.start > at)
      regions.push({ kind: 'code', part: null, index: -1, isCut: false, start: at, end: region.start });
    regions.push(region);
    at = region.end;
  }
  return at < text.length
    ? [...regions, { kind: 'code', part: null, index: -1, isCut: false, start: at, end: text.length }]
    : regions;
}
