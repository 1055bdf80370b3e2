import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { toVaultError } from '../shared/errors.ts';
import { listBackups } from './backup.ts';
import { backupFolder } from './backupPlace.ts';
import type { Diagnosis } from './careTypes.ts';
import { cannotWrite, inspect, journalOf, requireFile } from './checkFile.ts';
import { connect, knownSchemas } from './database.ts';
import { placeOf } from './place.ts';
import { fromSqlite } from './sqliteErrors.ts';
import { openVault } from './vault.ts';

const settings = [
  'journal_mode',
  'synchronous',
  'foreign_keys',
  'trusted_schema',
  'cell_size_check',
  'mmap_size',
  'page_size',
];

/** Everything about the health of a vault. Reads only, and answers also for one that cannot be opened. */
export function diagnose(path: string, { root }: { root: string }): Diagnosis {
  const asked = resolve(path);
  const found: Diagnosis = {
    ok: true,
    file: asked,
    error: null,
    vaultId: null,
    schema: null,
    knownSchema: knownSchemas.length,
    bytes: 0,
    interrupted: false,
    readOnlyReason: null,
    names: 1,
    place: placeOf(asked),
    settings: {},
    prompts: 0,
    versions: 0,
    events: 0,
    problems: [],
    outbox: { waiting: 0, off: [] },
    backups: { folder: '', count: 0, bytes: 0, newest: null },
    steps: [],
  };
  try {
    found.file = requireFile(asked);
    lookAt(found);
  } catch (error) {
    const { code, message } = toVaultError(fromSqlite(error, { file: found.file, readOnly: true }));
    found.error = { code, message };
  }
  found.ok =
    found.problems.length === 0 && !['DAMAGED', 'FOREIGN', 'NEWER', 'FILE_NOT_FOUND'].includes(found.error?.code ?? '');
  const list = listBackups(root, { file: found.file, ...(found.vaultId ? { id: found.vaultId } : {}) });
  found.backups = {
    folder: list[0] ? dirname(list[0].file) : backupFolder(root, { id: found.vaultId ?? '', file: found.file }),
    count: list.length,
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    newest: list[0] ?? null,
  };
  found.steps = rules.flatMap(({ when, step }) => (when(found) ? [step(found)] : []));
  return found;
}

function lookAt(found: Diagnosis): void {
  const { file } = found;
  const stat = statSync(file);
  found.place = placeOf(file);
  found.bytes = stat.size;
  found.names = stat.nlink;
  found.interrupted = existsSync(journalOf(file));
  found.readOnlyReason = cannotWrite(file);
  found.schema = inspect(file, { known: knownSchemas, connect });
  const vault = openVault(file, { actor: 'doctor', mode: 'read' });
  try {
    const pragma = (name: string) => vault.database.prepare(`PRAGMA ${name}`).pluck().get<string | number>() ?? '';
    found.settings = Object.fromEntries(settings.map((name) => [name, pragma(name)]));
    found.vaultId = vault.info().vaultId;
    const { prompts, versions, events, problems } = vault.verify();
    Object.assign(found, { prompts, versions, events, problems });
    const ask = <T>(sql: string) => vault.database.prepare(sql).pluck().all<T>();
    found.outbox = {
      waiting: ask<number>(`SELECT count(*) FROM deliveries WHERE state = 'pending'`)[0] ?? 0,
      off: ask<string>(`SELECT name FROM targets WHERE state = 'off' AND failures > 0 ORDER BY name`),
    };
  } finally {
    vault.close();
  }
}

const isBroken = ({ error, problems }: Diagnosis) => problems.length > 0 || error?.code === 'DAMAGED';

/** What to do when, the most urgent first. */
const rules: readonly { when(found: Diagnosis): boolean; step(found: Diagnosis): string }[] = [
  {
    when: (found) => isBroken(found) && found.backups.newest !== null,
    step: ({ backups }) => `Go back to the newest backup: promptvault restore "${backups.newest?.file}"`,
  },
  {
    when: isBroken,
    step: ({ file }) => `Or read what is readable into a new vault: promptvault salvage "${file}" --to <new file>`,
  },
  {
    when: ({ error, backups }) => error?.code === 'FILE_NOT_FOUND' && backups.newest !== null,
    step: ({ backups }) => `Bring the vault back: promptvault restore "${backups.newest?.file}"`,
  },
  {
    when: ({ error, backups }) => error?.code === 'FILE_NOT_FOUND' && backups.newest === null,
    step: () => 'Make a vault: promptvault init',
  },
  {
    when: ({ error }) => error?.code === 'NEWER',
    step: () => 'Update PromptVault: this vault was made by a newer one',
  },
  {
    when: ({ error }) => error?.code === 'FOREIGN',
    step: () => 'Ask who changed the file, look at an older one in git, or restore a backup',
  },
  {
    when: ({ error, interrupted }) => interrupted && error?.code === 'READ_ONLY',
    step: () =>
      'Undo the write that was interrupted by opening the vault for writing once: any verb that writes does it',
  },
  {
    when: ({ readOnlyReason }) => readOnlyReason !== null,
    step: ({ readOnlyReason }) => `${readOnlyReason}: make it writable to save changes`,
  },
  { when: ({ place }) => place.warning !== null, step: ({ place }) => place.warning ?? '' },
  {
    when: ({ names }) => names > 1,
    step: ({ names }) =>
      `The file has ${names} names (hard links). Two programs that open it by different names can damage it: keep one`,
  },
  {
    when: ({ outbox }) => outbox.off.length > 0,
    step: ({ outbox }) => `Look why ${outbox.off.join(', ')} failed, then: promptvault webhook enable ${outbox.off[0]}`,
  },
  {
    when: ({ ok, backups }) => ok && backups.newest === null,
    step: () => 'There is no backup yet: promptvault backup',
  },
];
