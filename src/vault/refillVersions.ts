import { insertRow, type Refill } from './insertRow.ts';
import { inTable, rowsOf } from './readDamaged.ts';
import { versionKey } from './replayLog.ts';
import type { SqlValue } from './statements.ts';
import type { Row } from './tableShapes.ts';

type Version = Row<
  | ('id' | 'prompt_id' | 'major' | 'minor' | 'stage' | 'content_hash' | 'revision' | 'created_at' | 'created_by')
  | ('deployed_at' | 'retired_at' | 'replaced_by')
>;
/** `told`: put together from the log, which knows no ids. */
type Candidate = { row: Version; told: boolean };

/** Versions with their revisions, labels and stages. */
export function refillVersions(state: Refill): void {
  const filled = insertDrafts(state);
  insertRevisions(state, filled);
  insertLabels(state, filled);
  // A prompt has one version in production at a time, so those that left it go first.
  const retiredFirst = [...filled].sort((a, b) => Number(b.stage === 'RET') - Number(a.stage === 'RET'));
  for (const row of retiredFirst) {
    const refused = walkStages(state, row);
    if (refused) state.lose('stage', placeOf(state, row), refused);
  }
  raiseNumbers(state);
}

const placeOf = ({ paths, log }: Refill, row: Version) => {
  const id = Number(row.prompt_id);
  const path = paths.get(id) ?? (log.prompts.get(id)?.row.path as string | undefined);
  return { path, version: `${row.major}.${row.minor}` };
};

/** Each version once, as a first draft. What its table leads to counts most, then what the log tells. */
function insertDrafts(state: Refill): Version[] {
  const { tx, readings, lose } = state;
  const idOf = createIds(state);
  const filled: Version[] = [];
  for (const candidates of candidatesOf(state)) {
    let refused: string | null = null;
    for (const { row, told } of candidates) {
      const id = told ? idOf(candidates, row) : row.id;
      const draft = { stage: 'DEV', revision: 1, deployed_at: null, retired_at: null, replaced_by: null };
      refused = readings.contents.has(String(row.content_hash))
        ? insertRow(tx, 'versions', { ...row, id, ...draft })
        : 'Its text is gone';
      if (refused !== null) continue;
      filled.push({ ...row, id });
      if (told) lose('version', placeOf(state, row), 'Its row could not be read; it was put together from the log');
      break;
    }
    const [first] = candidates;
    if (refused !== null && first) lose('version', placeOf(state, first.row), refused);
  }
  return filled;
}

/** What is known of each version, by number, the most trusted first. */
function candidatesOf({ readings, log }: Refill): Candidate[][] {
  const found = new Map<string, Candidate[]>();
  const own = inTable<keyof Version>(readings.rows, 'versions');
  const strays = inTable<keyof Version>(readings.strays, 'versions');
  const keyOf = (row: Version) => versionKey(row.prompt_id, row.major, row.minor);
  const add = (row: Version, told: boolean) => {
    const key = keyOf(row);
    found.set(key, [...(found.get(key) ?? []), { row, told }]);
  };
  const agrees = (row: Version) => {
    const told = log.versions.get(keyOf(row));
    return told?.deleted === false && told.row.stage === row.stage && told.row.content_hash === row.content_hash;
  };
  for (const row of own) add(row, false);
  for (const row of strays) if (agrees(row)) add(row, false);
  for (const { row, deleted } of log.versions.values()) if (!deleted) add(row as Version, true);
  for (const row of strays) if (!log.versions.has(keyOf(row))) add(row, false);
  const number = ([first]: Candidate[]) => [Number(first?.row.major), Number(first?.row.minor)] as const;
  return [...found.values()].sort((a, b) => number(a)[0] - number(b)[0] || number(a)[1] - number(b)[1]);
}

/** The log tells no ids. They are those of other rows of the version, so that its revisions are found again, or new ones. */
function createIds({ readings, log }: Refill) {
  const revisions = rowsOf<'version_id' | 'revision' | 'content_hash' | 'at' | 'actor'>(readings, 'revisions');
  const versions = rowsOf<'id'>(readings, 'versions');
  const known = new Set(versions.map(({ id }) => id));
  const first = (at: unknown, actor: unknown, hash: unknown) => JSON.stringify([at, actor, hash]);
  const orphans = new Map<string, SqlValue[]>();
  for (const { revision, version_id, at, actor, content_hash } of revisions) {
    if (revision !== 1 || known.has(version_id)) continue;
    const key = first(at, actor, content_hash);
    orphans.set(key, [...(orphans.get(key) ?? []), version_id]);
  }
  let last = Math.max(0, ...versions.map(({ id }) => Number(id)), ...revisions.map((row) => Number(row.version_id)));
  return (candidates: readonly Candidate[], told: Version): SqlValue => {
    const same = candidates.find(({ row }) => row.id !== undefined)?.row.id;
    const begun = log.versions.get(versionKey(told.prompt_id, told.major, told.minor))?.revisions.get(1);
    const ids = orphans.get(first(told.created_at, told.created_by, begun?.content_hash)) ?? [];
    last += 1;
    return same ?? (ids.length === 1 ? ids[0]! : last);
  };
}

function insertRevisions({ tx, readings, log }: Refill, filled: readonly Version[]): void {
  const ids = new Set(filled.map(({ id }) => id));
  for (const row of rowsOf<'version_id'>(readings, 'revisions')) {
    if (ids.has(row.version_id)) insertRow(tx, 'revisions', row);
  }
  for (const { id, ...row } of filled) {
    const told = log.versions.get(versionKey(row.prompt_id, row.major, row.minor))?.revisions;
    // One that is there already is refused.
    for (const revision of told?.values() ?? []) insertRow(tx, 'revisions', { version_id: id, ...revision });
  }
}

function insertLabels({ tx, readings, log }: Refill, filled: readonly Version[]): void {
  const read = Map.groupBy(rowsOf<'version_id' | 'label'>(readings, 'version_labels'), (row) => row.version_id);
  for (const { id, ...row } of filled) {
    const told = log.versions.get(versionKey(row.prompt_id, row.major, row.minor))?.labels ?? [];
    const labels = read.get(id)?.map(({ label }) => label) ?? told;
    for (const label of labels) insertRow(tx, 'version_labels', { version_id: id, label });
  }
}

function walkStages({ tx, lose, ...state }: Refill, row: Version): string | null {
  const { id } = row;
  const set = (sql: string, ...values: SqlValue[]) =>
    tx.prepare(`UPDATE versions SET ${sql} WHERE id = ?`).run(...values, id);
  try {
    set('revision = ?', row.revision);
    tx.prepare(
      `INSERT INTO revisions (version_id, revision, content_hash, rationale, at, actor)
       SELECT id, revision, content_hash, rationale, updated_at, updated_by FROM versions v WHERE id = ?
       AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.version_id = v.id AND r.revision = v.revision)`,
    ).run(id);
    const kept = tx.prepare('SELECT count(*) FROM revisions WHERE version_id = ?').pluck().get<number>(id)!;
    if (kept < Number(row.revision)) {
      const detail = `${Number(row.revision) - kept} of its ${row.revision} revisions are gone`;
      lose('revision', placeOf({ tx, lose, ...state }, row), detail);
    }
    if (row.stage === 'DEV') return null;
    set(`stage = 'TST'`);
    if (row.stage === 'TST') return null;
    set(`stage = 'PRD', deployed_at = ?`, row.deployed_at);
    if (row.stage === 'RET') {
      set(`stage = 'RET', retired_at = ?, replaced_by = ?`, row.retired_at, row.replaced_by);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Numbers of versions that were deleted stay taken. The log knows them; its gaps are filled by what was remembered. */
function raiseNumbers({ tx, readings, log, logIsWhole }: Refill): void {
  const raise = tx.prepare(
    `WITH told (prompt, major, highest) AS (VALUES (?, ?, ?))
     INSERT INTO version_numbers (prompt_id, major, highest)
     SELECT p.id, told.major, told.highest FROM told JOIN prompts p ON p.id = told.prompt WHERE NOT EXISTS
       (SELECT 1 FROM version_numbers n WHERE n.prompt_id = p.id AND n.major = told.major AND n.highest >= told.highest)
     ON CONFLICT (prompt_id, major) DO UPDATE SET highest = excluded.highest`,
  );
  for (const { row } of log.versions.values()) {
    const { prompt_id, major, minor } = row as Version;
    raise.run(prompt_id, major, minor);
  }
  if (logIsWhole) return;
  const remembered = inTable<'prompt_id' | 'major' | 'highest'>(readings.rows, 'version_numbers');
  for (const { prompt_id, major, highest } of remembered) raise.run(prompt_id, major, highest);
}
