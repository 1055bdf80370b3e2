import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { Connect, Connection } from './connect.ts';
import { applicationId } from './migrations.ts';

/** What the file says it is: a schema number, or why it is none of ours. Reads only. */
export function checkVault(connection: Connection, file: string, known: SchemaList): number {
  const schema = connection.pragma('user_version', { simple: true }) as number;
  if (connection.pragma('application_id', { simple: true }) !== applicationId) {
    throw new VaultError(
      'FOREIGN',
      `${file} is not a PromptVault vault and was left as it is. Choose another file, or move it away and make a vault with "promptvault init"`,
      { file },
    );
  }
  if (schema > known.length) {
    throw new VaultError(
      'NEWER',
      `${file} was made by a newer PromptVault (schema ${schema}, this one knows ${known.length}). Update PromptVault to open it`,
      { file, found: schema, known: known.length },
    );
  }
  if (fingerprint(connection) !== known.fingerprints()[schema]) {
    throw new VaultError(
      'FOREIGN',
      `${file} says it is a vault, but its tables or rules are not PromptVault's. It was left as it is: restore a backup or ask who changed it`,
      { file },
    );
  }
  return schema;
}

/** SHA-256 over everything the schema defines. What ANALYZE adds does not count. */
function fingerprint(connection: Connection): string {
  const rows = connection
    .prepare(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*' ORDER BY type, name, tbl_name`,
    )
    .all();
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** The migrations this program knows and, per schema number, what a vault of it looks like. */
export type SchemaList = { migrations: readonly string[]; length: number; fingerprints(): readonly string[] };

/** Fingerprints are taken once from an empty database that walks through all migrations. */
export function schemaList(migrations: readonly string[], connectMemory: () => Connection): SchemaList {
  let known: string[] | undefined;
  const build = () => {
    const memory = connectMemory();
    const prints = [fingerprint(memory)];
    for (const sql of migrations) {
      memory.exec(sql);
      prints.push(fingerprint(memory));
    }
    memory.close();
    return prints;
  };
  return {
    migrations,
    length: migrations.length,
    fingerprints() {
      known ??= build();
      return known;
    },
  };
}

/**
 * Brings a vault to the newest schema in one exclusive transaction, after a verified backup; several processes may try at
 * once. Answers the backup's file, or null when there was nothing to do.
 */
export function migrate(connection: Connection, file: string, options: { known: SchemaList; connect: Connect }) {
  const { known, connect } = options;
  const before = checkVault(connection, file, known);
  if (before === known.length) return null;
  const backup = backUp(connection, file, { schema: before, connect });
  // Foreign keys cannot be switched off inside a transaction, and rebuilding a table must not delete its children.
  connection.pragma('foreign_keys = OFF');
  connection.exec('BEGIN EXCLUSIVE');
  try {
    const from = connection.pragma('user_version', { simple: true }) as number;
    for (const sql of known.migrations.slice(from)) connection.exec(sql);
    const broken = connection.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0) {
      throw new VaultError('DAMAGED', `${file} has entries that point nowhere and was not migrated`, { file });
    }
    connection.pragma(`user_version = ${known.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  } finally {
    connection.pragma('foreign_keys = ON');
  }
  return backup;
}

/** A checked copy beside the vault: `backups/vault-schema1-<time>.db`. VACUUM INTO does not flush, so we do. */
export function backUp(connection: Connection, file: string, options: { schema: number; connect: Connect }): string {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const target = join(folder, `${basename(file, '.db')}-schema${options.schema}-${stamp}-${process.pid}.db`);
  const temporary = `${target}.tmp`;
  try {
    connection.prepare('VACUUM INTO ?').run(temporary);
    const copy = options.connect(temporary, 'read');
    const answer = copy.pragma('quick_check', { simple: true });
    copy.close();
    if (answer !== 'ok') throw new VaultError('DAMAGED', `${file} could not be backed up: ${answer}`, { file });
    flush(temporary);
    renameSync(temporary, target);
    flush(folder);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return target;
}

/** Windows cannot flush folders, and does not need to. */
export function flush(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
