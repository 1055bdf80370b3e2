import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { SalvageReport } from './careTypes.ts';
import { requireFile } from './checkFile.ts';
import { connect, knownSchemas, openDatabase } from './database.ts';
import { graftSchema } from './graftSchema.ts';
import { checkVault } from './migrate.ts';
import { type Readings, readDamaged } from './readDamaged.ts';
import { refill } from './refill.ts';
import type { Problem } from './types.ts';

/**
 * Reads all that is readable of a damaged vault into a new one and says what was lost. The damaged file is read as bytes
 * and never opened as a database. EXISTS when there is something at `to`; FOREIGN when there is nothing of a vault in it.
 */
export function salvage(from: string, to: string, { actor }: { actor: string }): SalvageReport {
  const file = requireFile(resolve(from));
  const target = resolve(to);
  if (existsSync(target)) {
    throw new VaultError('EXISTS', `${target} is there already. Choose a name that is free`, { file: target });
  }
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-'));
  try {
    const readings = bestReadings(readFileSync(file), folder);
    if (readings.contents.size === 0 && readings.events.length === 0) {
      throw new VaultError('FOREIGN', `Nothing of a vault can be read in ${file}. It was left as it is`, { file });
    }
    return { from: file, ...fill(target, readings, { actor, from: file }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file as it is when its schema is ours; else with our schema in front, in each form it may have. */
function bestReadings(bytes: Buffer, folder: string): Readings {
  const asItIs = attempt(bytes, folder);
  if (asItIs) return asItIs;
  const grafted = templates(folder).map((template) => attempt(graftSchema(bytes, template), folder));
  const found = grafted.filter((one): one is Readings => one !== null);
  return found.sort((a, b) => weight(b) - weight(a))[0] ?? { rows: {}, contents: new Map(), events: [], highestSeq: 0 };
}

const weight = ({ rows, contents }: Readings) =>
  (rows.versions?.length ?? 0) + (rows.prompts?.length ?? 0) + contents.size;

function attempt(bytes: Buffer, folder: string): Readings | null {
  const copy = join(folder, 'copy.db');
  writeFileSync(copy, bytes, { mode: 0o600 });
  let connection: ReturnType<typeof connect> | undefined;
  try {
    connection = connect(copy, 'read');
    checkVault(connection, copy, knownSchemas);
    return readDamaged(connection, bytes);
  } catch {
    return null;
  } finally {
    connection?.close();
    rmSync(copy);
  }
}

/** Empty vaults: their tables begin where those of a vault made here, or of a backup, begin. */
function templates(folder: string): Buffer[] {
  const made = join(folder, 'made.db');
  const packed = join(folder, 'packed.db');
  openDatabase(made, { mode: 'create', actor: 'salvage' }).close();
  const connection = connect(made, 'read');
  connection.prepare('VACUUM INTO ?').run(packed);
  connection.close();
  return [readFileSync(made), readFileSync(packed)];
}

function fill(target: string, readings: Readings, { actor, from }: { actor: string; from: string }) {
  const database = openDatabase(target, { mode: 'create', actor });
  try {
    const lost = database.write((tx) => {
      for (const { key, value } of readings.rows.meta ?? []) {
        tx.prepare('UPDATE meta SET value = ? WHERE key = ?').run(value ?? '', key ?? '');
      }
      const problems = refill(tx, readings);
      const what = problems.slice(0, 1000).map((problem: Problem) => ({ ...problem }));
      tx.appendEvent({ kind: 'vault.salvaged', details: { lost: what, count: problems.length } });
      return problems;
    });
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get<number>() ?? 0;
    const counts = { prompts: count('prompts'), versions: count('versions'), events: count('events') };
    return { file: database.file, ...counts, lost };
  } catch (error) {
    database.close();
    rmSync(target, { force: true });
    throw error instanceof VaultError
      ? error
      : new VaultError('DAMAGED', `${from} could not be salvaged: ${(error as Error).message}`, { file: from }, error);
  } finally {
    database.close();
  }
}
