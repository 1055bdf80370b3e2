import type { Database } from './database.ts';
import type { GroupCount, GroupPage, GroupQuery, Stage } from './types.ts';
import { stages } from './types.ts';

/** A row of `counts`: prompts of a folder with all below it, or of a tag, in all and per stage. Kept by triggers. */
export type Counts = { total: number; direct: number; dev: number; tst: number; prd: number; ret: number };

const none: Counts = { total: 0, direct: 0, dev: 0, tst: 0, prd: 0, ret: 0 };
const columnOf = { DEV: 'dev', TST: 'tst', PRD: 'prd', RET: 'ret' } as const satisfies Record<Stage, keyof Counts>;

/** What is counted under a folder ('' is the vault) or a tag; zeros where there is none. */
export function countsOf(database: Database, kind: 'folder' | 'tag', name: string): Counts {
  return database.prepare('SELECT * FROM counts WHERE kind = ? AND name = ?').get<Counts>(kind, name) ?? none;
}

export const inStage = (counts: Counts, stage: Stage | undefined): number =>
  stage === undefined ? counts.total : counts[columnOf[stage]];

/** The rows of one level of a grouping, a page at a time; `limit` is at least 1. */
export function readGroups(database: Database, { by, parent = '', after = '', limit = 200 }: GroupQuery): GroupPage {
  if (by === 'stage') {
    const counts = countsOf(database, 'folder', '');
    return { groups: stages.map((name) => ({ name, count: inStage(counts, name) })), more: false };
  }
  const sql =
    by === 'tag'
      ? `SELECT name, total AS count FROM counts WHERE kind = 'tag' AND name > ? ORDER BY name LIMIT ?`
      : `SELECT name, total AS count, direct FROM counts WHERE kind = 'folder' AND parent = ? AND name > ? ORDER BY name LIMIT ?`;
  const values = by === 'tag' ? [after, limit + 1] : [parent, after, limit + 1];
  const rows = database.prepare(sql).all<GroupCount>(...values);
  return { groups: rows.slice(0, limit), more: rows.length > limit };
}
