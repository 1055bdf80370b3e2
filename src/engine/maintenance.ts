import { listBackups, takeBackup } from '../vault/backup.ts';
import { backupRoot } from '../vault/backupPlace.ts';
import type { BackupInfo, BackupReason, Diagnosis, RestoreReport, SalvageReport } from '../vault/careTypes.ts';
import { requireFile } from '../vault/checkFile.ts';
import { connect } from '../vault/database.ts';
import { diagnose } from '../vault/doctor.ts';
import { restore } from '../vault/restore.ts';
import { salvage } from '../vault/salvage.ts';
import { vaultText } from '../vault/vaultText.ts';

/** What is done to a vault's file as a whole, also when it cannot be opened. `root` is a folder for all backups of this user. */
export type Maintenance = {
  backup(p: { file: string; to?: string; reason?: BackupReason; root?: string }): BackupInfo;
  backups(p: { file: string; root?: string }): BackupInfo[];
  restore(p: { file: string; from: string; actor: string; root?: string }): RestoreReport;
  salvage(p: { from: string; to: string; actor: string }): SalvageReport;
  doctor(p: { file: string; root?: string }): Diagnosis;
  /** The vault as text, for `git diff`. */
  text(p: { file: string }): string;
};

/** Runs in a process that has the vault not open: closing a copy of the file would drop the locks of an open one. */
export const maintenance: Maintenance = {
  backup: ({ file, to, reason = 'manual', root }) =>
    takeBackup(requireFile(file), { root: backupRoot(root), reason, connect, ...(to ? { to } : {}) }),
  backups: ({ file, root }) => listBackups(backupRoot(root), { file }),
  restore: ({ file, from, actor, root }) => restore(file, { from, actor, root: backupRoot(root) }),
  salvage: ({ from, to, actor }) => salvage(from, to, { actor }),
  doctor: ({ file, root }) => diagnose(file, { root: backupRoot(root) }),
  text: ({ file }) => vaultText(file),
};
