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

/** What of each table must never change, as the condition on its rows; columns named here may. */
const kept: { readonly [table: string]: { rows: string; free: readonly string[] } } = {
  contents: { rows: '1', free: [] },
  revisions: { rows: '1', free: [] },
  events: { rows: '1', free: [] },
  versions: { rows: `stage IN ('PRD', 'RET')`, free: [] },
  version_numbers: { rows: '1', free: [] },
  prompts: {
    rows: '1',
    free: [
      'path',
      'folder',
      'name',
      'title',
      'description',
      'created_at',
      'updated_at',
      'dev',
      'tst',
      'prd',
      'ret',
      'latest',
    ],
  },
};
/** Values of every kind, so that a type check alone does not save a column. */
const values = ["'other'", '0', '-1', 'NULL', "''", "'2001-01-01T00:00:00.000Z'", "'DEV'", "x'00'"];
const clauses = ['', 'OR REPLACE', 'OR IGNORE', 'OR FAIL', 'OR ROLLBACK'];

type Column = { name: string };

describe('every protected column and table', () => {
  let made: TestVault;
  let raw: Sqlite.Database;
  before(() => {
    made = temporaryVault();
    const { vault } = made;
    createReleased(vault, { path: 'support/triage' });
    vault.createVersion({ ref: 'support/triage@1.0' });
    vault.edit({ ref: 'support/triage@1.1', messages: [userMessage('Sort this mail by anger.')] });
    promoteToPrd(vault, 'support/triage@1.1');
    vault.createVersion({ ref: 'support/triage@1.1' });
    raw = openRaw(made.file, { recursiveTriggers: false, foreignKeys: false });
  });
  after(() => {
    raw.close();
    made.remove();
  });
  const columnsOf = (table: string) => (raw.pragma(`table_info(${table})`) as Column[]).map(({ name }) => name);

  /** Answers the statements that changed something, each undone. */
  function sweep(statements: readonly string[], database: Sqlite.Database): string[] {
    return statements.filter((sql) => {
      const before = keptRows(database);
      database.exec('SAVEPOINT sweep');
      try {
        database.exec(sql);
      } catch {
        // Refused, as it should be.
      }
      const changed = keptRows(database) !== before;
      if (database.inTransaction) database.exec('ROLLBACK TO sweep; RELEASE sweep');
      return changed;
    });
  }
  function updatesOf(table: string): string[] {
    const { rows, free } = kept[table] ?? { rows: '1', free: [] };
    const columns = columnsOf(table).filter((column) => !free.includes(column));
    assert.ok(columns.length > 0, table);
    return columns.flatMap((column) =>
      // The same value is no change, and a stage may go from PRD to RET with its dates: that is the lifecycle's own test.
      values.flatMap((value) =>
        clauses.map((clause) => `UPDATE ${clause} ${table} SET ${column} = ${value} WHERE ${rows}`),
      ),
    );
  }
  const deletesOf = (table: string) => [
    `DELETE FROM ${table} WHERE ${kept[table]?.rows}`,
    `REPLACE INTO ${table} SELECT * FROM ${table} WHERE ${kept[table]?.rows}`,
    `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} WHERE ${kept[table]?.rows}`,
  ];

  it('is named here: no table of the room is forgotten', () => {
    const tables = raw
      .prepare(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all() as string[];
    // Tags and labels are free; the rest are the lab's, the outbox, counters, the search, and where the vault says its name.
    const lab = ['datasets', 'dataset_contents', 'dataset_revisions', 'case_mappings', 'suites', 'check_sets', 'marks'];
    const outbox = ['targets', 'deliveries', 'delivery_attempts', 'agent_files'];
    const others = [
      ...lab,
      ...outbox,
      'prompt_tags',
      'version_labels',
      'runs',
      'run_cases',
      'cells',
      'sync_state',
      'counts',
      'meta',
    ];
    assert.deepEqual(
      tables.filter((name) => !(name in kept) && !others.includes(name)),
      [],
    );
  });

  for (const table of Object.keys(kept)) {
    it(`${table} keeps what it must, whatever is written into each column`, () => {
      const statements = [...updatesOf(table), ...deletesOf(table)];
      assert.deepEqual(sweep(statements, raw), []);
    });
  }

  it('changes without its rules: each table is open then', () => {
    const bare = openRaw(made.file, { recursiveTriggers: false, foreignKeys: false });
    bare.exec('BEGIN');
    for (const name of bare
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
      .pluck()
      .all() as string[]) {
      bare.exec(`DROP TRIGGER ${name}`);
    }
    for (const table of Object.keys(kept)) {
      const statements = updatesOf(table).filter((sql) => !/OR ROLLBACK/.test(sql));
      assert.notDeepEqual(sweep([...statements, ...deletesOf(table)], bare), [], table);
    }
    bare.exec('ROLLBACK');
    bare.close();
  });
});
