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
  const texts = parts.flatMap(regionsIn);
  texts.sort((one, other) => one.start - other.start);
  const regions: Region[] = [];
  let at = 0;
  for (const region of texts) {
    if (region.start > at) regions.push(codeRegion(at, region.start));
    regions.push(region);
    at = region.end;
  }
  return at < text.length ? [...regions, codeRegion(at, text.length)] : regions;
}

/** Regions of the strings and comments that hold a match of `marker`, or begin up to 60 units behind one. */
export function regionsAt(text: string, parts: readonly SourcePart[], marker: RegExp): Region[] {
  const places = [...text.matchAll(marker)].map(({ index }) => index);
  return parts.flatMap((part, index) => {
    const first = firstFrom(places, part.opener.start - 60);
    return first < part.to ? regionsIn(part, index) : [];
  });
}

/** The first of the sorted places that is not before `from`; infinity for none. */
function firstFrom(places: readonly number[], from: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return places[low] ?? Number.POSITIVE_INFINITY;
}

function regionsIn(part: SourcePart, index: number): Region[] {
  const { kind } = part;
  return [...pieces(part)].map(({ from, to, isCut }) => ({ kind, part, index, start: from, end: to, isCut }));
}

function codeRegion(start: number, end: number): Region {
  return { kind: 'code', part: null, index: -1, isCut: false, start, end };
}
