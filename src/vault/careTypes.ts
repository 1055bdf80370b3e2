import type { ErrorCode } from '../shared/errors.ts';
import type { Problem } from './types.ts';

export const backupReasons = ['daily', 'migration', 'import', 'restore', 'manual'] as const;
export type BackupReason = (typeof backupReasons)[number];
/** `at` is ISO 8601 UTC. `elsewhere`: made of a clone of this vault at another place. */
export type BackupInfo = { file: string; at: string; reason: BackupReason; bytes: number; elsewhere: boolean };
/** What a restore did. `kept` is where what was there before is now; null when nothing was. */
export type RestoreReport = { file: string; from: string; kept: string | null; prompts: number; versions: number };
export type SalvageReport = {
  from: string;
  file: string;
  prompts: number;
  versions: number;
  events: number;
  /** What could not be read, or no longer fitted its hash. */
  lost: Problem[];
};
/** All that can be said about the health of a vault; `steps` are what to do, the most urgent first. */
export type Diagnosis = {
  /** False when the vault is damaged, foreign, newer or gone. */
  ok: boolean;
  file: string;
  /** Why it could not be opened or read; null when it could. */
  error: { code: ErrorCode; message: string } | null;
  vaultId: string | null;
  schema: number | null;
  knownSchema: number;
  bytes: number;
  /** An interrupted write lies beside it and is undone when it is opened for writing. */
  interrupted: boolean;
  readOnlyReason: string | null;
  /** Names of the file on its disk; more than one is dangerous. */
  names: number;
  place: VaultPlace;
  settings: { [name: string]: string | number };
  prompts: number;
  versions: number;
  events: number;
  problems: Problem[];
  /** What waits to be delivered, and the webhooks that failed too often. */
  outbox: { waiting: number; off: string[] };
  backups: { folder: string; count: number; bytes: number; newest: BackupInfo | null };
  steps: string[];
};
/** Where a vault lies. `warning` says what is wrong with the place, and what to do. */
export type VaultPlace = { fileSystem: string; network: boolean; warning: string | null };
