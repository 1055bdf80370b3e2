import type { WriteTx } from './database.ts';
import { type EventRow, eventHash } from './events.ts';
import type { Readings, Row } from './readDamaged.ts';
import { indexPrompt } from './searchIndex.ts';
import type { SqlValue } from './statements.ts';
import type { Problem } from './types.ts';

type Lose = (what: string, at: { path?: string | null; version?: string | null }, detail: string) => void;

/**
 * Puts what was read of a damaged vault into an empty one, through all rules of the database: a version walks through its
 * stages again. Answers what had to be left out.
 */
export function refill(tx: WriteTx, readings: Readings): Problem[] {
  const lost: Problem[] = [];
  const lose: Lose = (what, { path, version }, detail) =>
    lost.push({ what, path: path ?? null, version: version ?? null, detail });
  fillContents(tx, readings);
  const paths = fillPrompts(tx, readings, lose);
  fillVersions(tx, readings, { paths, lose });
  dropEmptyPrompts(tx, paths, lose);
  fillEvents(tx, readings, lose);
  fillResults(tx, readings, lose);
  for (const id of paths.keys()) indexPrompt(tx, id);
  return lost;
}

/** Inserts the named columns of a row; answers why not. */
function insert(tx: WriteTx, table: string, row: Row): string | null {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  try {
    tx.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const pick = (row: Row, ...columns: string[]): Row =>
  Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));

function fillContents(tx: WriteTx, { contents }: Readings): void {
  for (const { hash, settings, variables, messages } of contents.values()) {
    insert(tx, 'contents', { hash, settings, variables, messages });
  }
}

/** Prompts by id; one whose row is gone is known from the log. */
function fillPrompts(tx: WriteTx, { rows, events }: Readings, lose: Lose): Map<number, string> {
  const paths = new Map<number, string>();
  const columns = ['id', 'path', 'folder', 'name', 'title', 'description', 'created_at', 'updated_at'];
  for (const row of rows.prompts ?? []) {
    const path = String(row.path);
    const refused = insert(tx, 'prompts', pick(row, ...columns));
    if (refused) lose('prompt', { path }, refused);
    else paths.set(Number(row.id), path);
  }
  for (const row of rows.versions ?? []) {
    const id = Number(row.prompt_id);
    const last = events.findLast((event) => event.prompt_id === id && event.path !== null);
    if (paths.has(id) || !last?.path) continue;
    const path = last.path;
    const at = { created_at: last.at, updated_at: last.at };
    const [folder, name] = [path.slice(0, Math.max(0, path.lastIndexOf('/'))), path.slice(path.lastIndexOf('/') + 1)];
    if (insert(tx, 'prompts', { id, path, folder, name, title: path, description: '', ...at })) continue;
    paths.set(id, path);
    lose('title', { path }, 'Title and description could not be read');
  }
  for (const row of rows.prompt_tags ?? []) {
    const id = Number(row.prompt_id);
    const path = paths.get(id);
    if (path !== undefined) insert(tx, 'prompt_tags', { ...pick(row, 'prompt_id', 'tag'), path });
  }
  return paths;
}

/** A prompt has at least one version. */
function dropEmptyPrompts(tx: WriteTx, paths: Map<number, string>, lose: Lose): void {
  const empty = tx.prepare('SELECT id FROM prompts WHERE id NOT IN (SELECT prompt_id FROM versions)').pluck();
  for (const id of empty.all<number>()) {
    tx.prepare('DELETE FROM prompts WHERE id = ?').run(id);
    lose('prompt', { path: paths.get(id) }, 'None of its versions could be read');
    paths.delete(id);
  }
}

type Where = { paths: Map<number, string>; lose: Lose };

function fillVersions(tx: WriteTx, { rows, contents }: Readings, { paths, lose }: Where): void {
  const byNumber = (a: Row, b: Row) => Number(a.major) - Number(b.major) || Number(a.minor) - Number(b.minor);
  const filled: Row[] = [];
  for (const row of (rows.versions ?? []).sort(byNumber)) {
    const at = { path: paths.get(Number(row.prompt_id)) ?? null, version: `${row.major}.${row.minor}` };
    const refused = contents.has(String(row.content_hash))
      ? insert(tx, 'versions', {
          ...row,
          stage: 'DEV',
          revision: 1,
          deployed_at: null,
          retired_at: null,
          replaced_by: null,
        })
      : 'Its text is gone';
    if (refused) lose('version', at, refused);
    else filled.push(row);
  }
  const ids = new Set(filled.map(({ id }) => id));
  for (const row of rows.revisions ?? []) {
    if (ids.has(row.version_id ?? null) && insert(tx, 'revisions', row)) {
      const version = filled.find(({ id }) => id === row.version_id);
      const at = { path: paths.get(Number(version?.prompt_id)), version: `${version?.major}.${version?.minor}` };
      lose('revision', at, `Revision ${row.revision} is gone`);
    }
  }
  for (const row of rows.version_labels ?? []) if (ids.has(row.version_id ?? null)) insert(tx, 'version_labels', row);
  // A prompt has one version in production at a time, so those that left it go first.
  for (const row of [
    ...filled.filter(({ stage }) => stage === 'RET'),
    ...filled.filter(({ stage }) => stage !== 'RET'),
  ]) {
    const at = { path: paths.get(Number(row.prompt_id)), version: `${row.major}.${row.minor}` };
    const refused = walkStages(tx, row);
    if (refused) lose('stage', at, refused);
  }
  for (const row of rows.version_numbers ?? []) insertHighest(tx, row);
}

function walkStages(tx: WriteTx, row: Row): string | null {
  const id = row.id ?? null;
  const set = (sql: string, ...values: SqlValue[]) =>
    tx.prepare(`UPDATE versions SET ${sql} WHERE id = ?`).run(...values, id);
  try {
    set('revision = ?', row.revision ?? 1);
    tx.prepare(
      `INSERT INTO revisions (version_id, revision, content_hash, rationale, at, actor)
       SELECT id, revision, content_hash, rationale, updated_at, updated_by FROM versions v WHERE id = ?
       AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.version_id = v.id AND r.revision = v.revision)`,
    ).run(id);
    if (row.stage === 'DEV') return null;
    set(`stage = 'TST'`);
    if (row.stage === 'TST') return null;
    set(`stage = 'PRD', deployed_at = ?`, row.deployed_at ?? null);
    if (row.stage === 'RET') {
      set(`stage = 'RET', retired_at = ?, replaced_by = ?`, row.retired_at ?? null, row.replaced_by ?? null);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Numbers of versions that were deleted stay taken. */
function insertHighest(tx: WriteTx, row: Row): void {
  const known = tx
    .prepare('SELECT highest FROM version_numbers WHERE prompt_id = ? AND major = ?')
    .pluck()
    .get<number>(row.prompt_id ?? null, row.major ?? null);
  if (known === undefined) insert(tx, 'version_numbers', row);
  else if (known < Number(row.highest)) {
    const raise = 'UPDATE version_numbers SET highest = ? WHERE prompt_id = ? AND major = ?';
    tx.prepare(raise).run(row.highest ?? 0, row.prompt_id ?? null, row.major ?? null);
  }
}

/** The log as it was up to the first gap; what follows is chained anew, and what rules need is said again. */
function fillEvents(tx: WriteTx, { events, highestSeq }: Readings, lose: Lose): void {
  let seq = 0;
  let hash = '';
  let before = 0;
  const gone = (first: number, last: number) => {
    if (last >= first) lose('log', {}, `Entries ${first} to ${last} are gone`);
  };
  for (const event of events) {
    gone(before + 1, event.seq - 1);
    before = event.seq;
    const row: EventRow = { ...event, seq: seq + 1, prev_hash: hash, hash: '' };
    row.hash = eventHash(row);
    if (insert(tx, 'events', row)) continue;
    seq = row.seq;
    hash = row.hash;
  }
  gone(before + 1, highestSeq);
  const bare = `FROM versions v JOIN prompts p ON p.id = v.prompt_id WHERE `;
  const unsaid = (kind: string, more: string) => `NOT EXISTS (SELECT 1 FROM events e WHERE e.prompt_id = v.prompt_id
    AND e.kind = '${kind}' AND e.version = v.major || '.' || v.minor ${more})`;
  const shape = `SELECT v.prompt_id AS promptId, p.path, v.major || '.' || v.minor AS version, v.content_hash AS hash `;
  type Unsaid = { promptId: number; path: string; version: string; hash: string };
  for (const { hash: content, ...at } of tx.prepare(shape + bare + unsaid('version.created', '')).all<Unsaid>()) {
    tx.appendEvent({ kind: 'version.created', ...at, details: { hash: content, salvaged: true } });
  }
  const promoted = unsaid(
    'version.promoted',
    `AND json_extract(e.details, '$.to') = 'PRD' AND json_extract(e.details, '$.hash') = v.content_hash`,
  );
  for (const { hash: content, ...at } of tx
    .prepare(`${shape}${bare} v.stage IN ('PRD', 'RET') AND ${promoted}`)
    .all<Unsaid>()) {
    tx.appendEvent({ kind: 'version.promoted', ...at, details: { to: 'PRD', hash: content, salvaged: true } });
  }
}

function fillResults(tx: WriteTx, { rows }: Readings, lose: Lose): void {
  let refused = 0;
  for (const table of ['runs', 'run_cases', 'cells', 'sync_state']) {
    for (const row of rows[table] ?? []) if (insert(tx, table, row)) refused += 1;
  }
  if (refused > 0) lose('results', {}, `${refused} test results could not be kept`);
}
