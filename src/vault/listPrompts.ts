import { VaultError } from '../shared/errors.ts';
import type { Reader } from './content.ts';
import type { Database } from './database.ts';
import { countsOf, inStage, readGroups } from './groups.ts';
import { searchPrompts, type Within } from './searchPrompts.ts';
import type { SqlValue } from './statements.ts';
import { type ListQuery, type PromptList, type PromptSummary, stages, type VaultApi } from './types.ts';

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
/** What a list shows, as a source of `id` and `path`, and how many that are when the counters know it. */
type Filter = { from: string; where: string[]; values: SqlValue[]; total: number | null };

const columns = `p.id, p.path, p.title, p.description, p.dev, p.tst, p.prd, p.ret, p.latest, p.updated_at,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM prompt_tags WHERE prompt_id = p.id ORDER BY tag)) AS tags`;
/** A prompt's stages in `prompts`, and the copy in `prompt_tags`; each has a partial index with the same words. */
const stageIs = {
  prompts: { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd IS NOT NULL', RET: 'ret > 0' },
  prompt_tags: { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd > 0', RET: 'ret > 0' },
} as const;
const defaultLimit = 200;

function filterOf(database: Database, { folder, direct, tag, stage }: ListQuery): Filter {
  if (stage !== undefined && !stages.includes(stage)) {
    throw new VaultError('INVALID_INPUT', `"${stage}" is no stage. Use ${stages.join(', ')}`, { field: 'stage' });
  }
  const source = tag === undefined ? 'prompts' : 'prompt_tags';
  const where: string[] = [];
  const values: SqlValue[] = [];
  const prefix = folder?.replace(/^\/+|\/+$/g, '') ?? '';
  const own = direct === true && folder !== undefined;
  if (tag !== undefined) {
    where.push('tag = ?');
    values.push(tag);
  }
  if (own && tag === undefined) {
    where.push('folder = ?');
    values.push(prefix);
  } else if (prefix) {
    // '0' follows '/': the range holds exactly what begins with `folder/`.
    where.push('path > ? AND path < ?');
    values.push(`${prefix}/`, `${prefix}0`);
  }
  if (own && tag !== undefined) {
    where.push(`instr(substr(path, ?), '/') = 0`);
    values.push(prefix === '' ? 1 : [...prefix].length + 2);
  }
  if (stage !== undefined) where.push(stageIs[source][stage]);
  const from = tag === undefined ? 'SELECT id, path FROM prompts' : 'SELECT prompt_id AS id, path FROM prompt_tags';
  return { from, where, values, total: knownTotal(database, { folder: prefix, own, tag, stage }) };
}

/** Null where the counters cannot say: a folder and a tag together, or a stage in just one folder. */
function knownTotal(
  database: Database,
  { folder, own, tag, stage }: Pick<ListQuery, 'tag' | 'stage'> & { folder: string; own: boolean },
): number | null {
  if (tag !== undefined) return folder || own ? null : inStage(countsOf(database, 'tag', tag), stage);
  const counts = countsOf(database, 'folder', folder);
  if (!own) return inStage(counts, stage);
  return stage === undefined ? counts.direct : null;
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

function wholeNumber(field: string, value: number, least = 0): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new VaultError('INVALID_INPUT', `The ${field} must be a whole number from ${least}`, { field });
}

const filtered = ({ from, where }: Filter) => (where.length > 0 ? `${from} WHERE ${where.join(' AND ')}` : from);

/** Pages of prompts by path, or by relevance when something is searched, and of folders, tags and stages. */
export function listUseCases(database: Database): Pick<VaultApi, 'list' | 'groups'> {
  function byPath(filter: Filter, { limit, offset, after }: { limit: number; offset: number; after?: string }) {
    const left = after === undefined ? filter : { ...filter, where: [...filter.where, 'path > ?'] };
    const values = after === undefined ? filter.values : [...filter.values, after];
    // The page is cut before the columns are looked up: what is skipped costs an index entry each.
    const rows = database
      .prepare(
        `SELECT ${columns} FROM (${filtered(left)} ORDER BY path LIMIT ? OFFSET ?) AS hit
         JOIN prompts p ON p.id = hit.id ORDER BY hit.path`,
      )
      .all<SummaryRow>(...values, limit, offset);
    return { total: filter.total ?? count(filter), prompts: rows.map(toSummary) };
  }
  function count(filter: Filter): number {
    const sql = `SELECT count(*) FROM (${filtered(filter)})`;
    return (
      database
        .prepare(sql)
        .pluck()
        .get<number>(...filter.values) ?? 0
    );
  }
  function bySearch(search: string, filter: Filter, page: { limit: number; offset: number }): PromptList {
    const within: Within =
      filter.where.length > 0 ? { sql: `SELECT id FROM (${filtered(filter)})`, values: filter.values } : null;
    const { total, capped, hits } = searchPrompts(database, search, { within, ...page });
    const prompts = hits.map(({ id, snippet }) => ({ ...summaryOf(database, id), snippet }));
    return capped ? { total, prompts, capped } : { total, prompts };
  }
  return {
    list: (query) =>
      database.read(() => {
        const filter = filterOf(database, query);
        const limit = wholeNumber('limit', query.limit ?? defaultLimit);
        const offset = wholeNumber('offset', query.offset ?? 0);
        if (query.search?.trim()) return bySearch(query.search, filter, { limit, offset });
        return byPath(filter, { limit, offset, after: query.after });
      }),
    groups: (query) =>
      database.read(() =>
        readGroups(database, { ...query, limit: wholeNumber('limit', query.limit ?? defaultLimit, 1) }),
      ),
  };
}
