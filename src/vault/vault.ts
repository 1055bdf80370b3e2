import type { Disposable } from '../shared/events.ts';
import { blameUseCases } from './blame.ts';
import type { OpenMode } from './connect.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { diffUseCases } from './diff.ts';
import { draftUseCases } from './drafts.ts';
import { countsOf } from './groups.ts';
import { historyUseCases } from './history.ts';
import { labelUseCases } from './labels.ts';
import { listUseCases } from './listPrompts.ts';
import { placeOf } from './place.ts';
import { promotionUseCases } from './promotion.ts';
import { promptUseCases } from './prompts.ts';
import { rollbackUseCases } from './rollback.ts';
import { rollbackDrillUseCases } from './rollbackDrill.ts';
import { servingUseCases } from './serving.ts';
import { tagUseCases } from './tags.ts';
import type { VaultApi, VaultEvent, VaultInfo } from './types.ts';
import { verifyUseCases } from './verify.ts';

/** The use cases of one open vault. `database` is for the rooms that keep their own tables in it. */
export type Vault = VaultApi & {
  readonly file: string;
  readonly database: Database;
  /** The events of this connection's own commits. Others' show in `database.dataVersion()` and `eventsAfter`. */
  onDidCommit(listener: (events: VaultEvent[]) => void): Disposable;
  close(): void;
};
export type VaultOptions = {
  /** Who writes: `name <mail>`. */
  actor: string;
  /** `create` makes the vault when there is none; `read` never writes. */
  mode?: OpenMode;
  now?: () => Date;
} & Pick<DatabaseOptions, 'backups' | 'without'>;

/** Opens the vault in `file`, for writing unless told. Throws FILE_NOT_FOUND, FOREIGN, NEWER, DAMAGED or BUSY. */
export function openVault(file: string, { mode = 'write', ...options }: VaultOptions): Vault {
  const database = openDatabase(file, { mode, ...options });
  try {
    if (mode === 'create' && !database.readOnly) logCreation(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    info: () => database.read(() => readInfo(database)),
    ...listUseCases(database),
    ...historyUseCases(database),
    ...servingUseCases(database),
    ...diffUseCases(database),
    ...blameUseCases(database),
    ...verifyUseCases(database),
    ...promptUseCases(database),
    ...draftUseCases(database),
    ...promotionUseCases(database),
    ...rollbackUseCases(database),
    ...rollbackDrillUseCases(database),
    ...tagUseCases(database),
    ...labelUseCases(database),
    file: database.file,
    database,
    onDidCommit: database.onDidCommit,
    close: database.close,
  };
}

/** The log begins with the vault; of two who create at once one writes this. */
function logCreation(database: Database): void {
  const begun = () => database.prepare('SELECT 1 FROM events LIMIT 1').get() !== undefined;
  if (begun()) return;
  database.write((tx) => {
    if (!begun()) tx.appendEvent({ kind: 'vault.created' });
  });
}

function readInfo(database: Database): VaultInfo {
  const number = (sql: string) => database.prepare(sql).pluck().get<number>()!;
  return {
    file: database.file,
    vaultId: database.prepare(`SELECT value FROM meta WHERE key = 'vault_id'`).pluck().get<string>() ?? '',
    schema: number('PRAGMA user_version'),
    readOnly: database.readOnly,
    readOnlyReason: database.readOnlyReason,
    prompts: countsOf(database, 'folder', '').total,
    lastSeq: number('SELECT coalesce(max(seq), 0) FROM events'),
    placeWarning: placeOf(database.file).warning,
  };
}
