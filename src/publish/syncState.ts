import type { Database } from '../vault/database.ts';
import type { Served } from '../vault/types.ts';

/** The part of the vault's database in which sync remembers. */
export type SyncDatabase = Pick<Database, 'file' | 'readOnly' | 'readOnlyReason' | 'prepare' | 'writeUnlogged'>;
export type SentVersion = Pick<Served, 'path' | 'version' | 'hash'>;

/** What the endpoint last accepted, by path. */
export function readSent(database: SyncDatabase, endpoint: string): Map<string, SentVersion> {
  const rows = database
    .prepare('SELECT path, version, hash FROM sync_state WHERE endpoint = ?')
    .all<SentVersion>(endpoint);
  return new Map(rows.map((row) => [row.path, row]));
}

export function rememberSent(database: SyncDatabase, endpoint: string, sent: SentVersion): void {
  database.writeUnlogged((tx) =>
    tx
      .prepare(
        `INSERT INTO sync_state (endpoint, path, hash, version, sent_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (endpoint, path)
         DO UPDATE SET hash = excluded.hash, version = excluded.version, sent_at = excluded.sent_at`,
      )
      .run(endpoint, sent.path, sent.hash, sent.version, tx.at),
  );
}
