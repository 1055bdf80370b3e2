import type { JsonObject } from '../shared/json.ts';
import type { WriteTx } from '../vault/database.ts';
import type { CellRow } from './runStore.ts';
import type { CellMoment } from './types.ts';

/** Writes cells one by one with one prepared statement: statements of many rows would be prepared anew for every count. */
export function writeCells(tx: WriteTx, rows: readonly CellRow[]): void {
  const insert = tx.prepare(upsertSql);
  for (const row of rows) {
    insert.run(
      ...[row.runSeq, row.idx, row.hash, row.model, row.caseKey, row.status, row.output, JSON.stringify(row.checks)],
      ...[row.latencyMs, row.firstTokenMs, row.inputTokens, row.outputTokens, row.cachedTokens, row.costUsd],
      ...[row.errorCode, row.errorMessage, row.cached ? 1 : 0, row.cacheKey, row.finishReason, row.attempts],
      ...[row.judgeUsd, row.timeline === null ? null : JSON.stringify(row.timeline)],
    );
  }
}

/** A mark is about one answer, so it goes with the answer it is about. */
export function dropMarks(tx: WriteTx, rows: readonly Pick<CellRow, 'runSeq' | 'idx'>[]): void {
  const drop = tx.prepare('DELETE FROM marks WHERE run_seq = ? AND idx = ?');
  for (const { runSeq, idx } of rows) drop.run(runSeq, idx);
}

const columns = [
  ...['run_seq', 'idx', 'hash', 'model', 'case_key', 'status', 'output', 'checks', 'latency_ms', 'first_token_ms'],
  ...['input_tokens', 'output_tokens', 'cached_tokens', 'cost_usd', 'error_code', 'error_message', 'cached'],
  ...['cache_key', 'finish_reason', 'attempts', 'judge_usd', 'timeline'],
];
// REPLACE would delete the row first, and with it the mark, which is to be decided apart.
const upsertSql = `
INSERT INTO cells (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
ON CONFLICT (run_seq, idx) DO UPDATE SET
${columns
  .slice(2)
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')}`;

/** Moments as they are stored: a letter and milliseconds each in one flat list, a detail behind them as an object. */
export type StoredTimeline = (string | number | JsonObject)[];

const letters = { queued: 'q', sent: 's', retry: 'r', firstToken: 'f', done: 'd', judged: 'j' } as const;
const words = Object.fromEntries(Object.entries(letters).map(([word, letter]) => [letter, word]));

export function storedTimeline(moments: readonly CellMoment[]): StoredTimeline {
  return moments.flatMap(({ what, at, detail }) => [letters[what], at, ...(detail === undefined ? [] : [{ detail }])]);
}

export function timelineOf(stored: StoredTimeline | null): CellMoment[] {
  const moments: CellMoment[] = [];
  for (const item of stored ?? []) {
    const last = moments.at(-1);
    if (typeof item === 'string') moments.push({ what: words[item] as CellMoment['what'], at: 0 });
    else if (last && typeof item === 'number') last.at = item;
    else if (last) last.detail = String((item as JsonObject).detail);
  }
  return moments;
}
