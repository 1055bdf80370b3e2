import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

const plain = { disallowedSpecial: new Set<string>() };

/** Tokens of one piece of text as OpenAI's current models count them. Slow on long runs without spaces: give it short pieces. */
export function countPiece(text: string): number {
  // Text that spells a special token is text here; without the set it throws.
  return countTokens(text, plain);
}
