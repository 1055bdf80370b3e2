import { VaultError } from '../shared/errors.ts';
import type { Database } from '../vault/database.ts';
import { isGone, thisOwner } from '../vault/processOwner.ts';
import { wholeNumber } from '../vault/wholeNumber.ts';
import type { Delivery } from './types.ts';

export type OutboxDatabase = Pick<Database, 'readOnly' | 'prepare' | 'writeUnlogged' | 'read'>;
export type TargetRow = {
  name: string;
  kind: 'sync' | 'webhook';
  automatic: 0 | 1;
  actions: string;
  state: 'on' | 'off';
  state_reason: string | null;
  failures: number;
  next_at: string;
  last_delivered_at: string | null;
  last_error: string | null;
  claimed_by: string | null;
  claimed_until: string | null;
};
export type DeliveryRow = {
  id: number;
  target: string;
  event_seq: number | null;
  path: string;
  version: string | null;
  action: Delivery['action'];
  key: string;
  state: Delivery['state'];
  attempts: number;
  next_at: string;
  created_at: string;
  done_at: string | null;
  error: string | null;
};
/** What the vault must know of a target for its promotions to be queued. */
export type KnownTarget = Pick<TargetRow, 'name' | 'kind' | 'automatic' | 'actions'>;
/** How an attempt went. `nextAt` is when the next may be, for one that stays pending. */
export type Outcome = {
  status: number | null;
  error: string | null;
  ms: number;
  state: Delivery['state'];
  version?: string | null;
  nextAt?: string;
  /** Until then the whole target rests. */
  targetRestsUntil?: string;
  /** No request was needed: not an attempt. */
  untried?: true;
};

/** So many deliveries that failed one after the other switch a webhook off. */
const failuresToOff = 5;
const keptDone = 500;
const keptAttempts = 20;

/** Of each path the oldest, so that nothing overtakes. */
const isNext = `target = ? AND state = 'pending' AND NOT EXISTS (SELECT 1 FROM deliveries o
  WHERE o.target = d.target AND o.path = d.path AND o.state = 'pending' AND o.id < d.id)`;
const idsToKeep = `SELECT id FROM deliveries WHERE target = ? ORDER BY id DESC LIMIT 1 OFFSET ${keptDone}`;

/** The rows of targets and deliveries. Times are ISO 8601 UTC. */
export function createOutbox(database: OutboxDatabase, now: () => Date = () => new Date()) {
  const { prepare, writeUnlogged } = database;
  const iso = (inMs = 0) => new Date(now().getTime() + inMs).toISOString();
  const target = (name: string) => prepare('SELECT * FROM targets WHERE name = ?').get<TargetRow>(name);
  const delivery = (id: number) => prepare('SELECT * FROM deliveries WHERE id = ?').get<DeliveryRow>(id);

  return {
    iso,
    target,
    delivery,
    targets: () => prepare('SELECT * FROM targets ORDER BY name').all<TargetRow>(),

    /** Tells the vault of targets; writes only what it did not know. */
    register(known: readonly KnownTarget[]): void {
      const isKnown = ({ name, kind, automatic, actions }: KnownTarget) => {
        const row = target(name);
        return row?.kind === kind && row.automatic === automatic && row.actions === actions;
      };
      if (database.readOnly || known.every(isKnown)) return;
      writeUnlogged((tx) => {
        for (const { name, kind, automatic, actions } of known) {
          tx.prepare(
            `INSERT INTO targets (name, kind, automatic, actions) VALUES (?, ?, ?, ?) ON CONFLICT (name)
             DO UPDATE SET kind = excluded.kind, automatic = excluded.automatic, actions = excluded.actions`,
          ).run(name, kind, automatic, actions);
        }
      });
    },

    setState(name: string, state: 'on' | 'off', reason: string | null): void {
      writeUnlogged((tx) => {
        tx.prepare(`UPDATE targets SET state = ?, state_reason = ?, failures = 0, next_at = '' WHERE name = ?`).run(
          state,
          reason,
          name,
        );
        if (state === 'on') {
          tx.prepare(`UPDATE deliveries SET next_at = '' WHERE target = ? AND state = 'pending'`).run(name);
        }
      });
    },

    forget(name: string): void {
      writeUnlogged((tx) => tx.prepare('DELETE FROM targets WHERE name = ?').run(name));
    },

    /** One engine at a time: false while another, which is alive, has it. Again before it ends, to keep it. */
    claim(name: string, owner: string, forMs: number): boolean {
      return writeUnlogged((tx) => {
        const row = tx.prepare('SELECT claimed_by, claimed_until FROM targets WHERE name = ?').get<TargetRow>(name);
        if (!row) return false;
        const { claimed_by: by, claimed_until: until } = row;
        const isFree = by === null || by === owner || (until ?? '') < iso() || isGone(ownerProcess(by));
        if (!isFree) return false;
        tx.prepare('UPDATE targets SET claimed_by = ?, claimed_until = ? WHERE name = ?').run(owner, iso(forMs), name);
        return true;
      });
    },
    release(name: string, owner: string): void {
      writeUnlogged((tx) => {
        tx.prepare('UPDATE targets SET claimed_by = NULL, claimed_until = NULL WHERE name = ? AND claimed_by = ?').run(
          name,
          owner,
        );
        tx.prepare(`DELETE FROM deliveries WHERE target = ? AND state <> 'pending' AND id <= (${idsToKeep})`).run(
          name,
          name,
        );
      });
    },

    /** What may be delivered now. */
    due(name: string, limit: number): DeliveryRow[] {
      const sql = `SELECT * FROM deliveries d WHERE ${isNext} AND next_at <= ? ORDER BY id LIMIT ?`;
      return prepare(sql).all<DeliveryRow>(name, iso(), limit);
    },
    /** When there is something to do for a target; '' is now, undefined never. */
    nextAt(name: string): string | undefined {
      const row = target(name);
      const first = prepare(`SELECT min(next_at) FROM deliveries d WHERE ${isNext}`).pluck();
      const at = first.get<string | null>(name) ?? undefined;
      if (row?.state !== 'on' || at === undefined) return undefined;
      return [at, row.next_at].sort().at(-1);
    },
    counts(name: string): { pending: number; failed: number } {
      const sql = `SELECT count(*) FILTER (WHERE state = 'pending') AS pending,
        count(*) FILTER (WHERE state = 'failed') AS failed FROM deliveries WHERE target = ?`;
      return prepare(sql).get<{ pending: number; failed: number }>(name)!;
    },

    /** A delivery that a person asked for. */
    add(row: Pick<DeliveryRow, 'target' | 'path' | 'action' | 'key'>): DeliveryRow {
      const id = writeUnlogged((tx) => {
        const { lastInsertRowid } = tx
          .prepare('INSERT INTO deliveries (target, path, action, key, created_at) VALUES (?, ?, ?, ?, ?)')
          .run(row.target, row.path, row.action, row.key, iso());
        return Number(lastInsertRowid);
      });
      return delivery(id)!;
    },

    /** Writes down how an attempt went: the attempt, its delivery and its target, in one transaction. */
    settle(row: DeliveryRow, outcome: Outcome): void {
      const { status, error, ms, state, version, nextAt = '', targetRestsUntil = '', untried } = outcome;
      writeUnlogged((tx) => {
        const attempt = row.attempts + (untried ? 0 : 1);
        if (!untried) {
          tx.prepare('INSERT OR REPLACE INTO delivery_attempts VALUES (?, ?, ?, ?, ?, ?)').run(
            ...[row.id, attempt, iso(), status, error, ms],
          );
          tx.prepare('DELETE FROM delivery_attempts WHERE delivery_id = ? AND attempt <= ?').run(
            ...[row.id, attempt - keptAttempts],
          );
        }
        tx.prepare(
          `UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, done_at = ?, error = ?, version = coalesce(?, version)
           WHERE id = ?`,
        ).run(state, attempt, nextAt, state === 'pending' ? null : iso(), error, version ?? null, row.id);
        if (state === 'delivered') {
          tx.prepare(
            `UPDATE targets SET failures = 0, next_at = '', last_delivered_at = ?, last_error = NULL WHERE name = ?`,
          ).run(iso(), row.target);
          return;
        }
        // A sync target is asked again until it answers; each round counts. A webhook is counted by what it lost.
        const isCounted = row.action === 'sync' ? targetRestsUntil !== '' : state === 'failed' && row.action !== 'test';
        tx.prepare(`UPDATE targets SET last_error = ?, next_at = ?, failures = failures + ? WHERE name = ?`).run(
          error,
          targetRestsUntil,
          Number(isCounted),
          row.target,
        );
        tx.prepare(
          `UPDATE targets SET state = 'off', state_reason = ? WHERE name = ? AND kind = 'webhook' AND state = 'on' AND failures >= ?`,
        ).run(`${failuresToOff} deliveries failed one after the other`, row.target, failuresToOff);
      });
    },

    /** How bringing all of a target to what production is went; `error` is the first that failed. What waits is due again when none did. */
    noteSync(name: string, error: string | null): void {
      writeUnlogged((tx) => {
        if (error !== null) {
          tx.prepare('UPDATE targets SET last_error = ? WHERE name = ?').run(error, name);
          return;
        }
        tx.prepare(
          `UPDATE targets SET failures = 0, next_at = '', last_delivered_at = ?, last_error = NULL WHERE name = ?`,
        ).run(iso(), name);
        tx.prepare(`UPDATE deliveries SET next_at = '' WHERE target = ? AND state = 'pending'`).run(name);
      });
    },

    list({ target: name, limit, before }: { target: string; limit?: number; before?: number }): Delivery[] {
      const rows = prepare('SELECT * FROM deliveries WHERE target = ? AND id < ? ORDER BY id DESC LIMIT ?');
      const most = wholeNumber('limit', limit ?? 100);
      return rows.all<DeliveryRow>(name, before ?? Number.MAX_SAFE_INTEGER, most).map((row) => toDelivery(row));
    },
    show(id: number): Delivery {
      const row = delivery(id);
      if (!row) throw new VaultError('NOT_FOUND', `There is no delivery ${id}`, { ref: String(id) });
      return toDelivery(row);
    },
  };

  function toDelivery(row: DeliveryRow): Delivery {
    const { id, target: name, action, path, version, key, state, error } = row;
    const tried = prepare('SELECT * FROM delivery_attempts WHERE delivery_id = ? ORDER BY attempt');
    const attempts = tried
      .all<Delivery['attempts'][number]>(id)
      .map(({ attempt, at, status, error: why, ms }) => ({ attempt, at, status, error: why, ms }));
    const nextAt = state === 'pending' && row.next_at !== '' ? row.next_at : null;
    const times = { createdAt: row.created_at, doneAt: row.done_at, nextAt };
    return { id, target: name, action, path, version, key, state, ...times, error, attempts };
  }
}
export type Outbox = ReturnType<typeof createOutbox>;

/** Names one who delivers: several may be in one process. */
export const newOwner = (): string => `${thisOwner()} ${Math.random().toString(36).slice(2, 10)}`;
const ownerProcess = (owner: string) => owner.slice(0, owner.lastIndexOf(' '));
