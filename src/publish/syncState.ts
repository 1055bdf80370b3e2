import type { Database } from '../vault/database.ts';
import type { Served } from '../vault/types.ts';
import type { SentLedger } from './sentLedger.ts';

/** The part of the vault's database in which sync remembers. */
export type SyncDatabase = Pick<
  Database,
  'file' | 'readOnly' | 'readOnlyReason' | 'prepare' | 'writeUnlogged' | 'read'
>;
export type SentVersion = Pick<Served, 'path' | 'version' | 'hash'>;

/** What a target has, as far as anybody remembers: this machine before the vault, which may be of another branch. */
export type TargetMemory = {
  has(path: string): SentVersion | undefined;
  /** When it was told that there is nothing at the path; ISO 8601 UTC. */
  removedAt(path: string): string | undefined;
  paths(): string[];
  remember(sent: SentVersion): void;
  forget(path: string): void;
};

export function targetMemory(database: SyncDatabase, ledger: SentLedger | undefined, target: string): TargetMemory {
  const stored = database.prepare('SELECT path, version, hash FROM sync_state WHERE endpoint = ? AND path = ?');
  const own = ledger?.of(target);
  function has(path: string): SentVersion | undefined {
    const noted = own?.get(path);
    if (!noted) return stored.get<SentVersion>(target, path);
    const { version, hash } = noted;
    return version === null || hash === null ? undefined : { path, version, hash };
  }
  return {
    has,
    removedAt(path) {
      const noted = own?.get(path);
      return noted?.version === null ? noted.at : undefined;
    },
    paths() {
      const all = database.prepare('SELECT path FROM sync_state WHERE endpoint = ?').pluck().all<string>(target);
      return [...new Set([...all, ...(own?.keys() ?? [])])].filter((path) => has(path)).sort();
    },
    remember({ path, version, hash }) {
      const at = database.writeUnlogged((tx) => {
        tx.prepare(
          `INSERT INTO sync_state (endpoint, path, hash, version, sent_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (endpoint, path)
           DO UPDATE SET hash = excluded.hash, version = excluded.version, sent_at = excluded.sent_at`,
        ).run(target, path, hash, version, tx.at);
        return tx.at;
      });
      ledger?.note({ target, path, version, hash, at });
    },
    forget(path) {
      const at = database.writeUnlogged((tx) => {
        tx.prepare('DELETE FROM sync_state WHERE endpoint = ? AND path = ?').run(target, path);
        return tx.at;
      });
      ledger?.note({ target, path, version: null, hash: null, at });
    },
  };
}
