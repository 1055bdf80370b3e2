import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';

const folder = join(import.meta.dirname, '../fixtures/vaults');

/**
 * Writes the vault that a PromptVault of an older schema made: prompts in all stages, moved, deleted, rolled back, and a run; that
 * of schema 2 was one of schema 1 before, and has labels, datasets, suites, marks, a gate and a sync as well.
 */
export function writeOldVault(file: string, schema: 1 | 2 = 1): void {
  writeFileSync(file, gunzipSync(readFileSync(join(folder, `schema${schema}.db.gz`))));
}

/** All rows of all own tables as text, by table; of `columns` only when they are given. */
export function allRows(file: string, columns?: { [table: string]: string[] }): { [table: string]: string[] } {
  const raw = new Sqlite(file, { readonly: true });
  const tables = raw
    .prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'`)
    .pluck()
    .all() as string[];
  const rowsOf = (table: string) => {
    const rows = raw.prepare(`SELECT ${columns?.[table]?.join(', ') ?? '*'} FROM ${table}`).all();
    return rows.map((row) => JSON.stringify(row)).sort();
  };
  const wanted = tables.filter((table) => !columns || columns[table]);
  const found = Object.fromEntries(wanted.map((table) => [table, rowsOf(table)]));
  raw.close();
  return found;
}

/** The columns of each own table. */
export function allColumns(file: string): { [table: string]: string[] } {
  const raw = new Sqlite(file, { readonly: true });
  const found: { [table: string]: string[] } = {};
  for (const table of Object.keys(allRows(file))) {
    found[table] = raw.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(table) as string[];
  }
  raw.close();
  return found;
}
