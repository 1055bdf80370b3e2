import { type Token, tokensOf } from '../vault/variables.ts';

/** A placeholder, or braces that are none, at its offsets in the text. */
export type Placeholder = { kind: 'placeholder' | 'malformed'; name: string; text: string; start: number; end: number };

/** What the renderer sees in a text, for editors to mark. */
export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  let start = 0;
  for (const token of tokensOf(text)) {
    const end = start + token.text.length;
    if (isMarked(token)) found.push({ kind: token.kind, name: token.name, text: token.text, start, end });
    start = end;
  }
  return found;
}

const isMarked = (token: Token): token is Token & { kind: Placeholder['kind'] } =>
  token.kind === 'placeholder' || token.kind === 'malformed';
