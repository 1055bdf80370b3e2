/**
 * The triggers that keep `counts` and what `prompt_tags` copies in step with the prompts. A prompt counts in its folder
 * and in every folder above it up to '', and in each of its tags.
 */
type Row = 'NEW' | 'OLD';
const stageColumns = ['dev', 'tst', 'prd', 'ret'] as const;

/** Whether a prompt has a version in a stage, 0 or 1. */
const has = (row: Row, stage: (typeof stageColumns)[number]) =>
  stage === 'prd' ? `(${row}.prd IS NOT NULL)` : `(${row}.${stage} > 0)`;
/** The same as the row of a tag says it. */
const says = (row: Row, stage: (typeof stageColumns)[number]) => `${row}.${stage}`;
const each = (one: (stage: (typeof stageColumns)[number]) => string, between = ', ') =>
  stageColumns.map(one).join(between);

const parentOf = (folder: string) => `rtrim(rtrim(${folder}, replace(${folder}, '/', '')), '/')`;
/** A folder and all above it. */
const upFrom = (folder: string) =>
  `WITH RECURSIVE up (f) AS (SELECT ${folder} UNION SELECT ${parentOf('f')} FROM up WHERE f <> '') SELECT f FROM up`;

function add(source: string): string {
  return `INSERT INTO counts (kind, name, parent, total, direct, ${stageColumns.join(', ')}) ${source}
      ON CONFLICT (kind, name) DO UPDATE SET total = total + 1, direct = direct + excluded.direct,
      ${each((stage) => `${stage} = ${stage} + excluded.${stage}`)};`;
}
function take(where: string, direct: string, stageOf: typeof has): string {
  return `UPDATE counts SET total = total - 1, direct = direct - ${direct},
      ${each((stage) => `${stage} = ${stage} - ${stageOf('OLD', stage)}`)} WHERE ${where};
    DELETE FROM counts WHERE ${where} AND total = 0;`;
}

/** For what stays where it is and only changes its stages. */
function shift(where: string, stageOf: typeof has): string {
  return `UPDATE counts SET ${each((stage) => `${stage} = ${stage} + ${stageOf('NEW', stage)} - ${stageOf('OLD', stage)}`)}
      WHERE ${where};`;
}

const enterFolder = add(`SELECT 'folder', f, CASE WHEN f <> '' THEN ${parentOf('f')} END, 1, f = NEW.folder,
      ${each((stage) => has('NEW', stage))} FROM (${upFrom('NEW.folder')}) WHERE true`);
const above = `kind = 'folder' AND name IN (${upFrom('OLD.folder')})`;
const leaveFolder = take(above, '(name = OLD.folder)', has);
const enterTag = add(`VALUES ('tag', NEW.tag, NULL, 1, 1, ${each((stage) => says('NEW', stage))})`);
const itsTag = `kind = 'tag' AND name = OLD.tag`;

const differ = (stageOf: typeof has) => each((stage) => `${stageOf('OLD', stage)} <> ${stageOf('NEW', stage)}`, ' OR ');

export const countsSql = `
CREATE TRIGGER prompts_count_insert AFTER INSERT ON prompts BEGIN ${enterFolder} END;
CREATE TRIGGER prompts_count_delete AFTER DELETE ON prompts BEGIN ${leaveFolder} END;
CREATE TRIGGER prompts_count_move AFTER UPDATE OF folder ON prompts WHEN OLD.folder <> NEW.folder BEGIN
    ${leaveFolder}
    ${enterFolder} END;
CREATE TRIGGER prompts_count_stages AFTER UPDATE OF dev, tst, prd, ret ON prompts
  WHEN OLD.folder = NEW.folder AND (${differ(has)}) BEGIN ${shift(above, has)} END;
CREATE TRIGGER prompts_tell_tags AFTER UPDATE OF path, dev, tst, prd, ret ON prompts
  WHEN OLD.path <> NEW.path OR ${differ(has)} BEGIN
    UPDATE prompt_tags SET path = NEW.path, ${each((stage) => `${stage} = ${has('NEW', stage)}`)}
      WHERE prompt_id = NEW.id; END;
CREATE TRIGGER prompt_tags_count_insert AFTER INSERT ON prompt_tags BEGIN ${enterTag} END;
CREATE TRIGGER prompt_tags_count_delete AFTER DELETE ON prompt_tags BEGIN ${take(itsTag, '1', says)} END;
CREATE TRIGGER prompt_tags_count_stages AFTER UPDATE OF ${stageColumns.join(', ')} ON prompt_tags
  WHEN ${differ(says)} BEGIN ${shift(itsTag, says)} END;
`;

/** Puts a prompt under a tag: binds the tag and the prompt's id. */
export const addTagSql = `INSERT INTO prompt_tags (prompt_id, tag, path, ${stageColumns.join(', ')})
  SELECT id, ?, path, dev > 0, tst > 0, prd IS NOT NULL, ret > 0 FROM prompts WHERE id = ?`;

const sums = `count(*) AS total, ${each((stage) => `total(${stage}) AS ${stage}`)}`;
const sameSums = ['total', ...stageColumns].map((column) => `c.${column} IS r.${column}`).join(' AND ');
const copied = `p.path, p.dev > 0, p.tst > 0, p.prd IS NOT NULL, p.ret > 0`;

/** Finds where a counter or a copy no longer fits; for `verify`. */
export const countRules: { what: string; detail: string; sql: string }[] = [
  {
    what: 'tag rows',
    detail: 'The row of a tag does not fit its prompt',
    sql: `SELECT p.path AS path, NULL AS version FROM prompt_tags t LEFT JOIN prompts p ON p.id = t.prompt_id
      WHERE (t.path, t.dev, t.tst, t.prd, t.ret) IS NOT (${copied})`,
  },
  {
    what: 'tag counts',
    detail: 'The number of prompts shown beside a tag is wrong',
    sql: `SELECT NULL AS path, NULL AS version FROM (SELECT tag, ${sums} FROM prompt_tags GROUP BY tag) AS r
      FULL JOIN (SELECT * FROM counts WHERE kind = 'tag') AS c ON c.name = r.tag WHERE NOT (${sameSums})`,
  },
  {
    what: 'folder counts',
    detail: 'The number of prompts shown beside a folder is wrong',
    sql: `WITH RECURSIVE placed (f, direct, ${stageColumns.join(', ')}) AS (
        SELECT folder, 1, dev > 0, tst > 0, prd IS NOT NULL, ret > 0 FROM prompts
        UNION ALL SELECT ${parentOf('f')}, 0, ${stageColumns.join(', ')} FROM placed WHERE f <> '')
      SELECT NULL AS path, NULL AS version FROM
        (SELECT f, total(direct) AS direct, ${sums} FROM placed GROUP BY f) AS r
      FULL JOIN (SELECT * FROM counts WHERE kind = 'folder') AS c ON c.name = r.f
      WHERE NOT (${sameSums} AND c.direct IS r.direct)`,
  },
];
