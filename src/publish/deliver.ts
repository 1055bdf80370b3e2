import { codeOf, VaultError } from '../shared/errors.ts';
import type { Database } from '../vault/database.ts';
import { judgeAnswer, judgeFailure, pauseMs, type Verdict } from './judgeAnswer.ts';
import type { Lease } from './lease.ts';
import type { DeliveryRow, Outbox, Outcome } from './outbox.ts';
import type { Target } from './readTarget.ts';
import type { ReadyWebhook } from './readWebhook.ts';
import { sendOnce } from './sendOnce.ts';
import type { SentLedger } from './sentLedger.ts';
import { targetMemory } from './syncState.ts';
import { type SyncVault, syncAll, syncPath } from './syncTarget.ts';
import { webhookPayload } from './webhookPayload.ts';

export type DeliverVault = Omit<SyncVault, 'database'> & { database: Database };
/** Where a delivery goes. */
export type Ready = { kind: 'sync'; target: Target } | { kind: 'webhook'; webhook: ReadyWebhook };
export type Delivering = {
  vault: DeliverVault;
  vaultId: string;
  outbox: Outbox;
  ledger: SentLedger;
  ready: Ready;
  lease: Lease;
  signal?: AbortSignal;
};
type How = { force?: boolean };

/** When a webhook is tried again after the first, second, … attempt, in ms; after the last of these it has failed. */
const webhookPauses = [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000];
const syncPauses = { firstMs: 2000, maxMs: 3_600_000 };
const restMs = { firstMs: 1000, maxMs: 15 * 60_000 };
/** However soon somebody wants to be asked again, and however late. */
const waits = { leastMs: 1000, mostMs: 3_600_000 };
const within = (ms: number) => Math.min(Math.max(ms, waits.leastMs), waits.mostMs);

/** One attempt at one delivery, written down. Fails with CANCELLED or CONFLICT (the lease is gone), and then nothing is written. */
export async function deliverOne(delivering: Delivering, row: DeliveryRow, how: How = {}): Promise<Outcome> {
  const { ledger, outbox, ready } = delivering;
  // A vault goes back in time with git checkout; what was done here is not done again.
  if (!how.force && ledger.hasDone(row.key)) return settle({ ...untried, state: 'delivered' });
  const outcome = await attempt();
  if (outcome.state === 'delivered') ledger.noteDone(row.key);
  // What arrived once stays so, also when a repeat that a person asked for does not.
  const keeps = row.state === 'delivered' && outcome.state !== 'delivered';
  return settle(keeps ? { ...outcome, state: 'delivered' } : outcome);

  async function attempt(): Promise<Outcome> {
    try {
      if (ready.kind === 'webhook') return await announce(delivering, ready.webhook, row);
      return await deliverSync(delivering, ready.target, row, how);
    } catch (error) {
      if (codeOf(error) !== 'DAMAGED') throw error;
      // What else there is to deliver is not to wait for a backup.
      return { ...untried, error: 'What it tells of is damaged: run "promptvault verify"', state: 'failed' };
    }
  }
  function settle(one: Outcome): Outcome {
    outbox.settle(row, one);
    return one;
  }
}
const untried = { status: null, error: null, ms: 0, untried: true } as const;

/** Sees to it that a target has what production has at a path, or everywhere. */
async function deliverSync(delivering: Delivering, target: Target, row: DeliveryRow, how: How): Promise<Outcome> {
  const { vault, ledger, outbox, lease, signal } = delivering;
  const begun = performance.now();
  const options = { signal, ledger, requireLease: lease.require };
  const took = () => Math.round(performance.now() - begun);
  if (row.path === '') {
    const { failed, items } = await syncAll(vault, target, how, options);
    const error = items.find((item) => item.error)?.error ?? null;
    if (failed === 0) return { status: null, error: null, ms: took(), state: 'delivered' };
    return { status: null, error, ms: took(), ...again(row, outbox, undefined) };
  }
  const memory = targetMemory(vault.database, ledger, target.stateKey);
  const result = await syncPath({ vault, target, memory }, row.path, { ...how, maxAttempts: 1 }, options);
  const version = result.version || null;
  if (result.status === 'unchanged') return { ...untried, state: 'delivered', version };
  const { verdict } = result;
  if (result.status === 'failed' && !verdict) return { ...untried, error: result.error, state: 'failed' };
  const told = { status: verdict?.status ?? (verdict ? null : 200), error: result.error, ms: took(), version };
  if (!verdict) return { ...told, state: 'delivered' };
  if (verdict.giveUp) return { ...told, ...again(row, outbox, result.retryAfter) };
  if (!verdict.retry) return { ...told, state: 'failed' };
  const wait = pauseMs(row.attempts + 1, result.retryAfter, syncPauses);
  return { ...told, state: 'pending', nextAt: outbox.iso(within(wait)) };
}

/** What would fare the same for every delivery lets the whole target rest. */
function again({ target }: DeliveryRow, outbox: Outbox, retryAfter: string | undefined) {
  const failures = outbox.target(target)?.failures ?? 0;
  const until = outbox.iso(within(pauseMs(Math.min(failures + 1, 20), retryAfter, restMs)));
  return { state: 'pending', targetRestsUntil: until } as const;
}

async function announce(delivering: Delivering, webhook: ReadyWebhook, row: DeliveryRow): Promise<Outcome> {
  const { vault, vaultId, outbox, lease, signal } = delivering;
  const payload = webhookPayload(vault.database, row, vaultId);
  if (!payload) return { ...untried, error: 'The log does not have what it tells of', state: 'dead' };
  lease.require();
  const begun = performance.now();
  let verdict: Verdict | undefined;
  let status: number | null = null;
  let retryAfter: string | undefined;
  try {
    const answer = await sendOnce(webhook.request(payload, new Date()), {
      reach: webhook.reach,
      signal,
      maxAnswerBytes: 65_536,
    });
    ({ status, retryAfter } = answer);
    verdict = judgeAnswer(answer);
  } catch (error) {
    if (signal?.aborted || codeOf(error) === 'CANCELLED') throw new VaultError('CANCELLED', 'Cancelled', {}, error);
    verdict = judgeFailure(error);
  }
  const told = { status, error: verdict?.error ?? null, ms: Math.round(performance.now() - begun) };
  if (!verdict) return { ...told, state: 'delivered' };
  const pause = webhookPauses[row.attempts];
  // A machine that is offline finds no name at all: that says nothing of the webhook.
  const canHelp = verdict.retry || (verdict.status === null && !verdict.isRefused);
  if (!canHelp || pause === undefined || row.action === 'test' || row.state !== 'pending')
    return { ...told, state: 'failed' };
  const wait = retryAfter === undefined ? pause : pauseMs(1, retryAfter, { firstMs: pause, maxMs: waits.mostMs });
  const rests = verdict.status === null ? { targetRestsUntil: outbox.iso(Math.min(pause, 60_000)) } : {};
  return { ...told, state: 'pending', nextAt: outbox.iso(Math.max(wait, waits.leastMs)), ...rests };
}

const lanes = 4;
const pageSize = 64;

/** Delivers all that is due, of each path in order, until nothing is or the target wants rest. */
export async function drain(delivering: Delivering, name: string): Promise<{ delivered: number; failed: number }> {
  const { outbox, ready, signal } = delivering;
  const count = { delivered: 0, failed: 0 };
  for (;;) {
    const row = outbox.target(name);
    if (row?.state !== 'on' || row.next_at > outbox.iso()) return count;
    const due = outbox.due(name, pageSize);
    if (due.length === 0) return count;
    // What concerns the whole vault is done alone, or a path might be sent twice at once.
    const whole = due.find(({ path }) => path === '');
    const page = whole && ready.kind === 'sync' ? [whole] : due;
    let stop = false;
    const work = async () => {
      for (let next = page.shift(); next && !stop; next = page.shift()) {
        if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
        const outcome = await deliverOne(delivering, next);
        if (outcome.state === 'delivered') count.delivered += 1;
        if (outcome.state === 'failed') count.failed += 1;
        stop ||= outcome.targetRestsUntil !== undefined || outbox.target(name)?.state !== 'on';
      }
    };
    const results = await Promise.allSettled(Array.from({ length: lanes }, work));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }
}
