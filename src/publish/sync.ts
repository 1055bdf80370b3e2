import { randomUUID } from 'node:crypto';
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { VaultError } from '../shared/errors.ts';
import type { Served, VaultApi } from '../vault/types.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { type SendResult, sendPrompt } from './sendPrompt.ts';
import { servedPayload } from './servedPayload.ts';
import { readSent, rememberSent, type SentVersion, type SyncDatabase } from './syncState.ts';
import type { SyncItem, SyncProgress, SyncReport, SyncRequest } from './types.ts';

export type SyncVault = Pick<VaultApi, 'list' | 'get'> & { database: SyncDatabase };
export type SyncOptions = { onProgress?: (progress: SyncProgress) => void; signal?: AbortSignal };

/** Requests under way at once: enough to hide the way there and back, few enough for a small server. */
const lanes = 4;

/**
 * Sends every current PRD version the endpoint does not have yet, one PUT each. Each success is remembered at once, so
 * a broken or cancelled sync goes on where it stopped. What fails is in the report; a wrong address or header fails
 * with INVALID_INPUT and an aborted signal with CANCELLED. `dryRun` sends nothing and lists what would be sent.
 */
export async function sync(vault: SyncVault, request: SyncRequest, options: SyncOptions = {}): Promise<SyncReport> {
  const endpoint = readEndpoint(request.url);
  const headers = readHeaders(request);
  const { database } = vault;
  if (database.readOnly && !request.dryRun) {
    const message = `${database.readOnlyReason ?? 'The vault is read-only'}: sync could not remember what it sent`;
    throw new VaultError('READ_ONLY', message, { file: database.file });
  }
  const sent = request.force ? new Map<string, SentVersion>() : readSent(database, endpoint.name);
  const paths = productionPaths(vault);
  const items: SyncItem[] = new Array(paths.length);
  let next = 0;
  let done = 0;
  let stopped = false;

  async function work(): Promise<void> {
    try {
      for (let index = next++; index < paths.length; index = next++) {
        if (options.signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
        const served = servedPayload(vault, paths[index]!);
        items[index] = await syncOne(served);
        done += 1;
        options.onProgress?.({ done, total: paths.length, path: served.path });
      }
    } catch (error) {
      next = paths.length;
      throw error;
    }
  }

  async function syncOne(served: Served): Promise<SyncItem> {
    const item = { path: served.path, version: served.version, hash: served.hash };
    const known = sent.get(served.path);
    // A rollback can bring an old hash back under a new number, and applications are told the number as well.
    const unchanged = known?.hash === served.hash && known.version === served.version;
    if (unchanged) return { ...item, status: 'unchanged', attempts: 0, error: null };
    if (request.dryRun) return { ...item, status: 'sent', attempts: 0, error: null };
    if (stopped) return { ...item, status: 'failed', attempts: 0, error: 'not tried, since others failed for good' };
    const result = await put(endpoint, served, options.signal);
    if (result.error !== null) {
      stopped ||= result.giveUp;
      return { ...item, status: 'failed', attempts: result.attempts, error: result.error };
    }
    rememberSent(database, endpoint.name, item);
    return { ...item, status: 'sent', attempts: result.attempts, error: null };
  }

  function put(to: Endpoint, served: Served, signal?: AbortSignal): Promise<SendResult> {
    const body = JSON.stringify(served);
    const own = promptHeaders(served, { length: Buffer.byteLength(body), force: request.force === true });
    return sendPrompt({ url: to.urlOf(served.path), headers: { ...headers, ...own }, body }, signal);
  }

  await settleAll(Array.from({ length: lanes }, work));
  const count = (status: SyncItem['status']) => items.filter((item) => item.status === status).length;
  return {
    url: endpoint.name,
    sent: count('sent'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    removed: count('removed'),
    items,
  };
}

/**
 * The key stands for one promotion, not for a content: after a rollback the old content must be taken again, and a
 * server that remembers keys would take the same one for a repeat. A forced sending is a new one each time.
 */
function promptHeaders({ path, version, hash }: Served, { length, force }: { length: number; force: boolean }) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': length,
    'idempotency-key': `${path}@${version}#${hash}${force ? `#${randomUUID()}` : ''}`,
    'x-promptvault-hash': hash,
    'x-promptvault-version': version,
  };
}

function readHeaders({ token, headers = {} }: SyncRequest): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = { 'user-agent': 'promptvault', accept: 'application/json' };
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
  if (token?.trim()) all.authorization = `Bearer ${token.trim()}`;
  for (const [name, value] of Object.entries(all)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    } catch {
      // The value may be the token: it is not repeated.
      throw new VaultError('INVALID_INPUT', `The header ${name} holds letters no header may have`, { field: name });
    }
  }
  return all;
}

function productionPaths(vault: SyncVault): string[] {
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
