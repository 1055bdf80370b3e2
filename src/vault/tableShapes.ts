import type { Connection } from './connect.ts';
import type { Tree } from './readPages.ts';
import type { StoredValue } from './readRecord.ts';
import type { SqlValue } from './statements.ts';

/** A stored row; with the columns named, one that is sure to have them. */
export type Row<Column extends string = string> = { [Name in Column]: SqlValue };
type Column = { name: string; type: string; nullable: boolean };
/** What the records of a table or an index look like. */
export type Shape = {
  name: string;
  tree: Tree;
  /** Its rows are wanted: no index, and no counts, which triggers keep. */
  isWanted: boolean;
  columns: readonly Column[];
  /** Rows written before a column was added have fewer. */
  least: number;
  /** Two rows that agree in these columns are one. */
  key: readonly string[];
};
export type Shapes = {
  /** Tables before those that refer to them. */
  shapes: readonly Shape[];
  /** Whether `sqlite_schema` of a vault says this, in any of its schemas. */
  isOurs(type: unknown, name: unknown, table: unknown, sql: unknown): boolean;
};

const keyOf = (...values: unknown[]) => JSON.stringify(values);

/** Reads the shapes of all tables and indexes off an empty database that walks through all migrations. */
export function tableShapes(memory: Connection, migrations: readonly string[]): Shapes {
  const ask = <T>(sql: string, ...values: string[]) => memory.prepare(sql).all(...values) as T[];
  const definitions = new Set<string>();
  const firstSize = new Map<string, number>();
  type Table = { name: string; ncol: number; wr: number };
  // What belongs to the search is made anew.
  const tables = () =>
    ask<Table>(`SELECT l.name, l.ncol, l.wr FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
      WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT GLOB 'sqlite_*' ORDER BY s.rowid`);
  for (const sql of migrations) {
    memory.exec(sql);
    type Definition = { type: string; name: string; tbl_name: string; sql: string | null };
    for (const one of ask<Definition>('SELECT type, name, tbl_name, sql FROM sqlite_schema')) {
      definitions.add(keyOf(one.type, one.name, one.tbl_name, one.sql));
    }
    for (const { name, ncol } of tables()) if (!firstSize.has(name)) firstSize.set(name, ncol);
  }

  function shapesOf({ name, wr }: Table): Shape[] {
    type Info = { cid: number; name: string; type: string; notnull: number; pk: number };
    const infos = ask<Info>('SELECT cid, name, type, "notnull", pk FROM pragma_table_xinfo(?)', name);
    const rowid: Column = { name: 'rowid', type: 'INTEGER', nullable: false };
    const column = (cid: number): Column => {
      const info = infos.find((one) => one.cid === cid);
      return info ? { name: info.name, type: info.type, nullable: info.notnull === 0 && info.pk === 0 } : rowid;
    };
    type Index = { name: string; origin: string };
    const indexes = ask<Index>('SELECT name, origin FROM pragma_index_list(?)', name).map(({ name: index, origin }) => {
      const stored = ask<{ cid: number }>('SELECT cid FROM pragma_index_xinfo(?) ORDER BY seqno', index);
      return { index, origin, columns: stored.map(({ cid }) => column(cid)) };
    });
    // A table without row numbers is an index over its key that holds all columns.
    const clustered = wr ? indexes.find(({ origin }) => origin === 'pk') : undefined;
    const table: Shape = {
      name,
      tree: clustered ? 'index' : 'table',
      isWanted: name !== 'counts',
      columns: clustered?.columns ?? infos.map(({ cid }) => column(cid)),
      least: firstSize.get(name)!,
      key: infos.filter(({ pk }) => pk > 0).map((info) => info.name),
    };
    const others = indexes.filter((one) => one !== clustered);
    return [
      table,
      ...others.map(({ index, columns }) => ({
        ...{ name: index, tree: 'index' as const, isWanted: false, key: [] },
        ...{ columns, least: columns.length },
      })),
    ];
  }
  return {
    shapes: tables().flatMap(shapesOf),
    isOurs: (type, name, table, sql) => definitions.has(keyOf(type, name, table, sql)),
  };
}

export function fits({ columns, least }: Shape, record: readonly StoredValue[]): boolean {
  return (
    record.length >= least &&
    record.length <= columns.length &&
    record.every((value, i) => {
      const { type, nullable } = columns[i] as Column;
      if (value === null) return nullable;
      if (type === 'TEXT') return typeof value === 'string';
      return type === 'INTEGER' ? Number.isSafeInteger(value) : typeof value === 'number';
    })
  );
}

export function toRow({ columns }: Shape, record: readonly StoredValue[]): Row {
  return Object.fromEntries(record.map((value, i) => [columns[i]!.name, value ?? null]));
}
