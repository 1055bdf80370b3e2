import assert from 'node:assert/strict';
import type Sqlite from 'better-sqlite3';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';
import { keptRows, openRaw } from '../../support/vaultRaw.ts';

/** In stage PRD 1.1, RET 1.0, TST 1.2, DEV 1.3, and 1.4 was deleted; a second prompt in TST. */
function vaultInAllStages(): TestVault {
  const made = temporaryVault();
  const { vault } = made;
  const path = 'support/triage';
  createReleased(vault, { path });
  vault.createVersion({ ref: `${path}@1.0` });
  vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort this mail by anger.')] });
  promoteToPrd(vault, `${path}@1.1`);
  vault.createVersion({ ref: `${path}@1.1` });
  vault.promote({ ref: `${path}@1.2` });
  vault.createVersion({ ref: `${path}@1.1` });
  vault.createVersion({ ref: `${path}@1.1` });
  vault.deleteVersion({ ref: `${path}@1.4` });
  vault.create({ path: 'other', messages: [userMessage('Another prompt.')] });
  vault.promote({ ref: 'other' });
  return made;
}
const of = (version: string) =>
  `(SELECT id FROM versions WHERE prompt_id = 1 AND major || '.' || minor = '${version}')`;
const copyOf = (version: string, changes: Record<string, string>) => {
  const columns =
    'id prompt_id major minor stage content_hash revision rationale copied_from rollback_of created_at created_by updated_at updated_by deployed_at retired_at replaced_by'.split(
      ' ',
    );
  const values = columns.map((column) => changes[column] ?? column);
  return `(${columns.join(', ')}) SELECT ${values.join(', ')} FROM versions WHERE id = ${of(version)}`;
};

const clauses = ['', 'OR REPLACE', 'OR IGNORE', 'OR FAIL', 'OR ABORT', 'OR ROLLBACK'];
const frozen: Record<string, string> = {
  id: '999',
  prompt_id: '2',
  major: '7',
  minor: '7',
  content_hash: `(SELECT hash FROM contents WHERE hash <> content_hash LIMIT 1)`,
  revision: 'revision + 1',
  rationale: `'other'`,
  copied_from: `'9.9'`,
  rollback_of: `'9.9'`,
  created_at: `'2001-01-01T00:00:00.000Z'`,
  created_by: `'nobody'`,
  updated_at: `'2001-01-01T00:00:00.000Z'`,
  updated_by: `'nobody'`,
  deployed_at: `'2001-01-01T00:00:00.000Z'`,
  retired_at: `'2101-01-01T00:00:00.000Z'`,
  replaced_by: `'9.9'`,
};
const replaceInserts = ['INSERT', 'INSERT OR REPLACE', 'REPLACE', 'INSERT OR IGNORE', 'INSERT OR FAIL'];

const attacks: Record<string, string[]> = {
  'a released version never changes': ['1.0', '1.1'].flatMap((version) =>
    clauses.flatMap((clause) =>
      Object.entries(frozen).map(
        ([column, value]) => `UPDATE ${clause} versions SET ${column} = ${value} WHERE id = ${of(version)}`,
      ),
    ),
  ),
  'a retirement changes nothing else': Object.entries(frozen)
    .filter(([column]) => column !== 'retired_at' && column !== 'replaced_by')
    .map(
      ([column, value]) =>
        `UPDATE versions SET stage = 'RET', retired_at = '2101-01-01T00:00:00.000Z', replaced_by = '1.2', ${column} = ${value} WHERE id = ${of('1.1')}`,
    ),
  'a retirement has a date, not before the deployment, and a successor': [
    `UPDATE versions SET stage = 'RET' WHERE id = ${of('1.1')}`,
    `UPDATE versions SET stage = 'RET', retired_at = '2101-01-01T00:00:00.000Z' WHERE id = ${of('1.1')}`,
    `UPDATE versions SET stage = 'RET', replaced_by = '1.2' WHERE id = ${of('1.1')}`,
    `UPDATE versions SET stage = 'RET', retired_at = '2001-01-01T00:00:00.000Z', replaced_by = '1.2' WHERE id = ${of('1.1')}`,
  ],
  'a stage never moves back, jumps, or is something else': clauses.flatMap((clause) =>
    (
      [
        ['1.3', ['PRD', 'RET', 'XYZ', 'dev', '']],
        ['1.2', ['DEV', 'RET', 'XYZ']],
        ['1.1', ['DEV', 'TST']],
        ['1.0', ['DEV', 'TST', 'PRD']],
      ] as const
    ).flatMap(([version, stages]) =>
      stages.map((stage) => `UPDATE ${clause} versions SET stage = '${stage}' WHERE id = ${of(version)}`),
    ),
  ),
  'a stage never moves back with its dates put right': [
    `UPDATE versions SET stage = 'TST', deployed_at = NULL WHERE id = ${of('1.1')}`,
    `UPDATE versions SET stage = 'PRD', retired_at = NULL, replaced_by = NULL WHERE id = ${of('1.0')}`,
  ],
  'a second version never enters production': clauses.map(
    (clause) =>
      `UPDATE ${clause} versions SET stage = 'PRD', deployed_at = '2101-01-01T00:00:00.000Z' WHERE id = ${of('1.2')}`,
  ),
  'a promotion does not bring other content along': [
    `UPDATE versions SET stage = 'PRD', deployed_at = '2101-01-01T00:00:00.000Z', revision = 2,
     content_hash = (SELECT content_hash FROM versions WHERE id = ${of('1.0')}) WHERE id = ${of('1.2')}`,
  ],
  'a promotion of a prompt without production brings no other content along either': [
    `UPDATE versions SET stage = 'PRD', deployed_at = '2101-01-01T00:00:00.000Z', revision = 2,
     content_hash = (SELECT content_hash FROM versions WHERE id = ${of('1.0')}) WHERE prompt_id = 2`,
  ],
  'a changed draft is a new revision': clauses.flatMap((clause) => [
    `UPDATE ${clause} versions SET content_hash = (SELECT content_hash FROM versions WHERE id = ${of('1.0')}) WHERE id = ${of('1.3')}`,
    `UPDATE ${clause} versions SET revision = 0 WHERE id = ${of('1.3')}`,
    `UPDATE ${clause} versions SET content_hash = 'sha256:none', revision = 9 WHERE id = ${of('1.3')}`,
  ]),
  'a version has a prompt and a content': replaceInserts.flatMap((insert) => [
    `${insert} INTO versions ${copyOf('1.3', { id: 'NULL', prompt_id: '99' })}`,
    `${insert} INTO versions ${copyOf('1.3', { id: 'NULL', minor: '70', content_hash: `'sha256:none'` })}`,
  ]),
  'a version begins in DEV': replaceInserts.flatMap((insert) =>
    ['TST', 'PRD', 'RET'].map(
      (stage) => `${insert} INTO versions ${copyOf('1.1', { id: 'NULL', minor: '50', stage: `'${stage}'` })}`,
    ),
  ),
  'a version does not take the place of another': replaceInserts.flatMap((insert) =>
    ['1.0', '1.1', '1.2'].flatMap((version) => {
      const fresh = { stage: `'DEV'`, revision: '1', deployed_at: 'NULL', retired_at: 'NULL', replaced_by: 'NULL' };
      return [
        `${insert} INTO versions ${copyOf(version, fresh)}`,
        `${insert} INTO versions ${copyOf(version, { ...fresh, id: 'NULL' })}`,
        `${insert} INTO versions ${copyOf(version, { ...fresh, minor: '60' })}`,
      ];
    }),
  ),
  'an upsert changes no released version': [
    `INSERT INTO versions ${copyOf('1.1', { stage: `'DEV'`, deployed_at: 'NULL' })} AND true
     ON CONFLICT DO UPDATE SET content_hash = (SELECT content_hash FROM versions WHERE id = ${of('1.0')})`,
  ],
  'another version does not move onto a released one': clauses.flatMap((clause) => [
    `UPDATE ${clause} versions SET id = ${of('1.1')} WHERE id = ${of('1.3')}`,
    `UPDATE ${clause} versions SET minor = 1 WHERE id = ${of('1.3')}`,
    `UPDATE ${clause} versions SET prompt_id = 2 WHERE id = ${of('1.3')}`,
  ]),
  'only DEV versions are deleted': [
    ...['1.0', '1.1', '1.2'].map((version) => `DELETE FROM versions WHERE id = ${of(version)}`),
    'DELETE FROM versions',
    'DELETE FROM prompts WHERE id = 1',
    'DELETE FROM prompts',
  ],
  'a number is never used twice': [
    `INSERT INTO versions ${copyOf('1.3', { id: 'NULL', minor: '2' })}`,
    `INSERT INTO versions ${copyOf('1.3', { id: 'NULL', minor: '4' })}`,
    `INSERT OR REPLACE INTO versions ${copyOf('1.3', { id: 'NULL', minor: '4' })}`,
    'UPDATE version_numbers SET highest = 0',
    'UPDATE OR REPLACE version_numbers SET major = 2',
    'DELETE FROM version_numbers',
    'INSERT OR REPLACE INTO version_numbers VALUES (1, 1, 0)',
    'REPLACE INTO version_numbers VALUES (1, 1, 0)',
  ],
  'a content never changes': [
    ...clauses.flatMap((clause) => [
      `UPDATE ${clause} contents SET messages = '[]'`,
      `UPDATE ${clause} contents SET hash = 'sha256:' || hex(randomblob(32))`,
      `UPDATE ${clause} contents SET id = 1 WHERE id = 2`,
    ]),
    'DELETE FROM contents',
    ...replaceInserts.flatMap((insert) => [
      `${insert} INTO contents SELECT id, hash, '{"x":1}', variables, messages FROM contents WHERE id = 1`,
      `${insert} INTO contents SELECT NULL, hash, '{"x":1}', variables, messages FROM contents WHERE id = 1`,
      `${insert} INTO contents SELECT 1, 'sha256:' || lower(hex(randomblob(32))), '{}', '[]', '[]'`,
    ]),
    `INSERT INTO contents SELECT * FROM contents WHERE true ON CONFLICT DO UPDATE SET messages = '[]'`,
  ],
  'a revision never changes': [
    ...clauses.flatMap((clause) => [
      `UPDATE ${clause} revisions SET rationale = 'other'`,
      `UPDATE ${clause} revisions SET id = 1 WHERE id = 2`,
    ]),
    'DELETE FROM revisions',
    `INSERT OR REPLACE INTO revisions SELECT id, version_id, revision, content_hash, 'other', at, actor FROM revisions WHERE version_id = ${of('1.3')}`,
    `REPLACE INTO revisions SELECT NULL, version_id, revision, content_hash, 'other', at, actor FROM revisions WHERE version_id = ${of('1.3')}`,
    'DELETE FROM revisions WHERE version_id = (SELECT max(id) FROM versions)',
    ...replaceInserts.flatMap((insert) => [
      `${insert} INTO revisions SELECT id, version_id, revision, content_hash, 'other', at, actor FROM revisions WHERE id = 1`,
      `${insert} INTO revisions SELECT NULL, version_id, revision, content_hash, 'other', at, actor FROM revisions WHERE id = 1`,
      `${insert} INTO revisions SELECT NULL, ${of('1.1')}, 9, content_hash, '', at, actor FROM revisions WHERE id = 1`,
    ]),
  ],
  'the log only grows at its end': [
    ...clauses.flatMap((clause) => [
      `UPDATE ${clause} events SET reason = 'other' WHERE seq = 2`,
      `UPDATE ${clause} events SET seq = 2 WHERE seq = 3`,
    ]),
    'DELETE FROM events',
    'DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)',
    ...replaceInserts.flatMap((insert) => [
      `${insert} INTO events SELECT seq, at, 'somebody', kind, prompt_id, path, version, reason, details, prev_hash, hash FROM events WHERE seq = 2`,
      `${insert} INTO events SELECT seq + 1000, at, actor, kind, prompt_id, path, version, reason, details, prev_hash, 'x' FROM events WHERE seq = 2`,
      `${insert} INTO events SELECT (SELECT max(seq) + 1 FROM events), at, actor, kind, prompt_id, path, version, reason, details, prev_hash, 'x' FROM events WHERE seq = 2`,
      `${insert} INTO events SELECT max(seq) + 1, at, actor, kind, prompt_id, path, version, reason, details, hash, hash FROM events`,
    ]),
  ],
  'a prompt does not take the place of another': [
    ...clauses.flatMap((clause) => [
      `UPDATE ${clause} prompts SET path = 'support/triage' WHERE id = 2`,
      `UPDATE ${clause} prompts SET id = 1 WHERE id = 2`,
      `UPDATE ${clause} prompts SET id = 77 WHERE id = 2`,
    ]),
    ...replaceInserts.flatMap((insert) => [
      `${insert} INTO prompts (path, folder, name, title, description, created_at, updated_at) VALUES ('support/triage', 'support', 'triage', '', '', '', '')`,
      `${insert} INTO prompts (id, path, folder, name, title, description, created_at, updated_at) VALUES (1, 'new', '', 'new', '', '', '', '')`,
    ]),
  ],
};

const weaknesses = [
  { recursiveTriggers: false, foreignKeys: false },
  { recursiveTriggers: true, foreignKeys: false },
  { recursiveTriggers: false, foreignKeys: true },
];

describe('the rules in the database', () => {
  let made: TestVault;
  before(() => {
    made = vaultInAllStages();
  });
  after(() => made.remove());

  for (const weakness of weaknesses) {
    const name = Object.entries(weakness)
      .map(([setting, on]) => `${setting} ${on ? 'on' : 'off'}`)
      .join(', ');
    describe(`with ${name}`, () => {
      let raw: Sqlite.Database;
      before(() => {
        raw = openRaw(made.file, weakness);
      });
      after(() => raw.close());

      for (const [fact, statements] of Object.entries(attacks)) {
        it(`${fact} (${statements.length} statements)`, () => {
          for (const sql of statements) {
            const kept = keptRows(raw);
            assert.throws(() => raw.exec(sql), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, sql);
            assert.equal(keptRows(raw), kept, sql);
          }
        });
      }
    });
  }

  it('still lets raw SQL do what the rules allow', () => {
    const other = vaultInAllStages();
    const raw = openRaw(other.file, { recursiveTriggers: false, foreignKeys: false });
    const promotions = [
      `UPDATE versions SET stage = 'RET', retired_at = '2101-01-01T00:00:00.000Z', replaced_by = '1.2' WHERE id = ${of('1.1')}`,
      `UPDATE versions SET stage = 'PRD', deployed_at = '2101-01-01T00:00:00.000Z' WHERE id = ${of('1.2')}`,
      `DELETE FROM versions WHERE id = ${of('1.3')}`,
    ];
    for (const sql of promotions) assert.equal(raw.prepare(sql).run().changes, 1, sql);
    const row = raw.prepare('SELECT dev, tst, prd, ret, latest FROM prompts WHERE id = 1').get();
    assert.deepEqual(row, { dev: 0, tst: 0, prd: '1.2', ret: 2, latest: '1.2' });
    assert.equal(
      raw.prepare('SELECT count(*) FROM revisions WHERE version_id NOT IN (SELECT id FROM versions)').pluck().get(),
      0,
    );
    raw.close();
    other.remove();
  });
});
