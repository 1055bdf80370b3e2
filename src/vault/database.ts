import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { VaultError } from '../shared/errors.ts';
import { createEmitter, type Disposable } from '../shared/events.ts';
import { backupRoot } from './backupPlace.ts';
import { cannotWrite, inspect, requireFile } from './checkFile.ts';
import type { Connection, OpenMode } from './connect.ts';
import { createFile } from './createFile.ts';
import { structureProblems } from './findProblems.ts';
import { createFollower } from './followFile.ts';
import { checkVault, migrate, type SchemaList, schemaList } from './migrate.ts';
import { migrations } from './migrations.ts';
import { type Opened, openedFile, openOldCopy } from './oldCopy.ts';
import { fromSqlite } from './sqliteErrors.ts';
import { createStatements, type Statement } from './statements.ts';
import type { Problem, VaultEvent } from './types.ts';
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
 * Outside of `write` every statement that changes anything is refused, so a write cannot go round the log by mistake.
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
   * The same for a single statement, which sees one state by itself: without the transaction it takes half the time. A file
   * that took this one's place is noticed a millisecond later at most.
   */
  readOnce<T>(fn: () => T): T;
  /**
   * Runs `fn` in one immediate transaction and commits, or throws and changes nothing. `fn` must append an event when
   * it changes anything (INTERNAL otherwise), and must not be async. Nested calls join the outer transaction: an inner
   * one that throws undoes its own part. Throws READ_ONLY or BUSY.
   */
  write<T>(fn: (tx: WriteTx) => T): T;
  /** The same without the duty to log: for results and caches (cells, what sync sent), never for prompts or versions. */
  writeUnlogged<T>(fn: (tx: WriteTx) => T): T;
  /** What `fn` writes is logged as done by `actor`. It must not be async. */
  actingAs<T>(actor: string, fn: () => T): T;
  /** Changes when another connection has committed, or when the file was replaced. Own commits do not change it. */
  dataVersion(): number;
  /**
   * Another number after each commit of anybody. That another file took this one's place is noticed a millisecond later at
   * most, so it takes microseconds.
   */
  stamp(): number;
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
  /** Folder of all backups; `backupRoot()` unless given. */
  backups?: string;
  /** For tests: what must go wrong when a guard is missing. */
  without?: readonly Guard[];
};
export type Guard = 'schema check' | 'journal check' | 'structure check' | 'replaced file';

export const knownSchemas = schemaList(migrations, () => connect(':memory:', 'write'));

/** A raw connection with the settings every connection has. */
export function connect(file: string, mode: 'write' | 'read'): Connection {
  return withSettings(
    new Sqlite(file, { readonly: mode === 'read', fileMustExist: file !== ':memory:', timeout: 10_000 }),
  );
}

function withSettings(driver: Sqlite.Database): Connection {
  const settings = [
    'trusted_schema = OFF',
    'cell_size_check = ON',
    'mmap_size = 0',
    // KiB; in a large vault the default of 2,000 reads the same index pages again for every row.
    'cache_size = -32000',
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
  const guarded = (guard: Guard) => !options.without?.includes(guard);
  if (!existsSync(asked) && options.mode === 'create') mapped(asked, () => createFile(asked, known, connect));
  const file = requireFile(asked);
  const whyNot = options.mode === 'read' ? 'The vault was opened for reading' : cannotWrite(file);
  const readOnly = whyNot !== null;
  const open = () =>
    mapped(file, () => {
      if (!guarded('schema check')) return openedFile(connect(file, readOnly ? 'read' : 'write'));
      inspect(file, { known, connect, trustJournal: !guarded('journal check') });
      return openChecked(file, { known, readOnlyReason: whyNot, backups: options.backups ?? backupRoot() });
    });
  let opened = open();
  let { connection } = opened;
  const reason = whyNot === null ? null : `${whyNot}${opened.note}`;
  let sound = !guarded('structure check');
  let checkedSchema: number | undefined;

  const fail = (error: unknown) => {
    return fromSqlite(error, { file, readOnly });
  };
  const statements = createStatements(
    () => connection as never,
    fail,
    () => readOnly || writer.writing(),
  );
  const orm = drizzle({ client: statements as never }) as Orm;
  const committed = createEmitter<VaultEvent[]>();
  let { actor } = options;
  const writer = createWriter({
    connection: () => connection,
    prepare: statements.prepare,
    orm,
    actor: () => actor,
    now: options.now ?? (() => new Date()),
    onCommit: committed.fire,
  });

  const follower = createFollower({
    file,
    busy: () => connection.inTransaction || !guarded('replaced file'),
    isStale: () => opened.isStale(),
    reopen() {
      const next = open();
      opened.close();
      opened = next;
      connection = next.connection;
      checkedSchema = undefined;
      sound = !guarded('structure check');
    },
  });
  const requireWritable = () => {
    if (reason === null) return;
    throw new VaultError('READ_ONLY', `${reason}. Nothing was changed`, { file });
  };
  /** What was read before came from another file, so nothing that follows from it may be written into this one. */
  const requireSameFile = () => {
    if (follower.follow() === 'same') return;
    const message = `${file} was replaced while it was open, for example by git checkout. Nothing was written: look at what is there now, then try again`;
    throw new VaultError('CONFLICT', message, { file });
  };
  /** A write into broken pages would break more. Large vaults are checked in the background instead. */
  const requireSound = () => {
    if (sound || connection.inTransaction) return;
    if (statSync(file).size <= checkedBytes) {
      const problems = structureProblems(connection, file);
      if (problems.length > 0) throw damaged(file, problems);
    }
    sound = true;
  };
  /** Another program may have changed tables or rules since: a newer PromptVault that migrated, for example. */
  const requireSchema = () => {
    if (!guarded('schema check')) return;
    const schema = statements.prepare('PRAGMA schema_version').pluck().get<number>();
    if (schema === checkedSchema) return;
    mapped(file, () => checkVault(connection, file, known));
    checkedSchema = schema;
  };
  function write<T>(duty: 'logged' | 'unlogged', fn: (tx: WriteTx) => T): T {
    requireWritable();
    if (!connection.inTransaction) requireSameFile();
    requireSound();
    try {
      return writer.write(duty, (tx) => {
        requireSchema();
        return fn(tx);
      });
    } finally {
      ownWrites += 1;
    }
  }
  const othersCommits = statements.prepare('PRAGMA data_version').pluck();
  const fileVersion = () => follower.replacements() * 2 ** 32 + othersCommits.get<number>()!;
  let ownWrites = 0;
  let stamped = { version: -1, ownWrites: -1, stamp: 0 };

  return {
    file,
    actor: options.actor,
    readOnly,
    readOnlyReason: reason,
    orm,
    prepare: statements.prepare,
    read: (fn) => {
      follower.follow();
      return writer.read(() => {
        requireSchema();
        return fn();
      });
    },
    readOnce: (fn) => {
      follower.glance();
      return fn();
    },
    write: (fn) => write('logged', fn),
    writeUnlogged: (fn) => write('unlogged', fn),
    actingAs: (who, fn) => {
      actor = who;
      try {
        return fn();
      } finally {
        actor = options.actor;
      }
    },
    dataVersion: () => {
      follower.follow();
      return fileVersion();
    },
    stamp: () => {
      follower.glance();
      const version = fileVersion();
      if (version !== stamped.version || ownWrites !== stamped.ownWrites) {
        stamped = { version, ownWrites, stamp: stamped.stamp + 1 };
      }
      return stamped.stamp;
    },
    onDidCommit: committed.on,
    close: () => opened.close(),
  };
}

function mapped<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw fromSqlite(error, { file, readOnly: true });
  }
}

/** Vaults up to this size are looked through before the first write: some 40 ms. */
const checkedBytes = 32 * 1024 * 1024;

function damaged(file: string, problems: Problem[]): VaultError {
  const message = `${file} is damaged (${problems[0]?.detail}) and was left as it is. Run "promptvault doctor", then "promptvault restore" a backup or "promptvault salvage"`;
  return new VaultError('DAMAGED', message, { file, problems });
}

type Opening = { known: SchemaList; readOnlyReason: string | null; backups: string };

function openChecked(file: string, { known, readOnlyReason, backups }: Opening): Opened {
  const connection = connect(file, readOnlyReason === null ? 'write' : 'read');
  try {
    const schema = checkVault(connection, file, known);
    if (readOnlyReason === null) {
      connection.pragma('journal_mode = DELETE');
      migrate(connection, file, { known, connect, backups });
    } else if (schema < known.length) {
      return openOldCopy(connection, { file, known, connectBytes: (bytes) => withSettings(new Sqlite(bytes)) });
    }
    return openedFile(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}
