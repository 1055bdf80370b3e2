/**
 * DESIGN's rules once more, for statements that do not come through the use cases. They hold from any connection: they
 * need neither `foreign_keys` nor `recursive_triggers`, and since OR REPLACE deletes rows without asking delete triggers,
 * every insert and update that would collide is refused before it can replace anything. A message is `CODE: why`.
 */
const frozen = 'RULE: Cannot edit production versions';

/** `name` says when, `when` what is refused. */
function refuse(name: string, on: string, rule: { when?: string; why: string }): string {
  const condition = rule.when ? `WHEN ${rule.when} ` : '';
  return `CREATE TRIGGER ${name} BEFORE ${on} FOR EACH ROW ${condition}BEGIN SELECT RAISE(ABORT, '${rule.why}'); END;\n`;
}
function differ(...columns: string[]): string {
  return `(${columns.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')})`;
}
function countersOf(row: 'NEW' | 'OLD'): string {
  const of = `FROM versions WHERE prompt_id = ${row}.prompt_id`;
  return `UPDATE prompts SET
    dev = (SELECT count(*) ${of} AND stage = 'DEV'),
    tst = (SELECT count(*) ${of} AND stage = 'TST'),
    prd = (SELECT major || '.' || minor ${of} AND stage = 'PRD'),
    ret = (SELECT count(*) ${of} AND stage = 'RET'),
    latest = coalesce((SELECT major || '.' || minor ${of} ORDER BY major DESC, minor DESC LIMIT 1), '')
    WHERE id = ${row}.prompt_id;`;
}

const otherPrd = `EXISTS (SELECT 1 FROM versions WHERE prompt_id = NEW.prompt_id AND stage = 'PRD' AND id <> NEW.id)`;
const identity = differ('id', 'prompt_id', 'major', 'minor', 'copied_from', 'rollback_of', 'created_at', 'created_by');
const body = differ('content_hash', 'revision', 'rationale', 'updated_at', 'updated_by');
const oneStep = `(OLD.stage || NEW.stage) IN ('DEVTST', 'TSTPRD', 'PRDRET')`;

const versionRules = [
  refuse('versions_insert_once', 'INSERT ON versions', {
    when: `EXISTS (SELECT 1 FROM versions WHERE id = NEW.id
      OR (prompt_id = NEW.prompt_id AND major = NEW.major AND minor = NEW.minor))`,
    why: 'EXISTS: This version exists already',
  }),
  refuse('versions_insert_dev', 'INSERT ON versions', {
    when: `NEW.stage IS NOT 'DEV' OR NEW.revision IS NOT 1 OR NEW.deployed_at IS NOT NULL
      OR NEW.retired_at IS NOT NULL OR NEW.replaced_by IS NOT NULL`,
    why: 'RULE: A version begins in DEV',
  }),
  refuse('versions_insert_prompt', 'INSERT ON versions', {
    when: `NOT EXISTS (SELECT 1 FROM prompts WHERE id = NEW.prompt_id)
      OR NOT EXISTS (SELECT 1 FROM contents WHERE hash = NEW.content_hash)`,
    why: 'RULE: A version needs its prompt and its content',
  }),
  refuse('versions_insert_number', 'INSERT ON versions', {
    when: `NEW.minor <= (SELECT highest FROM version_numbers
      WHERE prompt_id = NEW.prompt_id AND major = NEW.major)`,
    why: 'RULE: Version numbers only go up and are never used twice',
  }),
  refuse('versions_keep_identity', 'UPDATE ON versions', {
    when: identity,
    why: 'RULE: The number and origin of a version never change',
  }),
  refuse('versions_one_step', 'UPDATE ON versions', {
    when: `OLD.stage IS NOT NEW.stage AND NOT coalesce(${oneStep}, 0)`,
    why: 'RULE: Stages only move forward, one step at a time',
  }),
  refuse('versions_second_prd', 'UPDATE ON versions', {
    when: `NEW.stage = 'PRD' AND ${otherPrd}`,
    why: 'RULE: A prompt has one PRD version: retire the old one first',
  }),
  refuse('versions_ship_what_was_tested', 'UPDATE ON versions', {
    when: `OLD.stage = 'TST' AND NEW.stage = 'PRD' AND ${differ('content_hash')}`,
    why: 'RULE: A promotion does not change the content',
  }),
  refuse('versions_frozen', 'UPDATE ON versions', {
    when: `OLD.stage IN ('PRD', 'RET') AND (${body} OR ${differ('deployed_at')})`,
    why: frozen,
  }),
  refuse('versions_retired', 'UPDATE ON versions', {
    when: `OLD.stage = 'RET' AND ${differ('retired_at', 'replaced_by')}`,
    why: frozen,
  }),
  refuse('versions_dates', 'UPDATE ON versions', {
    when: `(NEW.stage IN ('PRD', 'RET')) IS NOT (NEW.deployed_at IS NOT NULL)
      OR (NEW.stage = 'RET') IS NOT (NEW.retired_at IS NOT NULL)
      OR (NEW.stage = 'RET') IS NOT (NEW.replaced_by IS NOT NULL)
      OR NEW.retired_at < NEW.deployed_at`,
    why: 'RULE: A deployed version has deployed_at; a retired one retired_at, not earlier, and replaced_by',
  }),
  refuse('versions_new_revision', 'UPDATE ON versions', {
    when: `NEW.revision < OLD.revision OR (${differ('content_hash')} AND NEW.revision <= OLD.revision)
      OR NOT EXISTS (SELECT 1 FROM contents WHERE hash = NEW.content_hash)`,
    why: 'RULE: A changed draft is a new revision',
  }),
  refuse('versions_delete', 'DELETE ON versions', {
    when: `OLD.stage IS NOT 'DEV'`,
    why: 'RULE: Only DEV versions can be deleted',
  }),
  `CREATE TRIGGER versions_after_insert AFTER INSERT ON versions BEGIN
    INSERT INTO version_numbers (prompt_id, major, highest) VALUES (NEW.prompt_id, NEW.major, NEW.minor)
      ON CONFLICT (prompt_id, major) DO UPDATE SET highest = excluded.highest;
    ${countersOf('NEW')} END;\n`,
  `CREATE TRIGGER versions_after_stage AFTER UPDATE OF stage ON versions BEGIN ${countersOf('NEW')} END;\n`,
  `CREATE TRIGGER versions_after_delete AFTER DELETE ON versions BEGIN
    DELETE FROM revisions WHERE version_id = OLD.id;
    ${countersOf('OLD')} END;\n`,
];

const promptRules = [
  refuse('prompts_insert_once', 'INSERT ON prompts', {
    when: 'EXISTS (SELECT 1 FROM prompts WHERE id = NEW.id OR path = NEW.path)',
    why: 'EXISTS: A prompt with this path exists already',
  }),
  refuse('prompts_keep_id', 'UPDATE ON prompts', { when: differ('id'), why: 'RULE: The id of a prompt never changes' }),
  refuse('prompts_path_once', 'UPDATE ON prompts', {
    when: 'EXISTS (SELECT 1 FROM prompts WHERE path = NEW.path AND id <> OLD.id)',
    why: 'EXISTS: A prompt with this path exists already',
  }),
  refuse('prompts_delete', 'DELETE ON prompts', {
    when: `EXISTS (SELECT 1 FROM versions WHERE prompt_id = OLD.id AND stage <> 'DEV')`,
    why: 'RULE: Only DEV versions can be deleted',
  }),
  `CREATE TRIGGER prompts_after_delete AFTER DELETE ON prompts BEGIN
    DELETE FROM versions WHERE prompt_id = OLD.id;
    DELETE FROM version_numbers WHERE prompt_id = OLD.id;
    DELETE FROM prompt_tags WHERE prompt_id = OLD.id;
    DELETE FROM prompts_fts WHERE rowid = OLD.id;
    DELETE FROM names_fts WHERE rowid = OLD.id; END;\n`,
];

const numberRules = [
  refuse('version_numbers_only_up', 'UPDATE ON version_numbers', {
    when: `${differ('prompt_id', 'major')} OR NEW.highest < OLD.highest`,
    why: 'RULE: Version numbers only go up and are never used twice',
  }),
  refuse('version_numbers_insert_once', 'INSERT ON version_numbers', {
    when: `NEW.highest < (SELECT highest FROM version_numbers WHERE prompt_id = NEW.prompt_id AND major = NEW.major)`,
    why: 'RULE: Version numbers only go up and are never used twice',
  }),
  refuse('version_numbers_delete', 'DELETE ON version_numbers', {
    when: 'EXISTS (SELECT 1 FROM prompts WHERE id = OLD.prompt_id)',
    why: 'RULE: Version numbers only go up and are never used twice',
  }),
];

const keptRules = [
  refuse('contents_insert_once', 'INSERT ON contents', {
    when: 'EXISTS (SELECT 1 FROM contents WHERE id = NEW.id OR hash = NEW.hash)',
    why: 'EXISTS: This content exists already',
  }),
  refuse('contents_update', 'UPDATE ON contents', { why: 'RULE: A content never changes' }),
  refuse('contents_delete', 'DELETE ON contents', { why: 'RULE: A content is never deleted' }),
  refuse('revisions_insert_once', 'INSERT ON revisions', {
    when: `EXISTS (SELECT 1 FROM revisions WHERE id = NEW.id
      OR (version_id = NEW.version_id AND revision = NEW.revision))`,
    why: 'EXISTS: This revision exists already',
  }),
  refuse('revisions_insert_draft', 'INSERT ON revisions', {
    when: `NOT EXISTS (SELECT 1 FROM versions WHERE id = NEW.version_id AND stage IN ('DEV', 'TST'))`,
    why: frozen,
  }),
  refuse('revisions_update', 'UPDATE ON revisions', { why: 'RULE: A revision never changes' }),
  refuse('revisions_delete', 'DELETE ON revisions', {
    when: 'EXISTS (SELECT 1 FROM versions WHERE id = OLD.version_id)',
    why: 'RULE: A revision goes only with its DEV version',
  }),
  refuse('events_insert_last', 'INSERT ON events', {
    when: `NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
      OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), '')
      OR EXISTS (SELECT 1 FROM events WHERE hash = NEW.hash)`,
    why: 'RULE: The log only grows at its end',
  }),
  refuse('events_update', 'UPDATE ON events', { why: 'RULE: An event never changes' }),
  refuse('events_delete', 'DELETE ON events', { why: 'RULE: An event is never deleted' }),
];

export const rulesSql = [...versionRules, ...promptRules, ...numberRules, ...keptRules].join('');
