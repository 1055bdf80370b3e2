import type { Database } from '../vault/database.ts';

/** A number that another commit of anybody changes, so that what was read at it may be kept while it stays. */
export type StampCalls = {
  /** Takes microseconds. Fails as a read does: BUSY, FILE_NOT_FOUND, DAMAGED. */
  stamp(): Promise<number>;
};

export function stampOf(database: Pick<Database, 'dataVersion' | 'prepare'>): StampCalls {
  const ownChanges = database.prepare('SELECT total_changes()').pluck();
  let others = -1;
  let own = -1;
  let stamp = 0;
  return {
    async stamp() {
      const [version, changes] = [database.dataVersion(), ownChanges.get<number>()!];
      if (version !== others || changes !== own) stamp += 1;
      others = version;
      own = changes;
      return stamp;
    },
  };
}
