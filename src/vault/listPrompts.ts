import { VaultError } from '../shared/errors.ts';
import type { Reader } from './content.ts';
import type { Database } from './database.ts';
import { matchQuery } from './searchIndex.ts';
import type { SqlValue } from './statements.ts';
import { type GroupCount, type Groups, type ListQuery, type PromptSummary, stages, type VaultApi } from './types.ts';

type SummaryRow = {
  id: number;
  path: string;
  title: string;
  description: string;
  tags: string;
  dev: number;
  tst: number;
  prd: string | null;
  ret: number;
  latest: string;
  updated_at: string;
};
/** A condition on `prompts p` with its values. */
type Filter = { sql: string; values: SqlValue[] };

const columns = `p.id, p.path, p.title, p.description, p.dev, p.tst, p.prd, p.ret, p.latest, p.updated_at,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM prompt_tags WHERE prompt_id = p.id ORDER BY tag)) AS tags`;
const inStage = { DEV: 'p.dev > 0', TST: 'p.tst > 0', PRD: 'p.prd IS NOT NULL', RET: 'p.ret > 0' } as const;
/** Path, title, description, tags, content: a hit in a name weighs more than one in a text. */
const rank = 'bm25(prompts_fts, 10.0, 8.0, 4.0, 6.0, 1.0)';
/** Ranking reads every hit; among more than these only the newest prompts are ranked, so that any word stays fast. */
const rankedHits = 2000;
const defaultLimit = 200;

function filterOf({ folder, direct, tag, stage }: ListQuery): Filter {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const prefix = folder?.replace(/^\/+|\/+$/g, '');
  if (direct && prefix !== undefined) {
    parts.push('p.folder = ?');
    values.push(prefix);
  } else if (prefix) {
    // '0' follows '/': the range holds exactly what begins with `folder/`.
    parts.push('p.path > ? AND p.path < ?');
    values.push(`${prefix}/`, `${prefix}0`);
  }
  if (tag !== undefined) {
    parts.push('p.id IN (SELECT prompt_id FROM prompt_tags WHERE tag = ?)');
    values.push(tag);
  }
  if (stage !== undefined) {
    if (!stages.includes(stage)) {
      throw new VaultError('INVALID_INPUT', `"${stage}" is no stage. Use ${stages.join(', ')}`, { field: 'stage' });
    }
    parts.push(inStage[stage]);
  }
  return { sql: parts.join(' AND '), values };
}

function toSummary(row: SummaryRow): PromptSummary {
  const { path, title, description, latest } = row;
  const counts = { DEV: row.dev, TST: row.tst, PRD: row.prd, RET: row.ret };
  return { path, title, description, tags: JSON.parse(row.tags), stages: counts, latest, updatedAt: row.updated_at };
}

export function summaryOf(reader: Reader, promptId: number): PromptSummary {
  const row = reader.prepare(`SELECT ${columns} FROM prompts p WHERE p.id = ?`).get<SummaryRow>(promptId);
  if (!row) throw new VaultError('INTERNAL', `No prompt ${promptId}`);
  return toSummary(row);
}

function wholeNumber(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new VaultError('INVALID_INPUT', `The ${field} must be a whole number from 0`, { field });
}

/** Pages of prompts by path, or by relevance when something is searched, and the counts of every group. */
export function listUseCases(database: Database): Pick<VaultApi, 'list' | 'groups'> {
  const count = (sql: string, values: SqlValue[]) =>
    database
      .prepare(sql)
      .pluck()
      .get<number>(...values) ?? 0;

  function byPath(filter: Filter, limit: number, offset: number) {
    const where = filter.sql && `WHERE ${filter.sql}`;
    const rows = database
      .prepare(`SELECT ${columns} FROM prompts p ${where} ORDER BY p.path LIMIT ? OFFSET ?`)
      .all<SummaryRow>(...filter.values, limit, offset);
    return { total: count(`SELECT count(*) FROM prompts p ${where}`, filter.values), prompts: rows.map(toSummary) };
  }
  function bySearch(match: string, filter: Filter, page: { limit: number; offset: number }) {
    // The + keeps SQLite from asking the index anew for every prompt that fits the filter.
    const fits = filter.sql && `AND +rowid IN (SELECT p.id FROM prompts p WHERE ${filter.sql})`;
    const hits = `FROM prompts_fts WHERE prompts_fts MATCH ? ${fits}`;
    const pool = Math.max(rankedHits, page.offset + page.limit);
    const rows = database
      .prepare(
        `SELECT ${columns} FROM (SELECT rowid AS id, ${rank} AS score ${hits} ORDER BY rowid DESC LIMIT ?) AS hit
         JOIN prompts p ON p.id = hit.id ORDER BY hit.score, p.path LIMIT ? OFFSET ?`,
      )
      .all<SummaryRow>(match, ...filter.values, pool, page.limit, page.offset);
    const prompts = rows.map((row) => ({ ...toSummary(row), snippet: snippetOf(match, row.id) }));
    return { total: count(`SELECT count(*) ${hits}`, [match, ...filter.values]), prompts };
  }
  /** One look-up per row shown: asked for all rows at once, FTS5 would walk through every hit of a common word. */
  function snippetOf(match: string, id: number): string {
    const text = database
      .prepare(
        `SELECT snippet(prompts_fts, -1, '', '', '…', 16) FROM prompts_fts WHERE prompts_fts MATCH ? AND rowid = ?`,
      )
      .pluck()
      .get<string>(match, id);
    return (text ?? '').replace(/\s+/g, ' ').trim();
  }
  return {
    list: (query) =>
      database.read(() => {
        const filter = filterOf(query);
        const limit = wholeNumber('limit', query.limit ?? defaultLimit);
        const offset = wholeNumber('offset', query.offset ?? 0);
        if (!query.search?.trim()) return byPath(filter, limit, offset);
        const match = matchQuery(query.search);
        return match === null ? { total: 0, prompts: [] } : bySearch(match, filter, { limit, offset });
      }),
    groups: () => database.read(() => readGroups(database)),
  };
}

function readGroups(database: Database): Groups {
  const direct = database.prepare('SELECT folder, count(*) AS count FROM prompts GROUP BY folder');
  const folders = new Map<string, Required<GroupCount>>();
  const folderAt = (name: string) => {
    const known = folders.get(name) ?? { name, count: 0, direct: 0 };
    folders.set(name, known);
    return known;
  };
  for (const { folder, count } of direct.all<{ folder: string; count: number }>()) {
    folderAt(folder).direct += count;
    const parts = folder === '' ? [] : folder.split('/');
    for (let depth = 0; depth <= parts.length; depth += 1) folderAt(parts.slice(0, depth).join('/')).count += count;
  }
  const tags = database.prepare('SELECT tag AS name, count(*) AS count FROM prompt_tags GROUP BY tag ORDER BY tag');
  const perStage = stages.map((name) => {
    const sql = `SELECT count(*) FROM prompts p WHERE ${inStage[name]}`;
    return { name, count: database.prepare(sql).pluck().get<number>() ?? 0 };
  });
  return {
    folders: [...folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    tags: tags.all<GroupCount>(),
    stages: perStage,
    total: folders.get('')?.count ?? 0,
  };
}
