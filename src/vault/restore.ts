import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, VaultError } from '../shared/errors.ts';
import { takeBackup } from './backup.ts';
import { backupFolder } from './backupPlace.ts';
import type { RestoreReport } from './careTypes.ts';
import { inspect, journalOf, requireFile } from './checkFile.ts';
import type { Connection } from './connect.ts';
import { countRows } from './countRows.ts';
import { connect, knownSchemas, openDatabase } from './database.ts';
import { flush, makeFolder } from './flush.ts';
import { fromSqlite } from './sqliteErrors.ts';

export type RestoreRequest = {
  /** The backup, or any vault. */
  from: string;
  /** Folder of all backups: what is there before goes into it. */
  root: string;
  actor: string;
};

/**
 * Puts a copy of a vault in the place of `file`, whole or not at all. The copy is checked first (DAMAGED), then what is
 * there is kept: as a verified backup, or byte for byte when it is damaged. Whoever has the vault open goes over to the new file.
 */
export function restore(file: string, { from, root, actor }: RestoreRequest): RestoreReport {
  const source = requireFile(resolve(from));
  const target = existsSync(file) ? requireFile(resolve(file)) : resolve(file);
  if (source === target) {
    throw new VaultError('USAGE', `${source} is the vault itself. Name a backup: "promptvault restore" lists them`, {});
  }
  makeFolder(dirname(target));
  const temporary = join(dirname(target), `.${basename(target)}-${randomUUID()}.tmp`);
  try {
    mapped(source, () => inspect(source, { known: knownSchemas, connect }));
    takeBackup(source, { root, reason: 'restore', connect, to: temporary });
    const counts = describeCopy(temporary, { actor, from: source });
    const kept = existsSync(target) ? replace(target, temporary, root) : place(target, temporary);
    return { file: target, from: source, kept, ...counts };
  } finally {
    for (const path of [temporary, journalOf(temporary)]) rmSync(path, { force: true });
  }
}

/** Says in the log of the new vault where it comes from. */
function describeCopy(copy: string, { actor, from }: { actor: string; from: string }) {
  // An older one is brought up to date, and the backup made before that is of no use: it is of a copy.
  const scratch = mkdtempSync(join(tmpdir(), 'promptvault-'));
  const database = openDatabase(copy, { mode: 'write', actor, backups: scratch });
  try {
    database.write((tx) => tx.appendEvent({ kind: 'vault.restored', details: { from: basename(from) } }));
    const { prompts, versions } = countRows(database);
    return { prompts, versions };
  } finally {
    database.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Answers where the old one is kept. Nobody writes to it between its backup and its going: the write lock is held. */
function replace(target: string, temporary: string, root: string): string {
  let lock: Connection | undefined;
  try {
    mapped(target, () => inspect(target, { known: knownSchemas, connect }));
    lock = connect(target, 'write');
    lock.exec('BEGIN IMMEDIATE');
    const { file: kept } = takeBackup(target, { root, reason: 'restore', connect });
    // Windows does not replace a file that is open.
    if (process.platform === 'win32') lock.close();
    place(target, temporary);
    return kept;
  } catch (error) {
    const failure = fromSqlite(error, { file: target, readOnly: false });
    // What is no whole vault of ours cannot be opened to be copied: its bytes are kept.
    if (!['DAMAGED', 'FOREIGN', 'NEWER'].includes(codeOf(failure))) throw failure;
  } finally {
    lock?.close();
  }
  const kept = quarantine(target, root);
  // A journal left there would be rolled back into the new file.
  rmSync(journalOf(target), { force: true });
  flush(dirname(target));
  place(target, temporary);
  return kept;
}

function place(target: string, temporary: string): null {
  flush(temporary);
  renameSync(temporary, target);
  flush(dirname(target));
  return null;
}

/** Copies a file that no connection of this process has open, with its journal. */
function quarantine(target: string, root: string): string {
  const folder = backupFolder(root, { id: 'damaged', file: target });
  makeFolder(folder, { mode: 0o700 });
  const kept = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.damaged`);
  copyFileSync(target, kept);
  if (existsSync(journalOf(target))) copyFileSync(journalOf(target), journalOf(kept));
  if (statSync(kept).size !== statSync(target).size) {
    throw new VaultError('READ_ONLY', `${target} could not be kept in ${folder}: nothing was changed`, {
      file: target,
    });
  }
  flush(kept);
  flush(folder);
  return kept;
}

function mapped(file: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw fromSqlite(error, { file, readOnly: true });
  }
}
