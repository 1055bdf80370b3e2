import { VaultError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import type { TextFilter } from './filterText.ts';
import { countsOf, inStage } from './groups.ts';
import { usedLabels } from './labels.ts';
import type { SqlValue } from './statements.ts';
import { type ListQuery, stages } from './types.ts';

/** What a list shows, as a source of `id` and `path`, and how many that are when the counters know it. */
export type ListFilter = { source: Source; where: string[]; values: SqlValue[]; total: number | null };
type Source = 'prompts' | 'prompt_tags';
/** `own`: only what is in the first folder itself. */
type Wanted = Omit<TextFilter, 'search'> & { own: boolean };

/** A prompt's stages in `prompts`, and the copy in `prompt_tags`; each has a partial index with the same words. */
const stageIs = {
  prompts: { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd IS NOT NULL', RET: 'ret > 0' },
  prompt_tags: { DEV: 'dev > 0', TST: 'tst > 0', PRD: 'prd > 0', RET: 'ret > 0' },
} as const;

/** The prompts a query asks for, its words aside. Throws INVALID_INPUT. */
export function filterOf(database: Database, query: ListQuery, typed: TextFilter): ListFilter {
  const wanted = wantedBy(database, query, typed);
  const [tag, ...more] = wanted.tags;
  // Only the index of prompts knows who changed last.
  const source = tag !== undefined && query.order !== 'recent' ? 'prompt_tags' : 'prompts';
  const id = source === 'prompts' ? 'id' : 'prompt_id';
  const filter: ListFilter = { source, where: [], values: [], total: knownTotal(database, wanted) };
  const need = (sql: string, ...values: SqlValue[]) => {
    filter.where.push(sql);
    filter.values.push(...values);
  };
  if (tag !== undefined && source === 'prompt_tags') need('tag = ?', tag);
  for (const one of source === 'prompts' ? wanted.tags : more) {
    need(`${id} IN (SELECT prompt_id FROM prompt_tags WHERE tag = ?)`, one);
  }
  for (const [i, folder] of wanted.folders.entries()) {
    inFolder(folder, { own: wanted.own && i === 0, source, need });
  }
  for (const stage of wanted.stages) need(stageIs[source][stage]);
  for (const label of wanted.labels) {
    need(
      `${id} IN (SELECT v.prompt_id FROM version_labels l JOIN versions v ON v.id = l.version_id WHERE l.label = ?)`,
      label,
    );
  }
  return filter;
}

function wantedBy(database: Database, { folder, direct, tag, stage, label }: ListQuery, typed: TextFilter): Wanted {
  if (stage !== undefined && !stages.includes(stage)) {
    throw new VaultError('INVALID_INPUT', `"${stage}" is no stage. Use ${stages.join(', ')}`, { field: 'stage' });
  }
  const named = <T>(value: T | undefined) => (value === undefined ? [] : [value]);
  const bare = (text: string) => text.replace(/^\/+|\/+$/g, '');
  return {
    folders: [...named(folder), ...typed.folders].map(bare),
    tags: [...named(tag), ...typed.tags.map((one) => knownTag(database, one))],
    stages: [...named(stage), ...typed.stages],
    labels: [...named(label), ...typed.labels.map((one) => knownLabel(database, one))],
    own: direct === true && folder !== undefined,
  };
}

/** People type `tag:legal` for a tag `Legal`. */
function knownTag(database: Database, typed: string): string {
  const sql = `SELECT name FROM counts WHERE kind = 'tag' AND lower(name) = lower(?) ORDER BY name = ? DESC LIMIT 1`;
  return database.prepare(sql).pluck().get<string>(typed, typed) ?? typed;
}

function knownLabel(database: Database, typed: string): string {
  const used = usedLabels(database);
  if (used.includes(typed)) return typed;
  return used.find((one) => one.toLowerCase() === typed.toLowerCase()) ?? typed;
}

type In = { own: boolean; source: Source; need: (sql: string, ...values: SqlValue[]) => void };

function inFolder(folder: string, { own, source, need }: In): void {
  if (own && source === 'prompts') {
    need('folder = ?', folder);
    return;
  }
  // '0' follows '/': the range holds exactly what begins with `folder/`.
  if (folder !== '') need('path > ? AND path < ?', `${folder}/`, `${folder}0`);
  if (own) need(`instr(substr(path, ?), '/') = 0`, folder === '' ? 1 : [...folder].length + 2);
}

/** Null where the counters cannot say: a folder and a tag together, or a stage in just one folder. */
function knownTotal(database: Database, { folders, tags, stages: inStages, labels, own }: Wanted): number | null {
  const [folder = '', ...otherFolders] = folders;
  const [tag, ...otherTags] = tags;
  const [stage, ...otherStages] = inStages;
  if (labels.length + otherFolders.length + otherTags.length + otherStages.length > 0) return null;
  if (tag !== undefined) return folder || own ? null : inStage(countsOf(database, 'tag', tag), stage);
  const counts = countsOf(database, 'folder', folder);
  if (!own) return inStage(counts, stage);
  return stage === undefined ? counts.direct : null;
}
