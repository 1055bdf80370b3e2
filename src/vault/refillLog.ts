import { type EventRow, eventHash } from './events.ts';
import { insertRow, type Refill } from './insertRow.ts';

/** The log as it was up to the first gap; what follows is chained anew, and what rules need is said again. */
export function refillLog({ tx, readings: { events, highestSeq }, lose }: Refill): void {
  let seq = 0;
  let hash = '';
  let before = 0;
  const gone = (first: number, last: number) => {
    if (last >= first) lose('log', {}, `Entries ${first} to ${last} are gone`);
  };
  for (const event of events) {
    gone(before + 1, event.seq - 1);
    before = event.seq;
    const row: EventRow = { ...event, seq: seq + 1, prev_hash: hash, hash: '' };
    row.hash = eventHash(row);
    if (insertRow(tx, 'events', row)) continue;
    seq = row.seq;
    hash = row.hash;
  }
  gone(before + 1, highestSeq);
  const bare = `FROM versions v JOIN prompts p ON p.id = v.prompt_id WHERE `;
  const unsaid = (kind: string, more: string) => `NOT EXISTS (SELECT 1 FROM events e WHERE e.prompt_id = v.prompt_id
    AND e.kind = '${kind}' AND e.version = v.major || '.' || v.minor ${more})`;
  const shape = `SELECT v.prompt_id AS promptId, p.path, v.major || '.' || v.minor AS version, v.content_hash AS hash `;
  type Unsaid = { promptId: number; path: string; version: string; hash: string };
  for (const { hash: content, ...at } of tx.prepare(shape + bare + unsaid('version.created', '')).all<Unsaid>()) {
    tx.appendEvent({ kind: 'version.created', ...at, details: { hash: content, salvaged: true } });
  }
  const promoted = unsaid(
    'version.promoted',
    `AND json_extract(e.details, '$.to') = 'PRD' AND json_extract(e.details, '$.hash') = v.content_hash`,
  );
  for (const { hash: content, ...at } of tx
    .prepare(`${shape}${bare} v.stage IN ('PRD', 'RET') AND ${promoted}`)
    .all<Unsaid>()) {
    tx.appendEvent({ kind: 'version.promoted', ...at, details: { to: 'PRD', hash: content, salvaged: true } });
  }
}
