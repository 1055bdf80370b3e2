import { codeOf, VaultError } from '../shared/errors.ts';
import type { Target } from './readTarget.ts';
import type { SentLedger } from './sentLedger.ts';
import { differenceOf, listKeys, readValue, versionIn } from './storeClient.ts';
import { targetMemory } from './syncState.ts';
import { findServed, isPath, productionPaths, type SyncVault } from './syncTarget.ts';
import type { PullReport } from './types.ts';

const lanes = 8;

/**
 * Reads back what a target really has and compares it with production: the hash is taken anew over what came. Changes
 * nothing. Fails with CANCELLED, and with SYNC when the target cannot say which keys it has.
 */
export async function pullTarget(
  vault: SyncVault,
  target: Target,
  { signal, ledger }: { signal?: AbortSignal; ledger?: SentLedger },
): Promise<PullReport> {
  const paths = productionPaths(vault);
  const memory = targetMemory(vault.database, ledger, target.stateKey);
  const report: PullReport = {
    ...{ name: target.name, url: target.address, same: 0 },
    ...{ missing: [], different: [], extra: [], failed: [] },
  };
  async function look(path: string): Promise<void> {
    if (!isPath(path)) return void report.failed.push({ path, error: 'its path is none' });
    const served = findServed(vault, path);
    try {
      const found = await readValue(target, served ?? memory.has(path) ?? { path, version: '', hash: '' }, signal);
      if (!served) {
        if (found !== null) report.extra.push(target.keyOf(path));
      } else if (found === null) report.missing.push(path);
      else {
        const why = differenceOf(found, served);
        if (why === null) report.same += 1;
        else
          report.different.push({ path, version: served.version, expected: served.hash, found: versionIn(found), why });
      }
    } catch (error) {
      if (codeOf(error) === 'CANCELLED') throw error;
      report.failed.push({ path, error: (error as Error).message });
    }
  }
  const wanted = new Set(paths.map(target.keyOf));
  const keys = await listKeys(target, signal);
  if (keys) report.extra = keys.filter((key) => !wanted.has(key));
  // Who cannot say what it has is asked for what it was sent once.
  const sent = keys ? [] : memory.paths();
  const queue = [...new Set([...paths, ...sent])];
  const work = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
      await look(path);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: lanes }, work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  const byPath = (one: { path: string }, other: { path: string }) => (one.path < other.path ? -1 : 1);
  report.missing.sort();
  report.extra.sort();
  report.different.sort(byPath);
  report.failed.sort(byPath);
  return report;
}
