import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { VaultError } from '../shared/errors.ts';
import { createEmitter, type Disposable } from '../shared/events.ts';
import type { Connection, OpenMode } from './connect.ts';
import { createFile } from './createFile.ts';
import { checkVault, migrate, type SchemaList, schemaList } from './migrate.ts';
import { applicationId, migrations } from './migrations.ts';
import { fromSqlite } from './sqliteErrors.ts';
import { createStatements, type Statement } from './statements.ts';
import type { VaultEvent } from './types.ts';
import { createWriter, type WriteTx } from './writer.ts';

export type { EventDraft } from './events.ts';
export type { Statement } from './statements.ts';
export type { WriteTx } from './writer.ts';

type Orm = BetterSQLite3Database;
/** drizzle for reading; writing goes through `write`. */
export type ReadOrm = Pick<Orm, 'select' | 'selectDistinct' | '$count' | '$with' | 'with' | 'all' | 'get' | 'values'>;

/**
 * One connection to a vault. Everything is synchronous. What is thrown is a VaultError.
 *
 * Outside of `write` the connection refuses every change (`query_only`), so a write cannot go round the log by mistake.
 */
export type Database = {
  /** Absolute, links resolved. */
  readonly file: string;
  readonly actor: string;
  readonly readOnly: boolean;
  readonly readOnlyReason: string | null;
  readonly orm: ReadOrm;
  /** A prepared statement, remembered by its text: calling this in a hot path is fine. */
  prepare(sql: string): Statement;
  /** Runs `fn` in one read transaction, so that its queries see one state. Keep it short and fetch into memory. */
  read<T>(fn: () => T): T;
  /**
   * Runs `fn` in one immediate transaction and commits, or throws and changes nothing. `fn` must append an event when
   * it changes anything (INTERNAL otherwise), and must not be async. Nested calls join the outer transaction: an inner
   * one that throws undoes its own part. Throws READ_ONLY or BUSY.
   */
  write<T>(fn: (tx: WriteTx) => T): T;
  /** The same without the duty to log: for results and caches (cells, what sync sent), never for prompts or versions. */
  writeUnlogged<T>(fn: (tx: WriteTx) => T): T;
  /** Changes when another connection has committed, or when the file was replaced. Own commits do not change it. */
  dataVersion(): number;
  /** The events of a commit of this connection, in order, after it is on disk. */
  onDidCommit(listener: (events: VaultEvent[]) => void): Disposable;
  close(): void;
};
export type DatabaseOptions = {
  /** `create` makes the vault when there is none; `read` never writes. */
  mode: OpenMode;
  /** Who writes: `name <mail>`. */
  actor: string;
  /** For tests: other migrations, another clock. */
  migrations?: readonly string[];
  now?: () => Date;
};

const knownSchemas = schemaList(migrations, () => connect(':memory:', 'write'));

/** A raw connection with the settings every connection has. */
function connect(file: string, mode: 'write' | 'read'): Connection {
  const driver = new Sqlite(file, { readonly: mode === 'read', fileMustExist: file !== ':memory:', timeout: 10_000 });
  const settings = [
    'trusted_schema = OFF',
    'cell_size_check = ON',
    'mmap_size = 0',
    'foreign_keys = ON',
    'recursive_triggers = ON',
    'synchronous = EXTRA',
    'busy_timeout = 10000',
  ];
  if (process.platform === 'darwin') settings.push('fullfsync = ON');
  for (const setting of settings) driver.pragma(setting);
  return driver as unknown as Connection;
}

/**
 * Opens a vault. Nothing is written before the file has shown to be one of ours: FOREIGN, NEWER or DAMAGED leave it byte
 * for byte. FILE_NOT_FOUND without `create`. A file or folder that cannot be written is opened for reading, with the reason.
 */
export function openDatabase(path: string, options: DatabaseOptions): Database {
  const known = options.migrations ? schemaList(options.migrations, () => connect(':memory:', 'write')) : knownSchemas;
  const asked = resolve(path);
  if (!existsSync(asked) && options.mode === 'create') mapped(asked, () => createFile(asked, known, connect));
  const file = requireFile(asked);
  mapped(file, () => inspect(file, known));
  const reason = options.mode === 'read' ? 'The vault was opened for reading' : cannotWrite(file);
  let connection = mapped(file, () => openChecked(file, known, reason));
  const readOnly = reason !== null;
  let opened = statSync(file);
  let reopened = 0;

  const fail = (error: unknown) => {
    if ((error as { code?: string }).code === 'SQLITE_READONLY' && !readOnly && !writer.writing()) {
      return new VaultError('INTERNAL', 'The vault is written through write() only', {}, error);
    }
    return fromSqlite(error, { file, readOnly });
  };
  const statements = createStatements(() => connection as never, fail);
  const orm = drizzle({ client: statements as never }) as Orm;
  const committed = createEmitter<VaultEvent[]>();
  const writer = createWriter({
    connection: () => connection,
    prepare: statements.prepare,
    orm,
    actor: options.actor,
    now: options.now ?? (() => new Date()),
    fail,
    onCommit: committed.fire,
  });

  /** git checkout and the like put another file in our place; the old one must not be read or written any more. */
  function followFile(): void {
    if (connection.inTransaction) return;
    const current = statSync(file, { throwIfNoEntry: false });
    if (!current || (current.ino === opened.ino && current.dev === opened.dev)) return;
    mapped(file, () => inspect(file, known));
    const next = mapped(file, () => openChecked(file, known, reason));
    connection.close();
    connection = next;
    opened = current;
    reopened += 1;
  }
  const requireWritable = () => {
    if (reason === null) return;
    throw new VaultError('READ_ONLY', `${reason}. Nothing was changed`, { file });
  };

  return {
    file,
    actor: options.actor,
    readOnly,
    readOnlyReason: reason,
    orm,
    prepare: statements.prepare,
    read: (fn) => {
      followFile();
      return writer.read(fn);
    },
    write: (fn) => {
      requireWritable();
      followFile();
      return writer.write('logged', fn);
    },
    writeUnlogged: (fn) => {
      requireWritable();
      followFile();
      return writer.write('unlogged', fn);
    },
    dataVersion: () => {
      followFile();
      const version = statements.prepare('PRAGMA data_version').pluck().get<number>() ?? 0;
      return reopened * 2 ** 32 + version;
    },
    onDidCommit: committed.on,
    close: () => connection.close(),
  };
}

function mapped<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw fromSqlite(error, { file, readOnly: true });
  }
}

function requireFile(asked: string): string {
  const entry = statSync(asked, { throwIfNoEntry: false });
  if (!entry) {
    const message = `There is no vault at ${asked}. Make one with "promptvault init"`;
    throw new VaultError('FILE_NOT_FOUND', message, { file: asked });
  }
  if (!entry.isFile()) {
    throw new VaultError('FOREIGN', `${asked} is not a file. Give the path of a vault.db`, { file: asked });
  }
  // Two names for one file would have two journals.
  return realpathSync(asked);
}

/** Looks at the file through a connection that cannot write. */
function inspect(file: string, known: SchemaList): void {
  let connection: Connection | undefined;
  try {
    connection = connect(file, 'read');
    checkVault(connection, file, known);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    // A crash left a journal that a reader may not roll back. It is ours to do, if the header says so.
    if (code.startsWith('SQLITE_READONLY_ROLLBACK') || (code.startsWith('SQLITE_CANTOPEN') && hasJournal(file))) {
      if (readFileSync(file).readUInt32BE(68) === applicationId) return;
    }
    throw error;
  } finally {
    connection?.close();
  }
}

function hasJournal(file: string): boolean {
  return existsSync(join(dirname(file), `${basename(file)}-journal`));
}

function openChecked(file: string, known: SchemaList, readOnlyReason: string | null): Connection {
  const connection = connect(file, readOnlyReason === null ? 'write' : 'read');
  try {
    const schema = checkVault(connection, file, known);
    if (readOnlyReason === null) {
      connection.pragma('journal_mode = DELETE');
      migrate(connection, file, { known, connect });
      connection.pragma('query_only = ON');
    } else if (schema < known.length) {
      const message = `${file} is of an older PromptVault and must be opened for writing once, to be brought up to date`;
      throw new VaultError('READ_ONLY', message, { file });
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Why the vault cannot be written, or null. The journal is made beside it, so the folder counts as well. */
function cannotWrite(file: string): string | null {
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
