import { existsSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { SalvageReport } from './careTypes.ts';
import { requireFile } from './checkFile.ts';
import { countRows } from './countRows.ts';
import { connect, openDatabase } from './database.ts';
import { migrations } from './migrations.ts';
import { inTable, type Readings, readDamaged } from './readDamaged.ts';
import { refill } from './refill.ts';
import { tableShapes } from './tableShapes.ts';
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
  const readings = bestReadings(readFileSync(file));
  if (readings.contents.size === 0 && readings.events.length === 0) {
    throw new VaultError('FOREIGN', `Nothing of a vault can be read in ${file}. It was left as it is`, { file });
  }
  return { from: file, ...fill(target, readings, { actor, from: file }) };
}

const usualPageSize = 4096;

/** By the size of a page that the file tells, and by the usual one in case that number is damaged. */
function bestReadings(bytes: Buffer): Readings {
  const memory = connect(':memory:', 'write');
  const shapes = tableShapes(memory, migrations);
  memory.close();
  const told = bytes.length < 100 ? 0 : bytes.readUInt16BE(16);
  const isSize = told >= 512 && told <= 32_768 && Math.log2(told) % 1 === 0;
  const sizes = new Set([isSize ? told : usualPageSize, usualPageSize]);
  const found = [...sizes].map((size) => readDamaged(bytes, shapes, size));
  return found.reduce((best, one) => (one.contents.size > best.contents.size ? one : best));
}

function fill(target: string, readings: Readings, { actor, from }: { actor: string; from: string }) {
  const database = openDatabase(target, { mode: 'create', actor });
  try {
    const lost = database.write((tx) => {
      for (const { key, value } of inTable<'key' | 'value'>(readings.rows, 'meta')) {
        tx.prepare('UPDATE meta SET value = ? WHERE key = ?').run(value, key);
      }
      const problems = refill(tx, readings);
      const what = problems.slice(0, 1000).map((problem: Problem) => ({ ...problem }));
      tx.appendEvent({ kind: 'vault.salvaged', details: { lost: what, count: problems.length } });
      return problems;
    });
    return { file: database.file, ...countRows(database), lost };
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
