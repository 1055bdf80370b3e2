import assert from 'node:assert/strict';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { cells, runCases, runs } from '../../../src/lab/schema.ts';
import { type LabTest, startLabTest } from './labTest.ts';

type Column = { name: string; type: string; notnull: number; pk: number };

describe('the lab’s tables', () => {
  let test: LabTest;
  before(async () => {
    test = await startLabTest();
  });
  after(() => test.end());

  for (const table of [runs, runCases, cells]) {
    const { name, columns, indexes, primaryKeys } = getTableConfig(table);
    it(`${name} is in the migrated vault as drizzle sees it`, () => {
      const found = test.vault.database
        .prepare(`SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`)
        .all<Column>();
      const composite = primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
      const expected = columns.map((column) => ({
        name: column.name,
        type: column.getSQLType().toUpperCase(),
        // SQLite does not count the primary key's own NOT NULL.
        notnull: column.notNull && !column.primary ? 1 : 0,
        pk: column.primary ? 1 : composite.indexOf(column.name) + 1,
      }));
      assert.deepEqual(
        found.map((column) => ({ ...column })),
        expected,
      );
      const made = test.vault.database
        .prepare(`SELECT name FROM pragma_index_list('${name}') WHERE origin = 'c' ORDER BY name`)
        .pluck()
        .all();
      assert.deepEqual(made, indexes.map((index) => index.config.name).sort());
    });
  }

  it('looks up evidence and answers by index', () => {
    const plan = (sql: string) =>
      test.vault.database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all<{ detail: string }>()
        .map(({ detail }) => detail)
        .join();
    assert.match(
      plan(`SELECT max(run_seq) FROM cells WHERE hash = 'a' AND model = 'b' AND case_key = 'c'`),
      /cells_by_evidence/,
    );
    assert.match(plan(`SELECT * FROM cells WHERE cache_key = 'a'`), /cells_by_cache_key/);
  });

  it('takes no cell that is neither judged nor cancelled', () => {
    assert.throws(
      () =>
        test.vault.database.writeUnlogged((tx) =>
          tx
            .prepare(`INSERT INTO cells (run_seq, idx, hash, model, case_key, status, output, checks, cached, attempts)
            VALUES (1, 0, 'h', 'm', 'c', 'running', '', '[]', 0, 1)`)
            .run(),
        ),
      { code: 'RULE' },
    );
  });
});
