import { type LiteralPiece, withoutMargin } from './literalMargin.ts';
import type { SourcePart } from './sourceParts.ts';
import { unescapeText } from './unescape.ts';
import { blockText, foldLines } from './yamlText.ts';

/** What a string literal says, as its language reads it. Null for what is no text. */
export function literalPieces(text: string, part: SourcePart): LiteralPiece[] | null {
  const { rule, opener, closed } = part;
  if (!rule || rule.bytes || !closed) return null;
  if (rule.block) {
    const block = blockText(text.slice(opener.start, opener.end), lineFeeds(text.slice(part.from, part.to)));
    return block === null ? null : [{ text: block }];
  }
  const raw = rawPieces(text, part);
  const opening = text.slice(opener.start, opener.end);
  const marks = rule.heredoc || rule.closePattern ? '' : text.slice(part.to, part.end);
  const read = (piece: string) => {
    if (rule.escape === 'doubled') return undouble(piece, marks, rule.literal !== undefined);
    const plain = rule.literal ? piece.replace(/\{\{|\}\}/g, (pair) => pair[0]!) : piece;
    return unescapeText(plain, rule.escapes, marks);
  };
  const isIndented = rule.margin && (rule.margin !== 'squiggly' || opening.startsWith('<<~'));
  const trimmed = isIndented ? withoutMargin(raw, rule.margin!, text.slice(part.to, part.end)) : raw;
  return trimmed.map((piece) =>
    'fill' in piece ? piece : { text: read(rule.folds ? foldLines(piece.text) : piece.text) },
  );
}

function rawPieces(text: string, { from, to, fills }: SourcePart): LiteralPiece[] {
  const pieces: LiteralPiece[] = [];
  let start = from;
  for (const fill of fills) {
    pieces.push({ text: lineFeeds(text.slice(start, fill.start)) }, { fill });
    start = fill.end;
  }
  return [...pieces, { text: lineFeeds(text.slice(start, to)) }];
}

const lineFeeds = (text: string) => text.replaceAll('\r\n', '\n');

function undouble(text: string, mark: string, braces: boolean): string {
  const single = text.replaceAll(mark + mark, mark);
  return braces ? single.replace(/\{\{|\}\}/g, (pair) => pair[0]!) : single;
}
