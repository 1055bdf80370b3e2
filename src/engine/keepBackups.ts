import { codeOf, toVaultError } from '../shared/errors.ts';
import { createEmitter } from '../shared/events.ts';
import { isBackupDue, takeBackup } from '../vault/backup.ts';
import type { BackupReason } from '../vault/careTypes.ts';
import { connect } from '../vault/database.ts';
import type { Vault } from '../vault/vault.ts';

/** An import of more prompts than this is preceded by a backup. */
const largeImport = 100;
const firstLookMs = 60_000;
const lookMs = 60 * 60 * 1000;

export type BackUp = (p: { file: string; root: string; reason: BackupReason }) => unknown;
/** In this process, which waits for it. */
const here: BackUp = ({ file, ...request }) => takeBackup(file, { ...request, connect });

/**
 * Makes the backups nobody asks for: daily while the vault is open (`aside` makes them where they stop nobody), at the end
 * of a short call that wrote, and before a large import. `onDidFindDamage` tells when a copy shows that the vault is damaged.
 */
export function keepBackups(vault: Vault, { root, aside = here }: { root: string; aside?: BackUp }) {
  const { file, database } = vault;
  const damage = createEmitter<{ message: string }>();
  let wrote = false;
  const written = vault.onDidCommit(() => {
    wrote = true;
  });

  function isDue(): boolean {
    if (database.readOnly) return false;
    const createdAt = database.prepare(`SELECT value FROM meta WHERE key = 'created_at'`).pluck().get<string>();
    return isBackupDue(root, { file, createdAt: createdAt ?? '', now: new Date() });
  }
  async function daily(backUp: BackUp): Promise<void> {
    try {
      if (isDue()) await backUp({ file, root, reason: 'daily' });
    } catch (error) {
      // Nobody waits for it, and the next look tries again. What it found is told.
      if (codeOf(error) === 'DAMAGED') damage.fire({ message: toVaultError(error).message });
    }
  }
  let timer = setTimeout(function look() {
    void daily(aside);
    timer = setTimeout(look, lookMs).unref();
  }, firstLookMs).unref();

  return {
    onDidFindDamage: damage.on,
    /** Throws when the backup cannot be made: then nothing is imported. */
    beforeImport(prompts: number): void {
      if (prompts > largeImport) here({ file, root, reason: 'import' });
    },
    async close(): Promise<void> {
      clearTimeout(timer);
      written.dispose();
      if (wrote) await daily(here);
    },
  };
}
