import type { WriteTx } from './database.ts';
import type { Message } from './types.ts';

type Source = { path: string; title: string; description: string; latest: string; prd: string | null };

/** Words of a search as FTS5 wants them: each quoted, all needed, the last one may be a beginning. Null without words. */
export function matchQuery(search: string): string | null {
  const words = search.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu);
  return words ? `${words.map((word) => `"${word}"`).join(' ')}*` : null;
}

/** Puts the prompt into the search as it is now: the latest version's text, and what is in production when that differs. */
export function indexPrompt(tx: WriteTx, promptId: number): void {
  tx.prepare('DELETE FROM prompts_fts WHERE rowid = ?').run(promptId);
  const prompt = tx
    .prepare('SELECT path, title, description, latest, prd FROM prompts WHERE id = ?')
    .get<Source>(promptId);
  if (!prompt) return;
  const tags = tx.prepare('SELECT tag FROM prompt_tags WHERE prompt_id = ? ORDER BY tag').pluck().all<string>(promptId);
  const bodies = tx
    .prepare(
      `SELECT messages FROM contents WHERE hash IN (
         SELECT content_hash FROM versions WHERE prompt_id = ? AND (stage = 'PRD' OR major || '.' || minor = ?))`,
    )
    .pluck()
    .all<string>(promptId, prompt.latest);
  const content = bodies
    .flatMap((text) => (JSON.parse(text) as Message[]).map((message) => message.content))
    .join('\n');
  tx.prepare('INSERT INTO prompts_fts (rowid, path, title, description, tags, content) VALUES (?, ?, ?, ?, ?, ?)').run(
    promptId,
    prompt.path,
    prompt.title,
    prompt.description,
    tags.join(', '),
    // A NUL would end the text for the tokenizer.
    content.replaceAll('\0', ' '),
  );
}
