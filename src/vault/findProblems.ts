import { codeOf } from '../shared/errors.ts';
import { type ContentTexts, hashTexts } from './canonical.ts';
import { checkDatasets } from './checkDatasets.ts';
import type { Connection } from './connect.ts';
import { type EventRow, eventHash } from './events.ts';
import { fromSqlite } from './sqliteErrors.ts';
import { createStatements, type Statement } from './statements.ts';
import type { Problem } from './types.ts';

/** What a check reads with. */
export type Source = { prepare(sql: string): Statement };
export type Check = (source: Source) => Problem[];
type Named = { path: string | null; version: string | null };

const name = `p.path AS path, v.major || '.' || v.minor AS version`;
const named = 'FROM versions v LEFT JOIN prompts p ON p.id = v.prompt_id';
const nowhere: Named = { path: null, version: null };

/** All that the checks find. A check that cannot read on is itself a finding; the others go on. */
export function findProblems(source: Source, checks: readonly Check[]): Problem[] {
  return checks.flatMap((check) => {
    try {
      return check(source);
    } catch (error) {
      return [unreadable(error)];
    }
  });
}

/** Busy, full and the like are no findings. What is INTERNAL is: a text that is no JSON any more, for example. */
function unreadable(error: unknown): Problem {
  if (!['DAMAGED', 'FOREIGN', 'INTERNAL'].includes(codeOf(error))) throw error;
  return { what: 'file', ...nowhere, detail: (error as Error).message };
}

/** SQLite has no checksums: only hashing again finds a changed letter. Every version that holds it is named. */
export const checkContents: Check = (source) => {
  const broken: { stored: string; actual: string }[] = [];
  let count = 0;
  try {
    const stored = source.prepare('SELECT hash, settings, variables, messages FROM contents');
    for (const row of stored.iterate<ContentTexts & { hash: string }>()) {
      const actual = hashTexts(row);
      if (actual !== row.hash) broken.push({ stored: row.hash, actual });
      count += 1;
    }
  } catch (error) {
    return [unreadable(error), ...checkEachVersion(source)];
  }
  const holders = source.prepare(
    `SELECT DISTINCT ${name} ${named} WHERE v.content_hash IN (?, ?)
       OR v.id IN (SELECT version_id FROM revisions WHERE content_hash IN (?, ?))`,
  );
  const problems = broken.flatMap(({ stored, actual }) => {
    // It may be the hash that changed, and not the text.
    const found = holders.all<Named>(stored, actual, stored, actual);
    const detail = `The stored text is not what ${stored} was taken over`;
    return (found.length > 0 ? found : [nowhere]).map((at) => ({ what: 'content changed', ...at, detail }));
  });
  // A changed hash leaves its versions without a content, and a changed page may hide rows that its index still knows.
  const known = source.prepare('SELECT count(*) FROM contents WHERE hash >= ?').pluck().get<number>('');
  const whole = broken.length === 0 && known === count && source.prepare(anyMissing).get() === undefined;
  if (whole) return problems;
  const seen = new Set(problems.map(({ path, version }) => `${path}@${version}`));
  return [...problems, ...checkEachVersion(source).filter(({ path, version }) => !seen.has(`${path}@${version}`))];
};

const anyMissing = `SELECT 1 FROM versions v WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.hash = v.content_hash)
  UNION ALL SELECT 1 FROM revisions r WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.hash = r.content_hash) LIMIT 1`;

/** Reads the content of each saved state by its hash, as the use cases do. */
function checkEachVersion(source: Source): Problem[] {
  const content = source.prepare('SELECT settings, variables, messages FROM contents WHERE hash = ?');
  const states = source.prepare(
    `SELECT DISTINCT ${name}, r.content_hash AS hash FROM revisions r
       JOIN versions v ON v.id = r.version_id LEFT JOIN prompts p ON p.id = v.prompt_id
     UNION SELECT ${name}, v.content_hash ${named}`,
  );
  const found = new Map<string, Problem>();
  for (const { path, version, hash } of states.all<Named & { hash: string }>()) {
    const detail = stateOf(() => content.get<ContentTexts>(hash), hash);
    if (detail) found.set(`${path}@${version}`, { what: 'content missing', path, version, detail });
  }
  return [...found.values()];
}

/** Null when the content can be read and fits. */
function stateOf(read: () => ContentTexts | undefined, hash: string): string | null {
  try {
    const texts = read();
    if (!texts) return 'The content it names is not stored';
    return hashTexts(texts) === hash ? null : `The stored text is not what ${hash} was taken over`;
  } catch (error) {
    return unreadable(error).detail;
  }
}

export const checkEvents: Check = (source) => {
  const problems: Problem[] = [];
  let seq = 0;
  let hash = '';
  try {
    for (const row of source.prepare('SELECT * FROM events ORDER BY seq').iterate<EventRow>()) {
      const fits = row.seq === seq + 1 && row.prev_hash === hash && hashOf(row) === row.hash;
      const { path, version } = row;
      if (!fits) problems.push({ what: 'log changed', path, version, detail: `Event ${row.seq} breaks the chain` });
      seq = row.seq;
      hash = row.hash;
    }
  } catch (error) {
    const { detail } = unreadable(error);
    problems.push({ what: 'log changed', ...nowhere, detail: `The log cannot be read after event ${seq}: ${detail}` });
  }
  return problems;
};

/** Null for a row whose text cannot be hashed, such as one with half a character. */
function hashOf(row: EventRow): string | null {
  try {
    return eventHash(row);
  } catch {
    return null;
  }
}

export const checkFile: Check = (source) => {
  const answers = source.prepare('PRAGMA integrity_check').pluck().all<string>();
  const orphans = source.prepare('PRAGMA foreign_key_check').all<{ table: string; rowid: number | null }>();
  return [
    ...answers.filter((detail) => detail !== 'ok').map((detail) => ({ what: 'file', ...nowhere, detail })),
    ...orphans.map((row) => ({ what: 'orphan', ...nowhere, detail: `${row.table} row ${row.rowid} points nowhere` })),
  ];
};

const quickCheck: Check = (source) => {
  const answers = source.prepare('PRAGMA quick_check').pluck().all<string>();
  return answers.filter((detail) => detail !== 'ok').map((detail) => ({ what: 'file', ...nowhere, detail }));
};

/** Checks that hold for every schema. */
export function copyProblems(connection: Connection, file: string): Problem[] {
  return findProblems(rawSource(connection, file), [quickCheck, checkContents, checkEvents, checkDatasets]);
}

/** The structure alone: pages, cells and indexes, not what the texts say. */
export function structureProblems(connection: Connection, file: string): Problem[] {
  return findProblems(rawSource(connection, file), [quickCheck]);
}

/** A bare connection as what checks read with. */
export function rawSource(connection: Connection, file: string): Source {
  return createStatements(
    () => connection as never,
    (error) => fromSqlite(error, { file, readOnly: true }),
  );
}
