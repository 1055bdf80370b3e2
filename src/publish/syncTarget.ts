import { randomUUID } from 'node:crypto';
import { codeOf, VaultError } from '../shared/errors.ts';
import { parsePath } from '../vault/paths.ts';
import type { Served, VaultApi } from '../vault/types.ts';
import type { Verdict } from './judgeAnswer.ts';
import { previewOf } from './previewRequest.ts';
import type { Target } from './readTarget.ts';
import type { SentLedger } from './sentLedger.ts';
import { servedPayload } from './servedPayload.ts';
import { putValue, removeValue } from './storeClient.ts';
import { type SyncDatabase, type TargetMemory, targetMemory } from './syncState.ts';
import type { SyncItem, SyncProgress, SyncReport } from './types.ts';

export type SyncVault = Pick<VaultApi, 'list' | 'get'> & { database: SyncDatabase };
export type SyncOptions = {
  onProgress?: (progress: SyncProgress) => void;
  signal?: AbortSignal;
  ledger?: SentLedger;
  /** Asked before each request: throws when somebody else delivers to the target by now. */
  requireLease?(): void;
};
/** What to do with one path, and what came of it. */
export type PathResult = SyncItem & { verdict?: Verdict; retryAfter?: string };

/** Requests under way at once: enough to hide the way there and back, few enough for a small server. */
const lanes = 4;

/**
 * Brings a target to what production is: sends every current PRD version it does not have yet, and tells it which paths
 * have nothing any more. Each success is remembered at once, so a broken or cancelled sync goes on where it stopped. What
 * fails is in the report; an aborted signal fails with CANCELLED. `dryRun` sends nothing and lists what would be sent.
 */
export async function syncAll(
  vault: SyncVault,
  target: Target,
  { force, dryRun }: { force?: boolean; dryRun?: boolean },
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { database } = vault;
  if (database.readOnly && !dryRun) {
    const message = `${database.readOnlyReason ?? 'The vault is read-only'}: sync could not remember what it sent`;
    throw new VaultError('READ_ONLY', message, { file: database.file });
  }
  const memory = targetMemory(database, options.ledger, target.stateKey);
  const served = productionPaths(vault);
  const inProduction = new Set(served);
  const paths = [...served, ...memory.paths().filter((path) => !inProduction.has(path))];
  const items: SyncItem[] = new Array(paths.length);
  let next = 0;
  let done = 0;
  let stopped = false;

  async function work(): Promise<void> {
    try {
      for (let index = next++; index < paths.length; index = next++) {
        if (options.signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
        const path = paths[index]!;
        const result = await syncPath({ vault, target, memory }, path, { force, dryRun, stopped }, options);
        stopped ||= result.verdict?.giveUp === true;
        const { verdict: _verdict, retryAfter: _after, ...item } = result;
        items[index] = item;
        done += 1;
        options.onProgress?.({ done, total: paths.length, path });
      }
    } catch (error) {
      next = paths.length;
      throw error;
    }
  }
  await settleAll(Array.from({ length: lanes }, work));
  const count = (status: SyncItem['status']) => items.filter((item) => item.status === status).length;
  return {
    url: target.address,
    dryRun: dryRun === true,
    sent: count('sent'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    removed: count('removed'),
    items,
  };
}

type Sending = { vault: SyncVault; target: Target; memory: TargetMemory };
type How = { force?: boolean; dryRun?: boolean; stopped?: boolean; maxAttempts?: number };

/** Sees to it that the target has of one path what production has now. */
export async function syncPath(
  { vault, target, memory }: Sending,
  path: string,
  how: How,
  { signal, requireLease }: Pick<SyncOptions, 'signal' | 'requireLease'> = {},
): Promise<PathResult> {
  if (!isPath(path)) return { path, version: '', hash: '', status: 'failed', attempts: 0, error: 'its path is none' };
  const served = findServed(vault, path);
  const known = memory.has(path);
  const about = served ?? known;
  const item = { path, version: about?.version ?? '', hash: about?.hash ?? '', attempts: 0, error: null };
  // A rollback can bring an old hash back under a new number, and applications are told the number as well.
  const isSame = served ? known?.hash === served.hash && known.version === served.version : !known;
  if (isSame && !(how.force && served)) return { ...item, status: 'unchanged' };
  const key = keyOf({ vault, memory, path }, about!, how.force);
  const request = served ? target.put(served, key) : target.remove(known!, key);
  if (how.dryRun) {
    return { ...item, status: served ? 'sent' : 'removed', ...(request && { request: previewOf(request, target) }) };
  }
  if (how.stopped) return { ...item, status: 'failed', error: 'not tried, since others failed for good' };
  requireLease?.();
  const options = { signal, ...(how.maxAttempts && { maxAttempts: how.maxAttempts }) };
  const { attempts, verdict, retryAfter } = served
    ? await putValue(target, served, key, options)
    : await removeValue(target, known!, key, options);
  if (verdict) {
    return { ...item, status: 'failed', attempts, error: verdict.error, verdict, ...(retryAfter && { retryAfter }) };
  }
  if (served) memory.remember(served);
  else memory.forget(path);
  return { ...item, status: served ? 'sent' : 'removed', attempts };
}

/** In a vault that somebody made up, a path may be one that leads elsewhere on the target's host. */
export function isPath(path: string): boolean {
  try {
    parsePath(path);
    return true;
  } catch {
    return false;
  }
}

/** What production serves at a path; undefined for nothing. */
export function findServed(vault: Pick<VaultApi, 'get'>, path: string): Served | undefined {
  try {
    return servedPayload(vault, path);
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Stands for one change of production, not for a content: after a rollback, or when a prompt comes back to a path, the same
 * must be taken again, and a server that remembers keys would take an old one for a repeat. A forced sending is a new one each time.
 */
function keyOf(
  { vault, memory, path }: { vault: SyncVault; memory: TargetMemory; path: string },
  { version, hash }: { version: string; hash: string },
  force: boolean | undefined,
): string {
  const changed = vault.database
    .prepare(
      `SELECT max(seq) FROM events WHERE kind IN ('version.promoted', 'prompt.moved')
        AND prompt_id = (SELECT id FROM prompts WHERE path = ?)`,
    )
    .pluck()
    .get<number | null>(path);
  const again = memory.removedAt(path);
  return [`${path}@${version}`, hash, changed ?? 'gone', again, force && randomUUID()].filter(Boolean).join('#');
}

export function productionPaths(vault: Pick<VaultApi, 'list'>): string[] {
  const paths: string[] = [];
  for (;;) {
    const { prompts } = vault.list({ stage: 'PRD', limit: 500, after: paths.at(-1) });
    for (const { path } of prompts) paths.push(path);
    if (prompts.length < 500) return paths;
  }
}

/** Waits for all before the first failure is thrown: nothing is still under way when the caller goes on. */
async function settleAll(work: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
