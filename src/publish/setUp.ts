import { toVaultError } from '../shared/errors.ts';
import type { Ready } from './deliver.ts';
import { readTarget } from './readTarget.ts';
import { readWebhook } from './readWebhook.ts';
import type { SyncTarget, Webhook } from './types.ts';
import { isForVault } from './vaultScope.ts';

/** One that is set up here: what was said of it, and what came of reading that. */
export type SetUp = {
  name: string;
  kind: 'sync' | 'webhook';
  /** Sends without being asked, from this vault. */
  automatic: boolean;
  ready: Ready | null;
  /** Why it cannot be used, in words that go on from that. */
  problem: string | null;
};

/** Reads what a user said of a target, for the vault of this file. */
export function readSetUp(settings: SyncTarget | Webhook, kind: SetUp['kind'], file: string): SetUp {
  const { name, vaults } = settings;
  const wanted = kind === 'webhook' || (settings as SyncTarget).automatic === true;
  const isHere = vaults !== undefined && isForVault(vaults, file);
  const about = { name, kind, automatic: false, ready: null, problem: null };
  try {
    const ready: Ready =
      kind === 'sync'
        ? { kind, target: readTarget(settings as SyncTarget) }
        : { kind, webhook: readWebhook(settings as Webhook) };
    if (vaults !== undefined && !isHere)
      return { ...about, problem: 'it is not for this vault: its "vaults" do not name it' };
    if (wanted && vaults === undefined) {
      const problem = 'it sends without asking, so it needs "vaults": the files or folders of the vaults it is for';
      return { ...about, ready, problem };
    }
    return { ...about, automatic: wanted && isHere, ready };
  } catch (error) {
    const { message, details } = toVaultError(error);
    return { ...about, problem: typeof details.why === 'string' ? details.why : message };
  }
}
