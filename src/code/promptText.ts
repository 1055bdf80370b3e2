import { type Expression, fillExpression } from './fillExpression.ts';
import type { Joined } from './joinedLiterals.ts';
import { literalPieces } from './literalText.ts';
import { nameVariable } from './nameVariable.ts';
import type { ExtractedLiteral } from './types.ts';

/** A text, or the expression that stands in it. */
export type TextPiece = { text: string } | Expression;

/** The text of joined literals; null when one of them has none. */
export function piecesOf(text: string, { pieces }: Joined, languageId: string): TextPiece[] | null {
  const all: TextPiece[] = [];
  for (const piece of pieces) {
    if ('operand' in piece) {
      const expression = text.slice(piece.operand.start, piece.operand.end);
      all.push({ expression, of: expression });
      continue;
    }
    const own = literalPieces(text, piece.part);
    if (!own) return null;
    for (const one of own) {
      all.push('text' in one ? one : fillExpression(text, piece.part, one.fill, languageId));
    }
  }
  return all;
}

/** Text with `{{variables}}`; null when a backslash stands before one, which would make it plain text. */
export function promptOf(pieces: readonly TextPiece[]): Pick<ExtractedLiteral, 'text' | 'variables'> | null {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const variables: ExtractedLiteral['variables'] = [];
  const hasVariables = pieces.some((piece) => 'expression' in piece);
  let text = '';
  let plain = '';
  const flush = () => {
    // A prompt without variables is taken as it is written; in another `\{{` stands for braces.
    text += hasVariables ? plain.replaceAll('{{', '\\{{') : plain;
    plain = '';
  };
  for (const piece of pieces) {
    if ('text' in piece) {
      plain += piece.text;
      continue;
    }
    const { expression, of } = piece;
    let name = names.get(expression);
    if (name === undefined) {
      name = free(nameVariable(of), taken);
      taken.add(name);
      names.set(expression, name);
      variables.push({ name, expression });
    }
    if (/\\\{?$/.test(plain)) return null;
    flush();
    text += `{{${name}}}`;
  }
  flush();
  return { text, variables };
}

function free(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  if (!taken.has(name)) return name;
  while (taken.has(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}
