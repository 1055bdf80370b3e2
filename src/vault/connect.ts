/** What we use of the driver's connection, so that only `database.ts` knows the driver. */
export type Connection = {
  prepare(sql: string): {
    all(...values: unknown[]): unknown[];
    get(...values: unknown[]): unknown;
    run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint };
    iterate(...values: unknown[]): IterableIterator<unknown>;
    raw(toggle: boolean): never;
    pluck(toggle: boolean): never;
  };
  exec(sql: string): unknown;
  pragma(text: string, options?: { simple?: boolean }): unknown;
  /** All bytes of the database as they are now. */
  serialize(): Buffer;
  close(): unknown;
  readonly inTransaction: boolean;
};
export type OpenMode = 'create' | 'write' | 'read';
/** A connection with our settings; `read` never writes. */
export type Connect = (file: string, mode: 'write' | 'read') => Connection;
