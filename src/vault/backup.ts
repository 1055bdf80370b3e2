import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import { backupFolder, placeKey } from './backupPlace.ts';
import type { BackupInfo, BackupReason } from './careTypes.ts';
import type { Connect, Connection } from './connect.ts';
import { copyProblems } from './findProblems.ts';
import { flush, makeFolder } from './flush.ts';
import { fromSqlite } from './sqliteErrors.ts';

/** How many are kept per vault and place; the newest of each reason always stays. */
export const keptBackups = 10;

export type BackupRequest = {
  /** Folder of all backups; see `backupRoot`. */
  root: string;
  reason: BackupReason;
  connect: Connect;
  /** A file to make instead of one in the vault's folder; EXISTS when it is there. */
  to?: string;
  /** For tests: hands out a copy without looking at it. */
  unchecked?: boolean;
};

/**
 * A checked copy of a vault. The copy is made under another name, read again, flushed and only then given its name, so
 * that what is listed as a backup is one. DAMAGED when the vault holds something that does not fit its hash: such a copy
 * must not push out good ones. Reads only; READ_ONLY when the place cannot be written.
 */
export function takeBackup(file: string, request: BackupRequest): BackupInfo {
  const source = request.connect(file, 'read');
  try {
    const target = request.to ?? newName(file, source, request);
    if (exists(target))
      throw new VaultError('EXISTS', `${target} is there already. Choose another name`, { file: target });
    copyInto(source, target, { ...request, file });
    if (!request.to) prune(dirname(target));
    return describe(target, { elsewhere: false });
  } catch (error) {
    throw fromSqlite(error, { file, readOnly: true });
  } finally {
    source.close();
  }
}

function newName(file: string, source: Connection, { root, reason }: BackupRequest): string {
  const id = source.prepare(`SELECT value FROM meta WHERE key = 'vault_id'`).get() as { value: string } | undefined;
  const folder = backupFolder(root, { id: id?.value ?? '', file });
  inPlace(folder, () => makeFolder(folder, { mode: 0o700 }));
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (let n = 0; ; n += 1) {
    const name = join(folder, `${stamp}${n === 0 ? '' : `-${n}`}_${reason}.db`);
    if (!exists(name)) return name;
  }
}

function copyInto(source: Connection, target: string, request: BackupRequest & { file: string }): void {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    // Prompts are their owner's alone, also in copies.
    inPlace(dirname(target), () => closeSync(openSync(temporary, 'wx', 0o600)));
    source.prepare('VACUUM INTO ?').run(temporary);
    if (!request.unchecked) requireSound(temporary, request);
    // VACUUM INTO does not flush.
    flush(temporary);
    renameSync(temporary, target);
    flush(dirname(target));
  } finally {
    rmSync(temporary, { force: true });
  }
}

function requireSound(copy: string, { connect, file }: { connect: Connect; file: string }): void {
  const connection = connect(copy, 'read');
  try {
    const problems = copyProblems(connection, copy);
    if (problems.length === 0) return;
    const { what, path, version, detail } = problems[0]!;
    const where = path ? `${path}@${version}: ` : '';
    throw new VaultError(
      'DAMAGED',
      `${file} is damaged (${where}${what}, ${detail}) and was not copied over good backups. See all with "promptvault verify", then "promptvault restore" a backup or "promptvault salvage"`,
      { file, problems },
    );
  } finally {
    connection.close();
  }
}

/** Fails with READ_ONLY and the way out when the place of the backups cannot be written. */
function inPlace<T>(folder: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const message = `No backup can be made in ${folder}: ${(error as Error).message}. Set PROMPTVAULT_BACKUPS to a folder that can be written`;
    throw new VaultError('READ_ONLY', message, { file: folder }, error);
  }
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;
const backupName = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z)(?:-\d+)?_([a-z]+)\.db$/;

const dayMs = 24 * 60 * 60 * 1000;

/** When a backup was made, by its name; '' when the name is none of ours. */
function timeOf(name: string): string {
  const stamp = backupName.exec(name)?.[1] ?? '';
  return stamp.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/, 'T$1:$2:$3.$4Z');
}

/** From tomorrow on: made while the clock was wrong, nobody knows when. */
const isOfWrongClock = (at: string, now = Date.now()) => Date.parse(at) > now + dayMs;

/** What a wrong clock has dated counts as the oldest, or it would push out all that is made after it. */
function newestFirst(a: string, b: string): number {
  const wrong = Number(isOfWrongClock(a)) - Number(isOfWrongClock(b));
  return wrong || (a < b ? 1 : a > b ? -1 : 0);
}

function describe(file: string, { elsewhere }: { elsewhere: boolean }): BackupInfo {
  const [, , reason = 'manual'] = backupName.exec(basename(file)) ?? [];
  const stat = statSync(file);
  const at = timeOf(basename(file)) || stat.mtime.toISOString();
  return { file, at, reason: reason as BackupReason, bytes: stat.size, elsewhere };
}

/**
 * Backups of a vault, newest first: those of its place, and (when its id is known) those its clones left at others.
 * What cannot be read is left out.
 */
export function listBackups(root: string, vault: { file: string; id?: string }): BackupInfo[] {
  const key = placeKey(vault.file);
  const folders = namesIn(root).filter(
    (name) => name.endsWith(`-${key}`) || (vault.id && name.startsWith(`${vault.id}-`)),
  );
  return folders
    .flatMap((folder) => {
      const names = namesIn(join(root, folder)).filter((name) => backupName.test(name));
      return names.map((name) => describe(join(root, folder, name), { elsewhere: !folder.endsWith(`-${key}`) }));
    })
    .sort((a, b) => newestFirst(a.at, b.at));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Deletes the oldest over the limit. One that cannot be deleted is no reason to fail. */
function prune(folder: string): void {
  const names = namesIn(folder)
    .filter((name) => backupName.test(name))
    .sort((a, b) => newestFirst(timeOf(a), timeOf(b)) || (a < b ? 1 : -1));
  const seen = new Set<string>();
  const spare = names.filter((name) => {
    const reason = backupName.exec(name)![2]!;
    const newest = !seen.has(reason);
    seen.add(reason);
    return !newest;
  });
  const excess = names.length - keptBackups;
  for (const name of excess > 0 ? spare.reverse().slice(0, excess) : []) {
    try {
      rmSync(join(folder, name));
    } catch {
      // In use on Windows, for example; the next backup tries again.
    }
  }
}

/** Whether a daily backup is due: the vault is older than a day and its newest backup here too. */
export function isBackupDue(root: string, vault: { file: string; createdAt: string; now: Date }): boolean {
  const now = vault.now.getTime();
  const newest = listBackups(root, vault).find(({ elsewhere, at }) => !elsewhere && !isOfWrongClock(at, now))?.at;
  return Math.abs(now - Date.parse(newest ?? vault.createdAt)) > dayMs;
}
