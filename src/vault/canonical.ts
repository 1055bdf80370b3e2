import { hash } from 'node:crypto';
import { type ContentTexts, canonicalJson, canonicalText, contentTexts } from './canonicalText.ts';
import type { Content } from './types.ts';

// The texts are written apart from their hashes, since the client takes these where there is no node:crypto.
export { type ContentTexts, canonicalJson, contentTexts } from './canonicalText.ts';

/** The canonical content of a row of `contents`: one text is handed over faster than three. */
export const canonicalSql = `'{"messages":' || messages || ',"settings":' || settings || ',"variables":' || variables || '}'`;

/** `sha256:…` of a canonical content. */
export const hashCanonical = (text: string): string => `sha256:${hash('sha256', text)}`;

/** The same of the stored texts, so that reading can check them without parsing. */
export const hashTexts = (texts: ContentTexts): string => hashCanonical(canonicalText(texts));

/** Identity of a dataset's cases: what they say, whatever the order of keys. The same cases have it in every vault. */
export function datasetHash({ columns, cases }: { columns: readonly string[]; cases: readonly unknown[] }): string {
  return hashCanonical(canonicalJson([columns, cases]));
}

/** Identity of a content: equal for equal content whatever the order of keys or variables. */
export function contentHash(content: Content): string {
  return hashTexts(contentTexts(content));
}
