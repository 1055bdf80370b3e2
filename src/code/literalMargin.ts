import type { Margin } from './languageTypes.ts';
import type { Fill } from './sourceParts.ts';

/** A literal's text with its substitutions in between; line ends are LF. */
export type LiteralPiece = { text: string } | { fill: Fill };

// Stands for a substitution: no white space and no line end.
const stand = '\0';
const indentOf = (line: string) => /^[ \t]*/.exec(line)![0].length;
const least = (lines: readonly string[]) => lines.reduce((width, line) => Math.min(width, indentOf(line)), 1000);

/** A literal's raw text without the lines and the indentation that are no part of it. `ending` is how it was closed. */
export function withoutMargin(pieces: LiteralPiece[], margin: Margin, ending: string): LiteralPiece[] {
  const fills = pieces.filter((piece) => 'fill' in piece);
  const whole = pieces.map((piece) => ('fill' in piece ? stand : piece.text)).join('');
  const lines = whole.split('\n');
  // A text in one line is what stands there.
  const isOneLine = lines.length === 1 && (margin === 'block' || margin === 'closing');
  if (isOneLine || whole.split(stand).length !== fills.length + 1) return pieces;
  const text = trimmed(lines, margin, ending).join('\n');
  return text
    .split(stand)
    .flatMap((piece, index): LiteralPiece[] =>
      index === 0 ? [{ text: piece }] : [fills[index - 1]!, { text: piece }],
    );
}

function trimmed(lines: readonly string[], margin: Margin, ending: string): string[] {
  const written = (all: readonly string[]) => all.filter((line) => line.trim() !== '');
  switch (margin) {
    case 'block': {
      const body = lines.slice(1);
      const width = least([...written(body), body.at(-1)!]);
      return body.map((line) => cut(line, width).replace(/[ \t]+$/, ''));
    }
    case 'closing': {
      const width = indentOf(lines.at(-1)!);
      return lines.slice(1, -1).map((line) => cut(line, width));
    }
    case 'name': {
      const width = indentOf(ending.replace(/^\r?\n/, ''));
      return lines.map((line) => cut(line, width));
    }
    case 'squiggly': {
      const width = least(written(lines));
      return lines.map((line) => cut(line, width));
    }
  }
}

function cut(line: string, width: number): string {
  return line.slice(Math.min(width, indentOf(line)));
}
