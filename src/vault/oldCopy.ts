import { VaultError } from '../shared/errors.ts';
import type { Connection } from './connect.ts';
import { migrateCopy, type SchemaList } from './migrate.ts';

/** The connection that is read, and what it takes to keep it true. */
export type Opened = {
  connection: Connection;
  /** More to say about why it cannot be written; '' when there is nothing. */
  note: string;
  /** Whether the file behind a copy has changed since. */
  isStale(): boolean;
  close(): void;
};

export function openedFile(connection: Connection): Opened {
  return { connection, note: '', isStale: () => false, close: () => connection.close() };
}

/** A larger vault does not fit into memory beside everything else. */
const largest = 512 * 1024 * 1024;

type Parts = { file: string; known: SchemaList; connectBytes(bytes: Buffer): Connection };

/**
 * A vault of an older PromptVault that cannot be written, through a copy in memory that is brought up to date: its file
 * stays as it is. READ_ONLY when it is larger than 512 MiB.
 */
export function openOldCopy(source: Connection, { file, known, connectBytes }: Parts): Opened {
  const versionOf = () => source.pragma('data_version', { simple: true });
  const version = versionOf();
  const one = (pragma: string) => Number(source.pragma(pragma, { simple: true }));
  const schema = one('user_version');
  if (one('page_count') * one('page_size') > largest) {
    const message = `${file} is of an older PromptVault and must be opened for writing once, to be brought up to date`;
    throw new VaultError('READ_ONLY', message, { file });
  }
  const connection = connectBytes(source.serialize());
  try {
    migrateCopy(connection, file, known);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    connection,
    note: `. It is of an older PromptVault (schema ${schema}) and read through a copy that was brought up to date`,
    isStale: () => versionOf() !== version,
    close() {
      connection.close();
      source.close();
    },
  };
}
