import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { VaultError } from '../shared/errors.ts';
import { canonicalJson } from './canonical.ts';
import type { Connection } from './connect.ts';
import { type EventDraft, type EventRow, eventHash, toEvent } from './events.ts';
import type { Statement } from './statements.ts';
import type { VaultEvent } from './types.ts';

/** The only handle that can change the vault; valid until its `write` returns. */
export type WriteTx = {
  /** One time for the whole transaction, ISO 8601 UTC. */
  readonly at: string;
  readonly actor: string;
  readonly orm: BetterSQLite3Database;
  prepare(sql: string): Statement;
  /** Adds an entry to the log in the same transaction. */
  appendEvent(event: EventDraft): VaultEvent;
  /** Does `work` once for its key, when all else of the transaction is done, also if what asked for it was undone. */
  beforeCommit(key: string, work: () => void): void;
};
type Duty = 'logged' | 'unlogged';
type Parts = {
  connection(): Connection;
  prepare(sql: string): Statement;
  orm: BetterSQLite3Database;
  actor(): string;
  now(): Date;
  onCommit(events: VaultEvent[]): void;
};

/** Transactions of one connection: reads see one state, writes are immediate, whole and logged. */
export function createWriter(parts: Parts) {
  let depth = 0;
  let events: VaultEvent[] = [];
  let at = '';
  const pending = new Map<string, () => void>();

  const run = (sql: string) => void parts.prepare(sql).run();
  function appendEvent(draft: EventDraft): VaultEvent {
    const last = parts
      .prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1')
      .get<{ seq: number; hash: string }>();
    const entry: Omit<EventRow, 'hash'> = {
      seq: (last?.seq ?? 0) + 1,
      at,
      actor: parts.actor(),
      kind: draft.kind,
      prompt_id: draft.promptId ?? null,
      path: draft.path ?? null,
      version: draft.version ?? null,
      reason: draft.reason ?? null,
      details: canonicalJson(draft.details ?? null),
      prev_hash: last?.hash ?? '',
    };
    const row: EventRow = { ...entry, hash: eventHash(entry) };
    parts
      .prepare(
        `INSERT INTO events (seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(...(Object.values(row) as (string | number | null)[]));
    const event = toEvent(row);
    events.push(event);
    return event;
  }
  /** Changed rows so far on this connection, triggers included. */
  const changes = () => parts.prepare('SELECT total_changes()').pluck().get<number>()!;

  function body<T>(duty: Duty, fn: (tx: WriteTx) => T): T {
    const logged = events.length;
    const before = changes();
    const beforeCommit = (key: string, work: () => void) => void pending.set(key, work);
    const tx = { at, actor: parts.actor(), orm: parts.orm, prepare: parts.prepare, appendEvent, beforeCommit };
    const result = fn(tx);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new VaultError(
        'INTERNAL',
        'A write must not be async: what it does after the first await is outside of it',
      );
    }
    if (duty === 'logged' && events.length === logged && changes() !== before) {
      throw new VaultError('INTERNAL', 'A write must append an event to the log');
    }
    return result;
  }
  function inner<T>(duty: Duty, fn: (tx: WriteTx) => T): T {
    const mark = events.length;
    run(`SAVEPOINT nested${depth}`);
    depth += 1;
    try {
      const result = body(duty, fn);
      run(`RELEASE nested${depth - 1}`);
      return result;
    } catch (error) {
      events.length = mark;
      run(`ROLLBACK TO nested${depth - 1}`);
      run(`RELEASE nested${depth - 1}`);
      throw error;
    } finally {
      depth -= 1;
    }
  }
  function outer<T>(duty: Duty, fn: (tx: WriteTx) => T): T {
    if (parts.connection().inTransaction) {
      throw new VaultError('INTERNAL', 'A write cannot begin inside a read');
    }
    let told: VaultEvent[] = [];
    try {
      depth = 1;
      run('BEGIN IMMEDIATE');
      at = parts.now().toISOString();
      const result = body(duty, fn);
      for (const work of pending.values()) work();
      run('COMMIT');
      told = events;
      return result;
    } catch (error) {
      if (parts.connection().inTransaction) run('ROLLBACK');
      throw error;
    } finally {
      depth = 0;
      events = [];
      pending.clear();
      if (told.length > 0) parts.onCommit(told);
    }
  }
  return {
    write: <T>(duty: Duty, fn: (tx: WriteTx) => T): T => (depth > 0 ? inner(duty, fn) : outer(duty, fn)),
    read<T>(fn: () => T): T {
      if (parts.connection().inTransaction) return fn();
      run('BEGIN');
      try {
        return fn();
      } finally {
        // There is nothing to keep, and a commit would ask the search index, which may be damaged.
        if (parts.connection().inTransaction) run('ROLLBACK');
      }
    },
    writing: () => depth > 0,
  };
}
