import type Sqlite from 'better-sqlite3';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { dropFromCache } from './fileCache.ts';
import { openRawVault } from './rawVault.ts';
import { coldTimes, type Measure, type Pair, warmSideBySide } from './timing.ts';

/** The same vault opened by us and by the driver alone. */
export type Opened = { vault: Vault; raw: Sqlite.Database };

/** What is read, and how on connections that were just opened. Several kinds of input do not fit one type. */
// biome-ignore lint/suspicious/noExplicitAny: each pair is whole in itself
export type ReadPairs = (opened: Opened) => Pair<any>[];

/** Every pair warm, and cold where the system can forget a file: each time on new connections with empty caches. */
export function measureReads(file: string, pairs: ReadPairs): Measure[] {
  const opened = <T>(body: (one: Opened) => T): T => {
    const [vault, raw] = [openVault(file, { actor: 'bench', mode: 'read' }), openRawVault(file)];
    try {
      return body({ vault, raw });
    } finally {
      raw.close();
      vault.close();
    }
  };
  const count = opened((one) => pairs(one).length);
  const cold = Array.from({ length: count }, (_, i) =>
    opened((one) => {
      const pair = pairs(one)[i]!;
      return dropFromCache(file) ? coldTimes(pair) : undefined;
    }),
  );
  return opened((one) => pairs(one).map((pair, i) => ({ ...warmSideBySide(pair), cold: cold[i] })));
}
