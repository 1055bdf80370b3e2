import { VaultError } from '../shared/errors.ts';

/** What can be bound to a statement. */
export type SqlValue = string | number | bigint | null | Uint8Array;
export type RunResult = { changes: number; lastInsertRowid: number | bigint };

/** A prepared statement. `raw()` answers arrays, `pluck()` the first column. Errors are VaultErrors. */
export type Statement = {
  all<Row = Record<string, unknown>>(...values: SqlValue[]): Row[];
  get<Row = Record<string, unknown>>(...values: SqlValue[]): Row | undefined;
  iterate<Row = Record<string, unknown>>(...values: SqlValue[]): IterableIterator<Row>;
  run(...values: SqlValue[]): RunResult;
  raw(): Statement;
  pluck(): Statement;
};
/** The driver's own statement, whose `raw` and `pluck` switch it for good. */
type DriverStatement = {
  readonly readonly: boolean;
  all(...values: unknown[]): unknown[];
  get(...values: unknown[]): unknown;
  iterate(...values: unknown[]): IterableIterator<unknown>;
  run(...values: unknown[]): RunResult;
  raw(toggle: boolean): DriverStatement;
  pluck(toggle: boolean): DriverStatement;
};
type Shape = 'rows' | 'raw' | 'pluck';
type Driver = { prepare(sql: string): DriverStatement };

/** More texts than this mean generated SQL: starting over is cheaper than remembering. */
const cacheLimit = 400;

/**
 * Prepared statements by their text. They find the connection at each use, so they survive a reopening;
 * `fail` turns what the driver throws into what is thrown, `mayWrite` says whether a statement may change anything now.
 */
export function createStatements(
  driver: () => Driver,
  fail: (error: unknown) => unknown,
  mayWrite: () => boolean = () => true,
) {
  const cache: Record<Shape, Map<string, Statement>> = { rows: new Map(), raw: new Map(), pluck: new Map() };

  function guarded<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw fail(error);
    }
  }
  function build(sql: string, shape: Shape): Statement {
    let owner: Driver | undefined;
    let prepared: DriverStatement;
    let writes = false;
    const statement = () => {
      const current = driver();
      if (current !== owner) {
        prepared = current.prepare(sql);
        if (shape === 'raw') prepared.raw(true);
        if (shape === 'pluck') prepared.pluck(true);
        writes = !prepared.readonly;
        owner = current;
      }
      // Not by PRAGMA query_only: each change of it makes SQLite plan all statements anew.
      if (writes && !mayWrite()) {
        throw new VaultError('INTERNAL', 'The vault is written through write() only');
      }
      return prepared;
    };
    return {
      all: <Row>(...values: SqlValue[]) => guarded(() => statement().all(...values) as Row[]),
      get: <Row>(...values: SqlValue[]) => guarded(() => statement().get(...values) as Row | undefined),
      iterate: <Row>(...values: SqlValue[]) => guarded(() => statement().iterate(...values) as IterableIterator<Row>),
      run: (...values) => guarded(() => statement().run(...values)),
      raw: () => prepare(sql, 'raw'),
      pluck: () => prepare(sql, 'pluck'),
    };
  }
  function prepare(sql: string, shape: Shape = 'rows'): Statement {
    const shaped = cache[shape];
    const known = shaped.get(sql);
    if (known) return known;
    if (shaped.size >= cacheLimit) shaped.clear();
    const made = build(sql, shape);
    shaped.set(sql, made);
    return made;
  }
  return { prepare: (sql: string) => prepare(sql) };
}
