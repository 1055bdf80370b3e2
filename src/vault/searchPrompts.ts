import type { Database } from './database.ts';
import { type SearchWords, searchWords, snippetOf } from './searchText.ts';
import type { SqlValue } from './statements.ts';

/** A subquery that yields the ids of the prompts a search is limited to; null for no limit. */
export type Within = { sql: string; values: readonly SqlValue[] } | null;
export type SearchPage = { total: number; capped: boolean; hits: { id: number; snippet: string }[] };
type Scored = { id: number; score: number };

/** Path, title, description, tags, content: a hit in a name weighs more than one in a text. */
const rank = 'bm25(prompts_fts, 10.0, 8.0, 4.0, 6.0, 1.0)';
/** Ranking reads every hit; among more than these only the newest prompts are ranked, so that any word stays fast. */
const rankedHits = 2000;
/** Counting reads every hit too, and nobody pages through more. */
const countedHits = 10_000;

/**
 * Prompts that have all words, the best first, and after them those that merely have the text somewhere inside their
 * path, title or description. These are looked for only when the others do not fill the page. `capped`: there may be more
 * than `total` says; it never counts beyond 10,000.
 */
export function searchPrompts(
  database: Database,
  search: string,
  { within, limit, offset }: { within: Within; limit: number; offset: number },
): SearchPage {
  const words = searchWords(search);
  if (!words) return { total: 0, capped: false, hits: [] };
  // The + keeps SQLite from asking the index anew for every prompt that fits the filter.
  const from = (index: 'prompts_fts' | 'names_fts') =>
    `FROM ${index} WHERE ${index} MATCH ?${within ? ` AND +rowid IN (${within.sql})` : ''}`;
  const values = within?.values ?? [];
  const pool = Math.max(rankedHits, offset + limit);

  const ranked = (match: string) =>
    database
      .prepare(`SELECT rowid AS id, ${rank} AS score ${from('prompts_fts')} ORDER BY rowid DESC LIMIT ?`)
      .all<Scored>(match, ...values, pool);
  const countUpTo = (match: string, most: number) =>
    database
      .prepare(`SELECT count(*) FROM (SELECT 1 ${from('prompts_fts')} LIMIT ?)`)
      .pluck()
      .get<number>(match, ...values, most) ?? 0;

  // Taking words as beginnings gathers all words that begin so: needless when the words themselves are common.
  const exact = ranked(words.exact);
  const full = exact.length === pool;
  const scored = full || words.prefix === words.exact ? exact : ranked(words.prefix);
  const ids = scored.sort((a, b) => a.score - b.score || b.id - a.id).map(({ id }) => id);
  let total = ids.length;
  let capped = false;
  if (ids.length === pool) {
    total = countUpTo(full ? words.exact : words.prefix, countedHits + 1);
  } else if (words.inside !== null && ids.length >= offset + limit) {
    // The page is full: how many more have the text only inside a name is not worth its time.
    capped = limit > 0;
  } else if (words.inside !== null) {
    const known = new Set(ids);
    const inside = database
      .prepare(`SELECT rowid ${from('names_fts')} ORDER BY rowid DESC LIMIT ?`)
      .pluck()
      .all<number>(words.inside, ...values, countedHits + 1)
      .filter((id) => !known.has(id));
    ids.push(...inside);
    total = ids.length;
  }
  const shown = ids.slice(offset, offset + limit);
  return {
    total: Math.min(total, countedHits),
    capped: capped || total > countedHits,
    hits: shown.map((id) => ({ id, snippet: snippetAt(database, id, words) })),
  };
}

function snippetAt(database: Database, id: number, words: SearchWords): string {
  const texts = database
    .prepare('SELECT content, description, title, tags, path FROM prompts_fts WHERE rowid = ?')
    .raw()
    .get<string[]>(id);
  return snippetOf(texts ?? [], words);
}
