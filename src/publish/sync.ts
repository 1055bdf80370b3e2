import { readTarget } from './readTarget.ts';
import { type SyncOptions, type SyncVault, syncAll } from './syncTarget.ts';
import type { SyncReport, SyncRequest } from './types.ts';

/**
 * Brings an address that nobody gave a name to what production is: one PUT per prompt, one DELETE per path that has nothing any
 * more. Fails with INVALID_INPUT for a wrong address or header, READ_ONLY where nothing can be remembered, CANCELLED.
 */
export async function sync(vault: SyncVault, request: SyncRequest, options: SyncOptions = {}): Promise<SyncReport> {
  const { url, token, headers, force, dryRun } = request;
  const target = readTarget({ name: 'url', url, ...(token && { token }), ...(headers && { headers }) });
  return syncAll(vault, { ...target, stateKey: target.address }, { force, dryRun }, options);
}
