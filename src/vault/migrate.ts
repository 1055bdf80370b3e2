import { createHash } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import { takeBackup } from './backup.ts';
import type { Connect, Connection } from './connect.ts';
import { checkFile, findProblems, rawSource } from './findProblems.ts';
import { applicationId } from './migrations.ts';
import type { Problem } from './types.ts';

/** What the file says it is: a schema number, or why it is none of ours. Reads only. */
export function checkVault(connection: Connection, file: string, known: SchemaList): number {
  const schema = connection.pragma('user_version', { simple: true }) as number;
  if (connection.pragma('application_id', { simple: true }) !== applicationId) {
    throw new VaultError(
      'FOREIGN',
      `${file} is not a PromptVault vault and was left as it is. If it was one, "promptvault restore" a backup or "promptvault salvage" it; else choose another file, or move it away and make a vault with "promptvault init"`,
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
      `${file} says it is a vault, but its tables or rules are not PromptVault's. It was left as it is: "promptvault restore" a backup or ask who changed it`,
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

type Migration = { known: SchemaList; connect: Connect; backups: string };
/** Others wait this long for the one that migrates, in ms. */
const waitMs = 10 * 60 * 1000;

/**
 * Brings a vault to the newest schema in one transaction, after a verified backup; of several processes that try at once
 * one does it and the others wait. The write lock is taken first, so the backup is of exactly what is migrated.
 */
export function migrate(connection: Connection, file: string, { known, connect, backups }: Migration): void {
  if (checkVault(connection, file, known) === known.length) return;
  // Foreign keys cannot be switched off inside a transaction, and rebuilding a table must not delete its children.
  connection.pragma('foreign_keys = OFF');
  connection.pragma(`busy_timeout = ${waitMs}`);
  try {
    connection.exec('BEGIN IMMEDIATE');
    // Somebody else may have been faster.
    const from = checkVault(connection, file, known);
    if (from < known.length) {
      // A step over a broken index would stop half way, or believe what is not there.
      requireWhole(file, findProblems(rawSource(connection, file), [checkFile]));
      takeBackup(file, { root: backups, reason: 'migration', connect });
      walk(connection, file, known.migrations.slice(from));
      connection.pragma(`user_version = ${known.length}`);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  } finally {
    connection.pragma('busy_timeout = 10000');
    connection.pragma('foreign_keys = ON');
  }
}

/** The same for a copy that belongs to nobody else, such as one in memory: without a backup. */
export function migrateCopy(connection: Connection, file: string, known: SchemaList): void {
  const from = checkVault(connection, file, known);
  connection.pragma('foreign_keys = OFF');
  connection.exec('BEGIN');
  walk(connection, file, known.migrations.slice(from));
  connection.pragma(`user_version = ${known.length}`);
  connection.exec('COMMIT');
  connection.pragma('foreign_keys = ON');
}

function walk(connection: Connection, file: string, steps: readonly string[]): void {
  for (const sql of steps) connection.exec(sql);
  requireWhole(file, findProblems(rawSource(connection, file), [checkFile]));
}

function requireWhole(file: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const message = `${file} is damaged (${problems[0]?.detail}) and was not brought up to date: nothing was changed. Run "promptvault restore" with a backup, or "promptvault salvage"`;
  throw new VaultError('DAMAGED', message, { file, problems });
}
