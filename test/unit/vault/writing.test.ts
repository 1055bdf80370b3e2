import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../src/vault/database.ts';
import { meta } from '../../../src/vault/schema.ts';
import { fromSqlite } from '../../../src/vault/sqliteErrors.ts';
import { type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('writing to the database', () => {
  let made: TestVault;
  let database: Database;
  beforeEach(() => {
    made = temporaryVault();
    database = made.vault.database;
  });
  afterEach(() => made.remove());
  const insert = `INSERT INTO meta (key, value) VALUES ('k', 'v')`;
  const stored = () => database.prepare(`SELECT count(*) FROM meta WHERE key = 'k'`).pluck().get();

  it('happens in write only', () => {
    assert.throws(() => database.prepare(insert).run(), { code: 'INTERNAL' });
    assert.throws(() => database.read(() => database.prepare(insert).run()), { code: 'INTERNAL' });
    assert.throws(() => database.orm.all(sql.raw(`${insert} RETURNING key`)), { code: 'INTERNAL' });
    assert.equal(stored(), 0);
  });

  it('needs an event, unless it is none of the history', () => {
    assert.throws(() => database.write((tx) => tx.prepare(insert).run()), { code: 'INTERNAL' });
    assert.equal(stored(), 0);
    database.write((tx) => {
      tx.orm.insert(meta).values({ key: 'k', value: 'v' }).run();
      tx.appendEvent({ kind: 'run.started', details: { any: ['json', 1, null] } });
    });
    assert.equal(stored(), 1);
    database.writeUnlogged((tx) => tx.prepare(`DELETE FROM meta WHERE key = 'k'`).run());
    assert.equal(stored(), 0);
    assert.deepEqual(
      made.vault.eventsAfter({ seq: 1 }).map(({ kind, details }) => [kind, details]),
      [['run.started', { any: ['json', 1, null] }]],
    );
  });

  it('is undone whole when anything throws', () => {
    const boom = () =>
      database.write((tx) => {
        tx.prepare(insert).run();
        tx.appendEvent({ kind: 'run.started' });
        throw new RangeError('boom');
      });
    assert.throws(boom, RangeError);
    assert.deepEqual([stored(), made.vault.info().lastSeq], [0, 1]);
  });

  it('does not begin inside a read, and a read inside a read is the same one', () => {
    const { vault } = made;
    const seen = database.read(() => {
      assert.throws(() => vault.create({ path: 'a', messages: [{ role: 'user', content: 'x' }] }), {
        code: 'INTERNAL',
      });
      return database.read(() => vault.list({}).total);
    });
    assert.equal(seen, 0);
  });

  it('goes on with more statements than are remembered', () => {
    const first = database.prepare('SELECT -1').pluck();
    for (let n = 0; n < 900; n += 1) assert.equal(database.prepare(`SELECT ${n}`).pluck().get(), n);
    assert.equal(first.get(), -1);
    assert.equal(stored(), 0);
  });

  it('is not async', () => {
    const late = () => database.write(async (tx) => tx.appendEvent({ kind: 'run.started' }));
    assert.throws(late, { code: 'INTERNAL' });
    assert.equal(made.vault.info().lastSeq, 1);
  });

  it('joins the write around it; what fails inside is undone alone', () => {
    const heard: string[] = [];
    made.vault.onDidCommit((events) => heard.push(...events.map(({ kind }) => kind)));
    database.write((tx) => {
      made.vault.create({ path: 'a', messages: [{ role: 'user', content: 'x' }] });
      assert.throws(() => made.vault.create({ path: 'a', messages: [{ role: 'user', content: 'y' }] }), {
        code: 'EXISTS',
      });
      const failing = () =>
        database.write((inner) => {
          inner.prepare(insert).run();
          inner.appendEvent({ kind: 'run.finished' });
          throw new RangeError('boom');
        });
      assert.throws(failing, RangeError);
      tx.appendEvent({ kind: 'run.started' });
      assert.deepEqual(heard, [], 'nothing is told before it is on disk');
    });
    assert.deepEqual(heard, ['prompt.created', 'version.created', 'run.started']);
    assert.equal(stored(), 0);
    assert.deepEqual(made.vault.verify().problems, []);
  });

  it('has every connection’s settings', () => {
    const settings = {
      journal_mode: 'delete',
      synchronous: 3,
      foreign_keys: 1,
      busy_timeout: 10_000,
      trusted_schema: 0,
      cell_size_check: 1,
      mmap_size: 0,
    };
    for (const [name, value] of Object.entries(settings)) {
      const found = database.writeUnlogged((tx) => tx.prepare(`PRAGMA ${name}`).pluck().get());
      assert.equal(found ?? 0, value, name);
    }
  });

  const codes: [sqlite: string, readOnly: boolean, code: string][] = [
    ['SQLITE_BUSY', false, 'BUSY'],
    ['SQLITE_BUSY_SNAPSHOT', false, 'BUSY'],
    ['SQLITE_READONLY', true, 'READ_ONLY'],
    ['SQLITE_READONLY_DIRECTORY', false, 'READ_ONLY'],
    ['SQLITE_READONLY_DBMOVED', false, 'BUSY'],
    ['SQLITE_CANTOPEN', false, 'READ_ONLY'],
    ['SQLITE_FULL', false, 'READ_ONLY'],
    ['SQLITE_IOERR_WRITE', true, 'READ_ONLY'],
    ['SQLITE_CORRUPT', false, 'DAMAGED'],
    ['SQLITE_CORRUPT_VTAB', false, 'DAMAGED'],
    ['SQLITE_NOTADB', false, 'FOREIGN'],
    ['SQLITE_CONSTRAINT_UNIQUE', false, 'EXISTS'],
    ['SQLITE_CONSTRAINT_CHECK', false, 'RULE'],
    ['SQLITE_CONSTRAINT_NOTNULL', false, 'INTERNAL'],
  ];
  for (const [sqlite, readOnly, code] of codes) {
    it(`${sqlite} becomes ${code}`, () => {
      const error = Object.assign(new Error('x'), { code: sqlite });
      assert.equal((fromSqlite(error, { file: 'f', readOnly }) as { code: string }).code, code);
    });
  }
});
