import type { Database } from '../vault/database.ts';

/** A number that any commit of anybody changes: what was read at it may be kept while it stays. */
export type StampCalls = {
  /** Takes microseconds. Fails as a read does: BUSY, FILE_NOT_FOUND, DAMAGED. */
  stamp(): Promise<number>;
};

export function stampOf(database: Pick<Database, 'stamp'>): StampCalls {
  return { stamp: async () => database.stamp() };
}
