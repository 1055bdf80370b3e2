import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type Database, openDatabase } from './database.ts';
import { compareVersions } from './diff.ts';
import { rollbackUseCases } from './rollback.ts';
import { servingUseCases } from './serving.ts';
import { fromSqlite } from './sqliteErrors.ts';
import type { RollbackDrill, VaultApi } from './types.ts';
import { resolveReference, toRecord } from './versionRows.ts';

/** A rollback rehearsed: it tells how long it takes and what would be served, on a copy that is deleted again. */
export function rollbackDrillUseCases(database: Database): Pick<VaultApi, 'drillRollback'> {
  return {
    drillRollback({ path, to }) {
      // Only its owner may look into the folder: the copy holds all prompts.
      const folder = mkdtempSync(join(tmpdir(), 'promptvault-drill-'));
      const started = performance.now();
      try {
        const file = join(folder, 'vault.db');
        copyVault(database.file, file);
        const copied = performance.now();
        const drill = rehearse(file, { path, to, actor: database.actor });
        return { ...drill, copyMs: rounded(copied - started), totalMs: rounded(performance.now() - started) };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** One consistent state, read through a connection that cannot write. */
function copyVault(from: string, to: string): void {
  let source: ReturnType<typeof connect> | undefined;
  try {
    source = connect(from, 'read');
    source.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    throw fromSqlite(error, { file: from, readOnly: true });
  } finally {
    source?.close();
  }
}

type Rehearsal = { path: string; to: string; actor: string };

function rehearse(file: string, { path, to, actor }: Rehearsal): Omit<RollbackDrill, 'copyMs' | 'totalMs'> {
  // An older vault is brought up to date on the way; the backup made before that goes with the copy.
  const copy = openDatabase(file, { mode: 'write', actor, backups: dirname(file) });
  try {
    const { prompt } = resolveReference(copy, path);
    const before = prompt.prd && toRecord(copy, resolveReference(copy, `${path}@PRD`));
    const started = performance.now();
    const done = rollbackUseCases(copy).rollback({ path, to, reason: 'Rollback drill' });
    const rollbackMs = rounded(performance.now() - started);
    const { version, hash } = servingUseCases(copy).get({ ref: path });
    return {
      path: prompt.path,
      to: done.rollbackOf ?? to,
      from: before ? before.version : null,
      served: { version, hash },
      changes: before ? compareVersions(before, done, 'words') : null,
      rollbackMs,
    };
  } finally {
    copy.close();
  }
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
