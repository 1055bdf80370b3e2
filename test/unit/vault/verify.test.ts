import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { openVault } from '../../../src/vault/vault.ts';
import { vaultText } from '../../../src/vault/vaultText.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  testActor,
  userMessage,
} from '../../support/vaultBuilders.ts';

describe('verifying', () => {
  let made: TestVault;
  beforeEach(() => {
    made = temporaryVault();
    const { vault } = made;
    createReleased(vault, { path: 'support/triage', messages: [userMessage('The first text, in production before.')] });
    vault.createVersion({ ref: 'support/triage@1.0' });
    vault.edit({ ref: 'support/triage@1.1', messages: [userMessage('The second text, in production now.')] });
    promoteToPrd(vault, 'support/triage@1.1');
  });
  afterEach(() => made.remove());

  /** Changes rows as somebody would who first takes the rules away and puts them back afterwards. */
  function tamper(...statements: string[]): void {
    const raw = new Sqlite(made.file);
    const triggers = raw.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all() as {
      name: string;
      sql: string;
    }[];
    for (const { name } of triggers) raw.exec(`DROP TRIGGER ${name}`);
    raw.pragma('ignore_check_constraints = ON');
    for (const sql of statements) raw.exec(sql);
    for (const { sql } of triggers) raw.exec(sql);
    raw.close();
  }
  const problems = () => made.vault.verify().problems.map(({ what, version }) => `${what} ${version}`);

  it('finds nothing in a good vault and counts what it read', () => {
    assert.deepEqual(made.vault.verify(), { ok: true, prompts: 1, versions: 2, events: 10, problems: [] });
  });

  it('finds every single flipped letter of a stored text and names the version', () => {
    made.vault.close();
    const good = readFileSync(made.file);
    const text = 'The second text, in production now.","role"';
    const start = good.indexOf(text);
    assert.ok(start > 0 && good.indexOf(text, start + 1) < 0, 'the text is there once');
    for (let i = 0; i < text.length; i += 1) {
      const bad = Buffer.from(good);
      bad.writeUInt8((bad[start + i] ?? 0) ^ 1, start + i);
      writeFileSync(made.file, bad);
      const vault = openVault(made.file, { actor: testActor, mode: 'read' });
      const report = vault.verify();
      const found = report.problems.map(({ what, path, version }) => `${what} ${path}@${version}`);
      assert.deepEqual([report.ok, found], [false, ['content changed support/triage@1.1']], `letter ${i}`);
      assert.throws(() => vault.get({ ref: 'support/triage' }), { code: 'DAMAGED' });
      assert.throws(
        () => vault.show({ ref: 'support/triage@1.1' }),
        (error: { code: string; details: object }) => {
          assert.equal(error.code, 'DAMAGED');
          assert.equal((error.details as { version: string }).version, '1.1');
          return true;
        },
      );
      assert.equal(vault.show({ ref: 'support/triage@1.0' }).stage, 'RET');
      vault.close();
    }
    writeFileSync(made.file, good);
  });

  const id = (minor: number) => `(SELECT id FROM versions WHERE minor = ${minor})`;
  const forgeries: [what: string, statement: string, expected: string[]][] = [
    [
      'content put under a released version',
      `UPDATE versions SET content_hash = (SELECT content_hash FROM versions WHERE minor = 0) WHERE minor = 1`,
      ['revision missing 1.1', 'shipped content 1.1'],
    ],
    [
      'dates in the wrong order',
      `UPDATE versions SET retired_at = '2001-01-01T00:00:00.000Z' WHERE minor = 0`,
      ['file null', 'dates 1.0'],
    ],
    [
      'a stage turned back',
      `UPDATE versions SET stage = 'TST' WHERE minor = 1`,
      ['file null', 'dates 1.1', 'counters null'],
    ],
    [
      'a revision taken away',
      `DELETE FROM revisions WHERE version_id = ${id(1)} AND revision = 2`,
      ['revision missing 1.1'],
    ],
    [
      'a version nobody made',
      `DELETE FROM events WHERE seq = (SELECT max(seq) FROM events WHERE kind = 'version.created')`,
      ['log changed 1.1', 'event missing 1.1'],
    ],
    ['a reason rewritten', `UPDATE events SET reason = 'all fine' WHERE seq = 4`, ['log changed 1.0']],
    ['an actor rewritten in the last entry', `UPDATE events SET actor = 'nobody' WHERE seq = 10`, ['log changed 1.0']],
  ];
  for (const [what, statement, expected] of forgeries) {
    it(`finds ${what}`, () => {
      tamper(statement);
      assert.deepEqual(problems(), expected);
    });
  }

  it('finds a content taken away', () => {
    tamper(
      'PRAGMA foreign_keys = OFF',
      'DELETE FROM contents WHERE hash = (SELECT content_hash FROM versions WHERE minor = 0)',
    );
    assert.ok(problems().includes('content missing 1.0'));
    assert.throws(() => made.vault.show({ ref: 'support/triage@1.0' }), { code: 'DAMAGED' });
    assert.throws(() => made.vault.history({ path: 'support/triage' }), { code: 'DAMAGED' });
  });

  it('is not needed to see settings that are no JSON any more', () => {
    tamper(`UPDATE contents SET settings = '{' WHERE hash = (SELECT content_hash FROM versions WHERE minor = 0)`);
    assert.throws(() => made.vault.history({ path: 'support/triage' }), { code: 'DAMAGED' });
    assert.throws(() => made.vault.show({ ref: 'support/triage@1.0' }), { code: 'DAMAGED' });
    assert.equal(made.vault.get({ ref: 'support/triage' }).version, '1.1');
  });

  it('finds a content of no version, and half a character in the log', () => {
    tamper(
      `INSERT INTO contents (hash, settings, variables, messages)
         VALUES ('sha256:' || hex(zeroblob(32)), '{}', '[]', '[]')`,
      `UPDATE events SET reason = CAST(x'ed' || x'a080' AS TEXT) WHERE seq = 4`,
    );
    assert.deepEqual(problems(), ['content changed null', 'log changed 1.0']);
  });

  it('is not needed for the text that git shows, which says what is damaged in its place', () => {
    const variables = [{ name: 'tone', default: 'kind' }, { name: 'mail' }];
    const content = { settings: { temperature: 0.5 }, variables, messages: [userMessage('Be {{tone}}: {{mail}}\n')] };
    made.vault.create({ path: 'other', title: 'Other', description: 'Two\nlines', ...content });
    tamper(`UPDATE contents SET messages = '[]' WHERE hash = (SELECT content_hash FROM versions WHERE minor = 1)`);
    const text = vaultText(made.file);
    assert.match(text, /^## support\/triage v1\.1 PRD\n\(damaged: sha256:[0-9a-f]{64}\)$/m);
    assert.match(text, /^description: Two lines$/m);
    assert.match(text, /^setting temperature: 0\.5\nvariable mail\nvariable tone = "kind"\n\[user\]\nBe .*\n$/m);
  });
});
