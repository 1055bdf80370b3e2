import type { WriteTx } from './database.ts';
import type { Readings } from './readDamaged.ts';
import type { replayLog } from './replayLog.ts';
import type { Row } from './tableShapes.ts';

export type Lose = (what: string, at: { path?: string | null; version?: string | null }, detail: string) => void;
export type Refill = {
  tx: WriteTx;
  readings: Readings;
  log: ReturnType<typeof replayLog>;
  /** The log has no gap: what it tells is all there is. */
  logIsWhole: boolean;
  /** Prompts that are in, by id. */
  paths: Map<number, string>;
  lose: Lose;
};

/** Inserts the named columns of a row; answers why not. */
export function insertRow(tx: WriteTx, table: string, row: Row): string | null {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  try {
    tx.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
