import type { WriteTx } from './database.ts';
import type { Message } from './types.ts';

type Source = { path: string; title: string; description: string; latest: string; prd: string | null };

/** Puts the prompt into the search as it is now: the latest version's text, and what is in production when that differs. */
export function indexPrompt(tx: WriteTx, promptId: number): void {
  const prompt = tx
    .prepare('SELECT path, title, description, latest, prd FROM prompts WHERE id = ?')
    .get<Source>(promptId);
  if (!prompt) return;
  const tags = tx.prepare('SELECT tag FROM prompt_tags WHERE prompt_id = ? ORDER BY tag').pluck().all<string>(promptId);
  const names = [prompt.path, prompt.title, prompt.description];
  // A NUL would end the text for the tokenizer.
  const texts = [...names, tags.join(', '), textOf(tx, promptId, prompt.latest).replaceAll('\0', ' ')];
  const before = tx
    .prepare('SELECT path, title, description, tags, content FROM prompts_fts WHERE rowid = ?')
    .raw()
    .get<string[]>(promptId);
  const differs = (upTo: number) => texts.slice(0, upTo).some((text, i) => text !== before?.[i]);
  // Most writes leave the names alone, and a promotion the text: taking it to pieces again is most of their work.
  if (differs(names.length)) {
    if (before) tx.prepare('DELETE FROM names_fts WHERE rowid = ?').run(promptId);
    tx.prepare('INSERT INTO names_fts (rowid, path, title, description) VALUES (?, ?, ?, ?)').run(promptId, ...names);
  }
  if (differs(texts.length)) {
    if (before) tx.prepare('DELETE FROM prompts_fts WHERE rowid = ?').run(promptId);
    tx.prepare(
      'INSERT INTO prompts_fts (rowid, path, title, description, tags, content) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(promptId, ...texts);
  }
}

/** All messages of the latest version and of the one in production. */
function textOf(tx: WriteTx, promptId: number, latest: string): string {
  const bodies = tx
    .prepare(
      `SELECT messages FROM contents WHERE hash IN (
         SELECT content_hash FROM versions WHERE prompt_id = ? AND (stage = 'PRD' OR major || '.' || minor = ?))`,
    )
    .pluck()
    .all<string>(promptId, latest);
  return bodies.flatMap((text) => (JSON.parse(text) as Message[]).map((message) => message.content)).join('\n');
}
