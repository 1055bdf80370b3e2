import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { Connect } from './connect.ts';
import { flush, makeFolder } from './flush.ts';
import type { SchemaList } from './migrate.ts';
import { applicationId } from './migrations.ts';

const companions = {
  '.gitignore': '# What belongs to one machine and one moment.\n*.db-journal\n*.db-wal\n*.db-shm\n*.tmp\nbackups/\n',
  // Never merged line by line; `promptvault init --git` makes git show it as text.
  '.gitattributes': '*.db -text -merge diff=promptvault\n',
};

/**
 * Makes a vault's file, whole or not at all: it is built under another name and linked into place, so that a crash leaves
 * no half vault and of two who create at once the second finds the first one's. Answers whether it was made here.
 */
export function createFile(file: string, known: SchemaList, connect: Connect): boolean {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}-${randomUUID()}.tmp`);
  try {
    makeFolder(folder);
    closeSync(openSync(temporary, 'wx', 0o600));
  } catch (error) {
    const why = `A vault cannot be made in ${folder}: ${(error as Error).message}. Make the folder writable or choose another`;
    throw new VaultError('READ_ONLY', why, { file }, error);
  }
  try {
    fill(temporary, known, connect);
    return putInPlace(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
    writeCompanions(folder);
  }
}

function fill(temporary: string, known: SchemaList, connect: Connect): void {
  const connection = connect(temporary, 'write');
  try {
    connection.exec('BEGIN EXCLUSIVE');
    for (const sql of known.migrations) connection.exec(sql);
    const setMeta = connection.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    setMeta.run('vault_id', randomUUID());
    setMeta.run('created_at', new Date().toISOString());
    connection.pragma(`application_id = ${applicationId}`);
    connection.pragma(`user_version = ${known.length}`);
    connection.exec('COMMIT');
  } finally {
    connection.close();
  }
}

function putInPlace(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return false;
    // Some file systems have no links; there the last of two who create at once wins before either has written.
    renameSync(temporary, file);
  }
  flush(dirname(file));
  return true;
}

/** Only in a folder that is ours by its name, and never over what is there. */
function writeCompanions(folder: string): void {
  if (basename(folder) !== '.promptvault') return;
  for (const [name, text] of Object.entries(companions)) {
    try {
      writeFileSync(join(folder, name), text, { flag: 'wx' });
    } catch {
      // It is there already, or cannot be written: the vault works without it.
    }
  }
}
