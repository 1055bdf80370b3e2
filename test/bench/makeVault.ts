import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { canonicalJson } from '../../src/vault/canonical.ts';
import { type EventRow, eventHash } from '../../src/vault/events.ts';
import { migrations } from '../../src/vault/migrations.ts';
import { openVault } from '../../src/vault/vault.ts';
import { type MadePrompt, makePrompt } from './makePrompt.ts';

const at = '2026-01-05T10:00:00.000Z';
const actor = 'Priya <priya@example.com>';
const bytesPerPrompt = 16_000;
const cache = join(import.meta.dirname, '../../.vscode-test/bench');

/** The vault of this size, made when it is not there or of another schema. Takes some minutes for a million prompts. */
export function benchVault(size: number, log: (line: string) => void): string {
  const schema = createHash('sha256').update(migrations.join()).digest('hex').slice(0, 8);
  const file = join(cache, `prompts-${size}-${schema}`, '.promptvault', 'vault.db');
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < size * bytesPerPrompt) throw new Error(`Not enough room in ${cache} for ${size} prompts`);
  const begun = performance.now();
  const folder = join(cache, `making-${size}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  const making = join(folder, '.promptvault', 'vault.db');
  openVault(making, { actor, mode: 'create' }).close();
  fill(making, size, log);
  renameSync(folder, dirname(dirname(file)));
  log(`${size} prompts made in ${Math.round((performance.now() - begun) / 1000)} s`);
  return file;
}

/** Rows as the use cases would leave them, put in without the triggers, which are put back word for word. */
function fill(file: string, size: number, log: (line: string) => void): void {
  const raw = new Sqlite(file);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'cache_size = -5000000'])
    raw.pragma(pragma);
  const aside = raw
    .prepare(
      `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY type`,
    )
    .all() as { type: string; name: string; sql: string }[];
  for (const { type, name } of aside) raw.exec(`DROP ${type} ${name}`);
  const insert = inserter(raw);
  const step = 20_000;
  for (let from = 0; from < size; from += step) {
    raw.exec('BEGIN');
    for (let i = from; i < Math.min(size, from + step); i += 1) insert(i + 1, makePrompt(i, size));
    raw.exec('COMMIT');
    if ((from / step) % 5 === 0) log(`  ${from} of ${size} prompts …`);
  }
  log('  indexes …');
  raw.exec(countFolders);
  for (const { sql } of aside) raw.exec(sql);
  raw.close();
}

function inserter(raw: Sqlite.Database) {
  const into = (table: string, columns: string) =>
    raw.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (${columns
        .split(', ')
        .map(() => '?')
        .join(', ')})`,
    );
  const prompts = into(
    'prompts',
    'id, path, folder, name, title, description, created_at, updated_at, dev, tst, prd, ret, latest',
  );
  const tags = into('prompt_tags', 'prompt_id, tag, path, dev, tst, prd, ret');
  const contents = into('contents', 'hash, settings, variables, messages');
  const versions = into(
    'versions',
    'id, prompt_id, major, minor, stage, content_hash, revision, rationale, created_at, created_by, updated_at, updated_by, deployed_at, retired_at, replaced_by',
  );
  const numbers = into('version_numbers', 'prompt_id, major, highest');
  const revisions = into('revisions', 'id, version_id, revision, content_hash, rationale, at, actor');
  const texts = into('prompts_fts', 'rowid, path, title, description, tags, content');
  const names = into('names_fts', 'rowid, path, title, description');
  const changed = raw.prepare('UPDATE prompts SET changed_seq = (SELECT max(seq) FROM events) WHERE id = ?');
  const append = appender(
    raw,
    into('events', 'seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash, hash'),
  );

  return (id: number, prompt: MadePrompt) => {
    const { path, folder, name, title, description, versions: made } = prompt;
    const inStage = (stage: string) => made.filter((version) => version.stage === stage).length;
    const production = made.find(({ stage }) => stage === 'PRD');
    const [dev, tst, ret] = [inStage('DEV'), inStage('TST'), inStage('RET')];
    const prd = production ? `1.${production.minor}` : null;
    prompts.run(id, path, folder, name, title, description, at, at, dev, tst, prd, ret, '1.4');
    for (const tag of prompt.tags) tags.run(id, tag, path, +(dev > 0), +(tst > 0), +(prd !== null), +(ret > 0));
    append({ kind: 'prompt.created', prompt_id: id, path, version: null, details: { title, tags: prompt.tags } });
    for (const { minor, stage, hash, settings, variables, messages } of made) {
      const version = `1.${minor}`;
      const row = (id - 1) * 5 + minor + 1;
      const released = stage === 'PRD' || stage === 'RET';
      contents.run(hash, settings, variables, messages);
      const [deployed, retired, by] = [
        released ? at : null,
        stage === 'RET' ? at : null,
        stage === 'RET' ? `1.${minor + 1}` : null,
      ];
      versions.run(row, id, 1, minor, stage, hash, 1, 'because', at, actor, at, actor, deployed, retired, by);
      revisions.run(row, row, 1, hash, 'because', at, actor);
      const details = { hash, copiedFrom: minor > 0 ? `1.${minor - 1}` : null, rollbackOf: null };
      append({ kind: 'version.created', prompt_id: id, path, version, details });
      if (released)
        append({ kind: 'version.promoted', prompt_id: id, path, version, details: { from: 'TST', hash, to: 'PRD' } });
    }
    changed.run(id);
    numbers.run(id, 1, 4);
    texts.run(id, path, title, description, [...prompt.tags].sort().join(', '), prompt.searched);
    names.run(id, path, title, description);
  };
}

/** Adds to the log's chain after its last entry. */
function appender(raw: Sqlite.Database, insert: Sqlite.Statement) {
  let last = raw.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').get() as Pick<
    EventRow,
    'seq' | 'hash'
  >;
  return (event: Pick<EventRow, 'kind' | 'prompt_id' | 'path' | 'version'> & { details: object }) => {
    const row = {
      seq: last.seq + 1,
      at,
      actor,
      kind: event.kind,
      prompt_id: event.prompt_id,
      path: event.path,
      version: event.version,
      reason: null,
      details: canonicalJson(event.details),
      prev_hash: last.hash,
    };
    last = { seq: row.seq, hash: eventHash(row) };
    insert.run(...Object.values(row), last.hash);
  };
}

const counted = 'count(*), ?, sum(dev > 0), sum(tst > 0), sum(prd IS NOT NULL), sum(ret > 0)';
const perFolder = (folder: string, parent: string, direct: string) =>
  `INSERT INTO counts SELECT 'folder', ${folder}, ${parent}, ${counted.replace('?', direct)} FROM prompts GROUP BY ${folder};`;
const area = `substr(folder, 1, instr(folder, '/') - 1)`;
/** Folders are two levels deep: the topic, its area, the top. */
const countFolders = `
  ${perFolder('folder', area, 'count(*)')}
  ${perFolder(area, "''", '0')}
  INSERT INTO counts SELECT 'folder', '', NULL, ${counted.replace('?', '0')} FROM prompts;
  INSERT INTO counts SELECT 'tag', tag, NULL, count(*), count(*), sum(dev), sum(tst), sum(prd), sum(ret) FROM prompt_tags GROUP BY tag;
`;
