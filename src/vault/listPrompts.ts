import type { Reader } from './content.ts';
import type { Database } from './database.ts';
import { parseFilter } from './filterText.ts';
import { readGroups } from './groups.ts';
import { filterOf, type ListFilter } from './listFilter.ts';
import { searchPrompts, type Within } from './searchPrompts.ts';
import type { SqlValue } from './statements.ts';
import type { ListQuery, PromptList, PromptSummary, VaultApi } from './types.ts';
import { wholeNumber } from './wholeNumber.ts';

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
  changed_seq: number;
};
type Page = { limit: number; offset: number };

const columns = `p.id, p.path, p.title, p.description, p.dev, p.tst, p.prd, p.ret, p.latest, p.updated_at, p.changed_seq,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM prompt_tags WHERE prompt_id = p.id ORDER BY tag)) AS tags`;
const defaultLimit = 200;

function toSummary(row: SummaryRow): PromptSummary {
  const { path, title, description, latest, updated_at: updatedAt, changed_seq: changedSeq } = row;
  const counts = { DEV: row.dev, TST: row.tst, PRD: row.prd, RET: row.ret };
  return { path, title, description, tags: JSON.parse(row.tags), stages: counts, latest, updatedAt, changedSeq };
}

export function summaryOf(reader: Reader, promptId: number): PromptSummary {
  return toSummary(reader.prepare(`SELECT ${columns} FROM prompts p WHERE p.id = ?`).get<SummaryRow>(promptId)!);
}

function filtered({ source, where }: ListFilter): string {
  const from =
    source === 'prompts'
      ? 'SELECT id, path, changed_seq FROM prompts'
      : 'SELECT prompt_id AS id, path FROM prompt_tags';
  return where.length > 0 ? `${from} WHERE ${where.join(' AND ')}` : from;
}

/** How far a page before came, as a condition on the next; null on the first. */
function beyond({ order, after, afterSeq }: ListQuery): { sql: string; values: SqlValue[] } | null {
  if (order !== 'recent') return after === undefined ? null : { sql: 'path > ?', values: [after] };
  if (afterSeq === undefined) return null;
  // Entries of the log differ; prompts that no entry tells of are all 0, and then their ids tell them apart.
  const sql = '(changed_seq, id) < (?, coalesce((SELECT id FROM prompts WHERE path = ?), 0))';
  return { sql, values: [wholeNumber('afterSeq', afterSeq), after ?? ''] };
}

/** Pages of prompts by path, by their last change, or by relevance when words are searched; of folders, tags and stages. */
export function listUseCases(database: Database): Pick<VaultApi, 'list' | 'groups'> {
  function inOrder(filter: ListFilter, query: ListQuery, { limit, offset }: Page): PromptList {
    const next = beyond(query);
    const left = next ? { ...filter, where: [...filter.where, next.sql] } : filter;
    const by = (table: string) =>
      query.order === 'recent' ? `${table}changed_seq DESC, ${table}id DESC` : `${table}path`;
    // The page is cut before the columns are looked up: what is skipped costs an index entry each.
    const rows = database
      .prepare(
        `SELECT ${columns} FROM (${filtered(left)} ORDER BY ${by('')} LIMIT ? OFFSET ?) AS hit
         JOIN prompts p ON p.id = hit.id ORDER BY ${by('hit.')}`,
      )
      .all<SummaryRow>(...filter.values, ...(next?.values ?? []), limit + 1, offset);
    const prompts = rows.slice(0, limit).map(toSummary);
    const last = rows.length > limit ? prompts.at(-1) : undefined;
    const cursor = last && {
      offset: 0,
      after: last.path,
      ...(query.order === 'recent' && { afterSeq: last.changedSeq }),
    };
    return { total: filter.total ?? count(filter), prompts, next: cursor ?? null };
  }
  function count(filter: ListFilter): number {
    const sql = `SELECT count(*) FROM (${filtered(filter)})`;
    return database
      .prepare(sql)
      .pluck()
      .get<number>(...filter.values)!;
  }
  function bySearch(search: string, filter: ListFilter, page: Page): PromptList {
    const within: Within =
      filter.where.length > 0 ? { sql: `SELECT id FROM (${filtered(filter)})`, values: filter.values } : null;
    const { total, capped, hits } = searchPrompts(database, search, { within, ...page });
    const prompts = hits.map(({ id, snippet }) => ({ ...summaryOf(database, id), snippet }));
    const shown = page.offset + prompts.length;
    const next = prompts.length > 0 && (capped || shown < total) ? { offset: shown } : null;
    return { total, prompts, ...(capped && { capped }), next };
  }
  return {
    list: (query) =>
      database.read(() => {
        const typed = parseFilter(query.search ?? '');
        const filter = filterOf(database, query, typed);
        const limit = wholeNumber('limit', query.limit ?? defaultLimit);
        const offset = wholeNumber('offset', query.offset ?? 0);
        if (typed.search !== '') return bySearch(typed.search, filter, { limit, offset });
        return inOrder(filter, query, { limit, offset });
      }),
    groups: (query) =>
      database.read(() =>
        readGroups(database, { ...query, limit: wholeNumber('limit', query.limit ?? defaultLimit, 1) }),
      ),
  };
}
