import Sqlite from 'better-sqlite3';
import { hashTexts } from '../../src/vault/canonical.ts';
import { openVault } from '../../src/vault/vault.ts';
import { testActor } from './vaultBuilders.ts';

// node test/support/largeVault.ts <file> <prompts> <folders> <tags> <versions>
// A vault of many small prompts, spread over folders and tags; the first prompt has many versions.
const [file, ...sizes] = process.argv.slice(2);
const [prompts = 0, folders = 1, tags = 1, versions = 1] = sizes.map(Number);
if (!file || prompts === 0) throw new Error('Name the file, and how many prompts, folders, tags and versions');

const at = '2026-01-05T10:00:00.000Z';
const texts = { messages: '[{"content":"Refund kindly","role":"user"}]', settings: '{}', variables: '[]' };
const hash = hashTexts(texts);

openVault(file, { actor: testActor, mode: 'create' }).close();
const raw = new Sqlite(file);
for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -500000']) raw.pragma(pragma);
raw.function('number', (i) => String(i).padStart(6, '0'));

// Rows as the use cases would leave them, without the triggers, which are put back word for word.
const aside = raw
  .prepare(`SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL`)
  .all() as { type: string; name: string; sql: string }[];
raw.exec('BEGIN');
for (const { type, name } of aside) raw.exec(`DROP ${type} ${name}`);
const count = (to: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
const folder = `'folder-' || number(i % ${folders})`;
const path = `${folder} || '/prompt-' || number(i)`;
const version = `'DEV', '${hash}', 1, '', '${at}', '${testActor}', '${at}', '${testActor}'`;
const columns =
  'id, prompt_id, major, minor, stage, content_hash, revision, rationale, created_at, created_by, updated_at';
raw.exec(`
  INSERT INTO contents (hash, settings, variables, messages) VALUES ('${hash}', '{}', '[]', '${texts.messages}');
  ${count(prompts)} INSERT INTO prompts
    (id, path, folder, name, title, description, created_at, updated_at, dev, latest, changed_seq)
    SELECT i, ${path}, ${folder}, 'prompt-' || number(i), 'Prompt ' || i, '', '${at}', '${at}',
      iif(i = 1, ${versions}, 1), '1.' || iif(i = 1, ${versions - 1}, 0), i FROM n;
  INSERT INTO prompt_tags (prompt_id, tag, path, dev) SELECT id, 'all', path, 1 FROM prompts;
  INSERT INTO prompt_tags (prompt_id, tag, path, dev) SELECT id, 'tag-' || number(id % ${tags}), path, 1 FROM prompts;
  INSERT INTO versions (${columns}, updated_by) SELECT id, id, 1, 0, ${version} FROM prompts;
  ${count(versions - 1)} INSERT INTO versions (${columns}, updated_by) SELECT ${prompts} + i, 1, 1, i, ${version} FROM n;
  INSERT INTO revisions (version_id, revision, content_hash, rationale, at, actor)
    SELECT id, 1, content_hash, '', '${at}', '${testActor}' FROM versions;
  INSERT INTO version_numbers (prompt_id, major, highest) SELECT prompt_id, 1, max(minor) FROM versions GROUP BY prompt_id;
  INSERT INTO prompts_fts (rowid, path, title, description, tags, content)
    SELECT id, path, title, '', 'all, tag-' || number(id % ${tags}), 'Refund kindly' FROM prompts;
  INSERT INTO names_fts (rowid, path, title, description) SELECT id, path, title, '' FROM prompts;
  DELETE FROM counts;
  INSERT INTO counts SELECT 'folder', '', NULL, count(*), 0, count(*), 0, 0, 0 FROM prompts;
  INSERT INTO counts SELECT 'folder', folder, '', count(*), count(*), count(*), 0, 0, 0 FROM prompts GROUP BY folder;
  INSERT INTO counts SELECT 'tag', tag, NULL, count(*), count(*), count(*), 0, 0, 0 FROM prompt_tags GROUP BY tag;
`);
for (const { sql } of aside) raw.exec(sql);
raw.exec('COMMIT');
raw.close();
