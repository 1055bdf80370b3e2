import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { Connect, Connection } from './connect.ts';
import { copyProblems } from './findProblems.ts';
import { checkVault, type SchemaList } from './migrate.ts';
import { applicationId } from './migrations.ts';

/** The file behind a path, links resolved: two names for one file would have two journals. FILE_NOT_FOUND, FOREIGN. */
export function requireFile(asked: string): string {
  const entry = statSync(asked, { throwIfNoEntry: false });
  if (!entry) {
    const message = `There is no vault at ${asked}. Make one with "promptvault init"`;
    throw new VaultError('FILE_NOT_FOUND', message, { file: asked });
  }
  if (!entry.isFile()) {
    throw new VaultError('FOREIGN', `${asked} is not a file. Give the path of a vault.db`, { file: asked });
  }
  return realpathSync(asked);
}

/** Why the vault cannot be written, or null. The journal is made beside it, so the folder counts as well. */
export function cannotWrite(file: string): string | null {
  for (const [path, what] of [
    [file, 'file'],
    [dirname(file), 'folder'],
  ] as const) {
    try {
      accessSync(path, constants.W_OK);
    } catch {
      return `The vault's ${what} ${path} cannot be written`;
    }
  }
  return null;
}

type Looking = { known: SchemaList; connect: Connect; trustJournal?: boolean };

/** Looks at the file through a connection that cannot write. Its schema; null when a write was interrupted in it. */
export function inspect(file: string, { known, connect, trustJournal }: Looking): number | null {
  let connection: Connection | undefined;
  try {
    connection = connect(file, 'read');
    return checkVault(connection, file, known);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    const interrupted = code.startsWith('SQLITE_READONLY_ROLLBACK') || code.startsWith('SQLITE_CANTOPEN');
    if (!interrupted || !existsSync(journalOf(file)) || headerId(file) !== applicationId) throw error;
    // A crash left a journal, which a reader may not roll back. A writer will, if what comes out is a vault.
    if (!trustJournal && statSync(file).size <= triedBytes) tryRollback(file, { known, connect });
    return null;
  } finally {
    connection?.close();
  }
}

export const journalOf = (file: string) => join(dirname(file), `${basename(file)}-journal`);

/** The application id in the file's header, without what SQLite would do. 0 when there is none. */
const headerId = (file: string) => numberAt(file, 68);

/** A number in the first 100 bytes; 0 when there are not so many. */
function numberAt(file: string, offset: number): number {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  try {
    return readSync(descriptor, header, 0, 100, 0) >= offset + 4 ? header.readUInt32BE(offset) : 0;
  } finally {
    closeSync(descriptor);
  }
}

/** A journal that begins otherwise never reached the disk: SQLite drops it and nothing was changed yet. */
const journalMagic = [0xd9d505f9, 0x20a163d7];
const isWritten = (journal: string) => journalMagic.every((part, n) => numberAt(journal, n * 4) === part);
/** Copying and reading a larger vault would keep a person waiting for minutes: there the journal is trusted. */
const triedBytes = 1024 ** 3;
/** Where a journal says how many pages its file had, and where a file says it (sqlite.org/fileformat2, 1.3 and 3). */
const journalPages = 16;
const filePages = 28;

/**
 * Undoes the interrupted write on a copy first. A journal does not say whose it is: after a crash and a git checkout it is
 * another branch's, and rolling it back would mix the two for good. Throws DAMAGED when no whole vault comes out.
 */
function tryRollback(file: string, { known, connect }: Looking): void {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-'));
  const copy = join(folder, basename(file));
  let connection: Connection | undefined;
  try {
    copyFileSync(file, copy, constants.COPYFILE_FICLONE);
    copyFileSync(journalOf(file), journalOf(copy), constants.COPYFILE_FICLONE);
    const pages = isWritten(journalOf(copy)) ? numberAt(journalOf(copy), journalPages) : null;
    connection = connect(copy, 'write');
    checkVault(connection, file, known);
    if (pages !== null && pages !== numberAt(copy, filePages)) throw new Error('It belongs to a file of another size');
    const [problem] = copyProblems(connection, file);
    if (problem) throw new Error(problem.detail);
  } catch (error) {
    const message = `Beside ${file} lies ${basename(journalOf(file))}, left by an interrupted write, that does not fit it: it may be another branch's. Nothing was changed. Run "promptvault restore" with a backup, or "promptvault salvage"`;
    throw new VaultError('DAMAGED', message, { file, reason: (error as Error).message }, error);
  } finally {
    connection?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
