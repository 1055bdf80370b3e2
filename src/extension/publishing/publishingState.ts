import type { TokenInfo } from '../../publish/accessTokens.ts';
import type { TargetStatus } from '../../publish/types.ts';
import { createEmitter } from '../../shared/events.ts';
import { coalesce } from '../coalesce.ts';
import type { Deps } from '../deps.ts';
import type { PublishStore } from './publishStore.ts';

/** What is published from one vault: its targets and webhooks by name, and the tokens of its API. */
export type VaultPublishing = { vault: string; targets: TargetStatus[]; tokens: TokenInfo[] };
export type PublishingState = ReturnType<typeof createPublishingState>;
type Needs = Pick<Deps, 'vaults' | 'log'> & { publishing: PublishStore };

const quietMs = 250;

/** What the vaults of the window say of their targets, read again when anything about it changes. */
export function createPublishingState({ vaults, log, publishing }: Needs) {
  const changed = createEmitter<void>();
  const busy = new Set<string>();
  let known: VaultPublishing[] = [];
  let reading: Promise<void> = Promise.resolve();

  async function readOne(vault: string): Promise<VaultPublishing[]> {
    try {
      const engine = await vaults.engine(vault);
      const [targets, tokens] = await Promise.all([engine.listTargets(), engine.listTokens()]);
      return [{ vault, targets, tokens }];
    } catch (error) {
      log.debug('What is published could not be read', String(error));
      return [];
    }
  }
  async function read(): Promise<void> {
    known = (await Promise.all(vaults.present().map(({ key }) => readOne(key)))).flat();
    changed.fire();
  }
  /** One after the other: what is read last is the newest. */
  function refresh(): Promise<void> {
    reading = reading.then(read, read);
    return reading;
  }
  const later = coalesce(() => void refresh(), quietMs);
  const subscriptions = [
    vaults.onDidChangeState(later),
    vaults.onDidChange(later),
    vaults.onDidPublish(later),
    publishing.onDidChange(later),
  ];

  return {
    known: () => known,
    refresh,
    onDidChange: changed.on,
    isBusy: (vault: string, name: string) => busy.has(`${vault} ${name}`),
    /** The row of a target turns while `work` is under way. */
    async whileBusy<T>({ vault, name }: { vault: string; name: string }, work: () => Promise<T>): Promise<T> {
      busy.add(`${vault} ${name}`);
      changed.fire();
      try {
        return await work();
      } finally {
        busy.delete(`${vault} ${name}`);
        void refresh();
      }
    },
    dispose() {
      for (const one of subscriptions) one.dispose();
    },
  };
}
