import { createPublisher, type PublisherVault } from '../publish/publisher.ts';
import type { PublishingCalls, PublishSettings, SyncProgress } from '../publish/types.ts';
import type { Disposable } from '../shared/events.ts';
import type { EventKind } from '../vault/types.ts';
import type { VaultChange } from './engine.ts';

export type PublishingOptions = {
  settings: (() => Promise<PublishSettings>) | undefined;
  /** Deliver in the background, whoever promoted. */
  delivers: boolean;
  onProgress(progress: SyncProgress): void;
  /** Tells of commits by anybody. */
  onDidChange(listener: (change: VaultChange) => void): Disposable;
  life: AbortSignal;
};

/** Settings that change, and what another engine is at, are looked for this often, in ms. */
const longestPauseMs = 60_000;
const shortestPauseMs = 1000;
const afterFailureMs = 5000;

/** What is queued with one of these; of an empty list nobody knows. */
const queueing: readonly EventKind[] = [
  ...(['version.promoted', 'version.retired', 'version.rolledBack', 'prompt.moved'] as const),
  ...(['vault.restored', 'vault.salvaged'] as const),
];

/** The engine's part in delivering: when to look, and that a promotion is queued for what is set up by then. */
export function publishing(vault: PublisherVault, { settings, delivers, onDidChange, ...options }: PublishingOptions) {
  const publisher = createPublisher(vault, { ...options, ...(settings && { settings }) });
  const active = delivers && settings !== undefined && !vault.database.readOnly;
  const working = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  async function deliver(): Promise<void> {
    let pause: number;
    try {
      pause = (await publisher.deliverAll()) ?? longestPauseMs;
    } catch {
      // Settings that cannot be read, a vault that is busy or gone: what is queued stays, and is looked at later.
      pause = afterFailureMs;
    }
    if (options.life.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(pause, shortestPauseMs), longestPauseMs)).unref();
  }
  /** Rounds may overlap, so that a target that is slow holds up none of the others. */
  function look(): void {
    const round = deliver().finally(() => working.delete(round));
    working.add(round);
  }
  const isRelevant = ({ events }: VaultChange) =>
    events.length === 0 || events.some(({ kind }) => queueing.includes(kind));
  const changes = active ? onDidChange((change) => isRelevant(change) && look()) : undefined;
  if (active) look();

  /** Promotions and the like, which the trigger queues for what the vault knows of. */
  const releasing = <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    async function release(...args: Args): Promise<Awaited<Result>> {
      await publisher.registerAutomatic();
      return await call(...args);
    };
  const calls: PublishingCalls = publisher.calls;
  return {
    calls,
    releasing,
    ledger: publisher.ledger,
    onDidPublish: publisher.onDidPublish,
    async close(): Promise<void> {
      clearTimeout(timer);
      changes?.dispose();
      await Promise.allSettled(working);
    },
  };
}
