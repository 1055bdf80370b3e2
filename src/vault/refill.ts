import { casesFit, type StoredCases } from './checkDatasets.ts';
import type { WriteTx } from './database.ts';
import { insertRow, type Lose, type Refill } from './insertRow.ts';
import { type Readings, rowsOf } from './readDamaged.ts';
import { refillLog } from './refillLog.ts';
import { refillPrompts } from './refillPrompts.ts';
import { refillVersions } from './refillVersions.ts';
import { replayLog } from './replayLog.ts';
import { indexPrompt } from './searchIndex.ts';
import type { Row } from './tableShapes.ts';
import type { Problem } from './types.ts';

/**
 * Puts what was read of a damaged vault into an empty one, through all rules of the database: a version walks through its
 * stages again. A row that is gone is put together from the log. Answers what had to be left out or put together.
 */
export function refill(tx: WriteTx, readings: Readings): Problem[] {
  const lost: Problem[] = [];
  const lose: Lose = (what, { path, version }, detail) =>
    lost.push({ what, path: path ?? null, version: version ?? null, detail });
  const logIsWhole = readings.events.length > 0 && readings.events.length === readings.highestSeq;
  const state: Refill = { tx, readings, log: replayLog(readings.events), logIsWhole, paths: new Map(), lose };
  for (const { hash, settings, variables, messages } of readings.contents.values()) {
    insertRow(tx, 'contents', { hash, settings, variables, messages });
  }
  refillPrompts(state);
  refillVersions(state);
  dropEmptyPrompts(state);
  refillLog(state);
  refillOthers(state);
  for (const id of state.paths.keys()) indexPrompt(tx, id);
  return lost;
}

/** A prompt has at least one version. */
function dropEmptyPrompts({ tx, paths, lose }: Refill): void {
  const empty = tx.prepare('SELECT id FROM prompts WHERE id NOT IN (SELECT prompt_id FROM versions)').pluck();
  for (const id of empty.all<number>()) {
    tx.prepare('DELETE FROM prompts WHERE id = ?').run(id);
    lose('prompt', { path: paths.get(id) }, 'None of its versions could be read');
    paths.delete(id);
  }
}

const own = [
  'meta',
  'prompts',
  'prompt_tags',
  'contents',
  'versions',
  'version_numbers',
  'revisions',
  'version_labels',
  'events',
];

/** The tables of the other rooms: their rows stand for themselves. */
function refillOthers({ tx, readings, logIsWhole, lose }: Refill): void {
  for (const table of Object.keys(readings.rows).filter((name) => !own.includes(name))) {
    const refused = rowsOf(readings, table).flatMap(
      (row) => refusal(table, row, logIsWhole) ?? insertRow(tx, table, row) ?? [],
    );
    if (refused.length > 0) lose(table, {}, `${refused.length} rows could not be kept: ${refused[0]}`);
  }
  // A dataset says itself which revision it is at.
  const { changes } = tx
    .prepare(`INSERT OR IGNORE INTO dataset_revisions (dataset_id, revision, hash, at, actor)
      SELECT id, revision, hash, updated_at, updated_by FROM datasets`)
    .run();
  if (changes > 0) lose('dataset_revisions', {}, `The newest of ${changes} datasets was put together again`);
}

/** Cases that do not fit their hash are not what anybody wrote. Behind a gap the entries of the log have other numbers. */
function refusal(table: string, row: Row, logIsWhole: boolean): string | null {
  if (table === 'dataset_contents' && !casesFit(row as StoredCases)) return 'Its cases were changed';
  const tellsOfEntry = table === 'deliveries' && row.action !== 'sync' && row.event_seq !== null;
  return tellsOfEntry && !logIsWhole ? 'The entry it tells of is not sure' : null;
}
