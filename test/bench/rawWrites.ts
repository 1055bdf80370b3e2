import type Sqlite from 'better-sqlite3';
import { canonicalJson, contentTexts, hashTexts } from '../../src/vault/canonical.ts';
import { eventHash } from '../../src/vault/events.ts';
import type { Message } from '../../src/vault/types.ts';

const actor = 'raw <raw@example.com>';
type Event = { kind: string; promptId: number; path: string; version: string; details: object };

/** What the use cases write, as bare prepared statements of the driver: the same rows, triggers, log and search. */
export function rawWrites(raw: Sqlite.Database) {
  const sql = (text: string) => raw.prepare(text);
  const begin = sql('BEGIN IMMEDIATE');
  const commit = sql('COMMIT');
  const lastEvent = sql('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1');
  const addEvent = sql('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addContent = sql('INSERT INTO contents (hash, settings, variables, messages) VALUES (?, ?, ?, ?)');
  const addRevision = sql(
    'INSERT INTO revisions (version_id, revision, content_hash, rationale, at, actor) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addPrompt = sql(
    'INSERT INTO prompts (path, folder, name, title, description, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const addTag = sql('INSERT INTO prompt_tags (prompt_id, tag) VALUES (?, ?)');
  const addVersion = sql(`INSERT INTO versions (prompt_id, major, minor, stage, content_hash, revision, rationale,
    created_at, created_by, updated_at, updated_by) VALUES (?, 1, 0, 'DEV', ?, 1, '', ?, ?, ?, ?)`);
  const addWords = sql(
    'INSERT INTO prompts_fts (rowid, path, title, description, tags, content) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addNames = sql('INSERT INTO names_fts (rowid, path, title, description) VALUES (?, ?, ?, ?)');
  const dropWords = sql('DELETE FROM prompts_fts WHERE rowid = ?');
  const words = sql('SELECT path, title, description, tags FROM prompts_fts WHERE rowid = ?').raw();
  const latest = sql(`SELECT v.id, v.prompt_id, v.revision, v.content_hash FROM versions v
    WHERE prompt_id = (SELECT id FROM prompts WHERE path = ?) ORDER BY major DESC, minor DESC LIMIT 1`);
  const setContent = sql(
    'UPDATE versions SET content_hash = ?, revision = ?, updated_at = ?, updated_by = ? WHERE id = ?',
  );
  const setStage = sql(`UPDATE versions SET stage = 'TST' WHERE id = ?`);
  const touch = sql('UPDATE prompts SET updated_at = ? WHERE id = ?');

  const now = () => new Date().toISOString();
  function event({ kind, promptId, path, version, details }: Event): void {
    const last = lastEvent.get() as { seq: number; hash: string };
    const row = {
      seq: last.seq + 1,
      at: now(),
      actor,
      kind,
      prompt_id: promptId,
      path,
      version,
      reason: null,
      details: canonicalJson(details),
      prev_hash: last.hash,
    };
    addEvent.run(...Object.values(row), eventHash(row));
  }
  function store(messages: Message[]): string {
    const texts = contentTexts({ messages, settings: { temperature: 0.2 }, variables: [{ name: 'input' }] });
    const hash = hashTexts(texts);
    addContent.run(hash, texts.settings, texts.variables, texts.messages);
    return hash;
  }
  type Latest = { id: number; prompt_id: number; revision: number; content_hash: string };
  const newest = (path: string) => latest.get(path) as Latest;

  return {
    transaction(body: () => void): void {
      begin.run();
      body();
      commit.run();
    },
    edit(path: string, text: string): void {
      const { id, prompt_id: promptId, revision } = newest(path);
      const hash = store([{ role: 'user', content: text }]);
      setContent.run(hash, revision + 1, now(), actor, id);
      addRevision.run(id, revision + 1, hash, '', now(), actor);
      touch.run(now(), promptId);
      const names = words.get(promptId) as string[];
      dropWords.run(promptId);
      addWords.run(promptId, ...names, text);
      event({ kind: 'version.edited', promptId, path, version: '1.4', details: { hash, revision: revision + 1 } });
    },
    promote(path: string): void {
      const { id, prompt_id: promptId, content_hash: hash } = newest(path);
      setStage.run(id);
      touch.run(now(), promptId);
      event({ kind: 'version.promoted', promptId, path, version: '1.4', details: { from: 'DEV', to: 'TST', hash } });
    },
    create(p: { path: string; title: string; description: string; tags: string[]; messages: Message[] }): void {
      const { path, title, description, tags, messages } = p;
      const folder = path.slice(0, path.lastIndexOf('/'));
      const at = now();
      const added = addPrompt.run(path, folder, path.slice(folder.length + 1), title, description, at, at);
      const promptId = Number(added.lastInsertRowid);
      for (const tag of tags) addTag.run(promptId, tag);
      event({ kind: 'prompt.created', promptId, path, version: '', details: { title, tags } });
      const hash = store(messages);
      const version = addVersion.run(promptId, hash, at, actor, at, actor);
      addRevision.run(Number(version.lastInsertRowid), 1, hash, '', at, actor);
      event({
        kind: 'version.created',
        promptId,
        path,
        version: '1.0',
        details: { hash, copiedFrom: null, rollbackOf: null },
      });
      addWords.run(
        promptId,
        path,
        title,
        description,
        tags.join(', '),
        messages.map(({ content }) => content).join('\n'),
      );
      addNames.run(promptId, path, title, description);
    },
  };
}
