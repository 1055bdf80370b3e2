import { checkDatasets } from './checkDatasets.ts';
import { countRows } from './countRows.ts';
import { countRules } from './countsSql.ts';
import type { Database } from './database.ts';
import { type Check, checkContents, checkEvents, checkFile, findProblems } from './findProblems.ts';
import type { VaultApi } from './types.ts';

type Named = { path: string | null; version: string | null };

const name = `p.path AS path, v.major || '.' || v.minor AS version`;
const named = 'FROM versions v LEFT JOIN prompts p ON p.id = v.prompt_id';

/** Each finds what the triggers should have made impossible. */
const rules: { what: string; detail: string; sql: string }[] = [
  {
    what: 'second PRD',
    detail: 'More than one version is in production',
    sql: `SELECT ${name} ${named} WHERE v.stage = 'PRD'
      AND (SELECT count(*) FROM versions o WHERE o.prompt_id = v.prompt_id AND o.stage = 'PRD') > 1`,
  },
  {
    what: 'dates',
    detail: 'The production dates do not fit the stage',
    sql: `SELECT ${name} ${named} WHERE (v.stage IN ('PRD', 'RET')) IS NOT (v.deployed_at IS NOT NULL)
      OR (v.stage = 'RET') IS NOT (v.retired_at IS NOT NULL) OR v.retired_at < v.deployed_at`,
  },
  {
    what: 'revision missing',
    detail: 'Its current state is not among its revisions',
    sql: `SELECT ${name} ${named} WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE r.version_id = v.id
      AND r.revision = v.revision AND r.content_hash = v.content_hash)`,
  },
  {
    what: 'shipped content',
    detail: 'Its content is not the one that was promoted to PRD',
    sql: `SELECT ${name} ${named} WHERE v.stage IN ('PRD', 'RET') AND NOT EXISTS (
      SELECT 1 FROM events e WHERE e.prompt_id = v.prompt_id AND e.kind = 'version.promoted'
      AND e.version = v.major || '.' || v.minor AND json_extract(e.details, '$.to') = 'PRD'
      AND json_extract(e.details, '$.hash') = v.content_hash)`,
  },
  {
    what: 'event missing',
    detail: 'The log does not say who made it',
    sql: `SELECT ${name} ${named} WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.prompt_id = v.prompt_id
      AND e.kind = 'version.created' AND e.version = v.major || '.' || v.minor)`,
  },
  {
    what: 'counters',
    detail: 'The numbers shown in lists do not fit its versions',
    sql: `SELECT p.path AS path, NULL AS version FROM prompts p WHERE
      p.dev IS NOT (SELECT count(*) FROM versions v WHERE v.prompt_id = p.id AND v.stage = 'DEV')
      OR p.tst IS NOT (SELECT count(*) FROM versions v WHERE v.prompt_id = p.id AND v.stage = 'TST')
      OR p.ret IS NOT (SELECT count(*) FROM versions v WHERE v.prompt_id = p.id AND v.stage = 'RET')
      OR p.prd IS NOT (SELECT major || '.' || minor FROM versions v WHERE v.prompt_id = p.id AND v.stage = 'PRD')
      OR p.latest IS NOT (SELECT major || '.' || minor FROM versions v WHERE v.prompt_id = p.id
        ORDER BY major DESC, minor DESC LIMIT 1)`,
  },
  {
    what: 'last change',
    detail: 'Its place among what changed recently does not fit the log',
    sql: `SELECT p.path AS path, NULL AS version FROM prompts p WHERE p.changed_seq IS NOT coalesce(
      (SELECT max(e.seq) FROM events e WHERE e.prompt_id = p.id AND e.kind NOT GLOB 'run.*'), 0)`,
  },
  {
    what: 'dataset revision',
    detail: 'The cases of a dataset are not those of its newest revision',
    sql: `SELECT NULL AS path, NULL AS version FROM datasets d WHERE NOT EXISTS (SELECT 1 FROM dataset_revisions r
      WHERE r.dataset_id = d.id AND r.revision = d.revision AND r.hash = d.hash)`,
  },
  {
    what: 'outbox',
    detail: 'A webhook waits to tell of an entry that is not in the log',
    sql: `SELECT d.path AS path, d.version AS version FROM deliveries d WHERE d.state = 'pending'
      AND d.event_seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events e WHERE e.seq = d.event_seq)`,
  },
  ...countRules,
];

const ruleChecks: readonly Check[] = rules.map(
  ({ what, detail, sql }) =>
    (database) =>
      database
        .prepare(sql)
        .all<Named>()
        .map(({ path, version }) => ({ what, path, version, detail })),
);

/** Reads everything and says what is not as it was written. Slow in proportion to the vault (about 1 s per 200 MB). */
export function verifyUseCases(database: Database): Pick<VaultApi, 'verify'> {
  return {
    verify: () =>
      database.read(() => {
        const problems = findProblems(database, [checkFile, checkContents, checkEvents, checkDatasets, ...ruleChecks]);
        return { ok: problems.length === 0, ...countRows(database), problems };
      }),
  };
}
