import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { listBackups } from '../../../src/vault/backup.ts';
import { openDatabase } from '../../../src/vault/database.ts';
import { migrations } from '../../../src/vault/migrations.ts';
import * as schema from '../../../src/vault/schema.ts';
import { tablesSql } from '../../../src/vault/tablesSql.ts';
import { createReleased, type TestVault, temporaryVault, testActor } from '../../support/vaultBuilders.ts';

type Column = { name: string; type: string; notnull: number; pk: number };
const next =
  "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL); INSERT INTO notes (text) VALUES ('hello');";

describe('migrating', () => {
  let made: TestVault;
  beforeEach(() => {
    made = temporaryVault();
    createReleased(made.vault);
    made.vault.close();
  });
  afterEach(() => made.remove());
  const open = (extra: string[], mode: 'write' | 'read' = 'write') =>
    openDatabase(made.file, { mode, actor: testActor, migrations: [...migrations, ...extra], backups: root() });
  const root = () => join(dirname(dirname(made.file)), 'backups');
  const backups = () => listBackups(root(), { file: made.file }).map(({ file }) => file);

  it('brings an older vault up to date after a checked backup', () => {
    const database = open([next]);
    assert.equal(database.prepare('SELECT text FROM notes').pluck().get(), 'hello');
    assert.equal(database.prepare('SELECT count(*) FROM versions').pluck().get(), 1);
    database.close();
    const [backup, ...others] = backups();
    assert.deepEqual(others, []);
    const old = openDatabase(backup ?? '', { mode: 'read', actor: testActor });
    assert.equal(old.prepare('SELECT count(*) FROM versions').pluck().get(), 1);
    assert.equal(old.prepare('PRAGMA user_version').pluck().get(), migrations.length);
    old.close();
    open([next]).close();
    assert.equal(backups().length, 1, 'nothing to do, nothing to back up');
  });

  it('changes nothing when a step fails', () => {
    const before = readFileSync(made.file);
    assert.throws(() => open([next, 'CREATE TABLE broken (']));
    assert.deepEqual(readFileSync(made.file), before);
  });

  it('changes nothing when entries would point nowhere', () => {
    const breaks = 'DROP TRIGGER versions_keep_identity; UPDATE versions SET prompt_id = 99;';
    const before = readFileSync(made.file);
    assert.throws(() => open([breaks]), { code: 'DAMAGED' });
    assert.deepEqual(readFileSync(made.file), before);
  });

  it('keeps the children of a table that is built anew', () => {
    const rebuild = `CREATE TABLE meta2 (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL, at TEXT) STRICT;
      INSERT INTO meta2 (key, value) SELECT key, value FROM meta; DROP TABLE meta; ALTER TABLE meta2 RENAME TO meta;`;
    const database = open([rebuild]);
    assert.equal(database.prepare('SELECT count(*) FROM meta').pluck().get(), 2);
    assert.equal(database.prepare('PRAGMA foreign_keys').pluck().get(), 1);
    database.close();
  });

  it('does not migrate for a reader, who is told and reads a copy that is up to date', () => {
    const before = readFileSync(made.file);
    const database = open([next], 'read');
    assert.equal(database.prepare('SELECT text FROM notes').pluck().get(), 'hello');
    assert.match(database.readOnlyReason ?? '', /older PromptVault/);
    database.close();
    assert.deepEqual(readFileSync(made.file), before);
    assert.deepEqual(backups(), []);
  });
});

describe('the tables drizzle knows', () => {
  const tables = Object.values(schema).filter((entry) => is(entry, SQLiteTable));
  const raw = new Sqlite(':memory:');
  before(() => {
    for (const sql of migrations) raw.exec(sql);
  });
  after(() => raw.close());

  it('are all tables of this room but the search, those of later schemas named here', () => {
    const own = new Sqlite(':memory:');
    own.exec(tablesSql);
    const names = own
      .prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict`)
      .pluck()
      .all();
    assert.deepEqual(tables.map((table) => getTableConfig(table).name).sort(), [...names, 'version_labels'].sort());
  });

  for (const table of tables) {
    const config = getTableConfig(table);
    it(`${config.name} has the columns, keys and references of the database`, () => {
      const real = raw.prepare(`SELECT * FROM pragma_table_xinfo(?)`).all(config.name) as Column[];
      const compound = config.primaryKeys[0]?.columns.map(({ name }) => name) ?? [];
      const ours = config.columns.map(({ name, getSQLType, notNull, primary }, i) => ({
        name,
        type: getSQLType.call(config.columns[i]).toUpperCase(),
        // SQLite leaves NOT NULL out for integer keys, which are never null.
        notnull: Number(notNull && !(primary && getSQLType.call(config.columns[i]) === 'integer')),
        pk: primary ? 1 : compound.indexOf(name) + 1,
      }));
      assert.deepEqual(
        ours,
        real.map(({ name, type, notnull, pk }) => ({ name, type, notnull, pk })),
      );
      const references = raw
        .prepare(`SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)`)
        .all(config.name) as object[];
      const declared = config.foreignKeys.map((key) => {
        const { columns, foreignTable, foreignColumns } = key.reference();
        return { from: columns[0]?.name, table: getTableConfig(foreignTable).name, to: foreignColumns[0]?.name };
      });
      const order = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
      assert.deepEqual(order(declared), order(references));
    });
  }
});
