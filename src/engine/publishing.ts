import { createPublisher, type PublisherVault } from '../publish/publisher.ts';
import type { PublishingCalls, PublishSettings, SyncProgress } from '../publish/types.ts';
import type { Disposable } from '../shared/events.ts';

export type PublishingOptions = {
  settings: (() => Promise<PublishSettings>) | undefined;
  /** Deliver in the background, whoever promoted. */
  delivers: boolean;
  onProgress(progress: SyncProgress): void;
  /** Tells of commits by anybody. */
  onDidChange(listener: () => void): Disposable;
  life: AbortSignal;
};

/** Others' leases and settings that change are looked for this often, in ms. */
const longestPauseMs = 60_000;
const shortestPauseMs = 250;

/** The engine's part in delivering: when to look, and that a promotion is queued for what is set up by then. */
export function publishing(vault: PublisherVault, { settings, delivers, onDidChange, ...options }: PublishingOptions) {
  const publisher = createPublisher(vault, { ...options, ...(settings && { settings }) });
  const active = delivers && settings !== undefined && !vault.database.readOnly;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let again = false;

  async function deliver(): Promise<void> {
    do {
      again = false;
      let pause: number | null = null;
      try {
        pause = await publisher.deliverAll();
      } catch {
        // Settings that cannot be read, a vault that is busy or gone: what is queued stays, and is looked at later.
      }
      if (options.life.aborted) return;
      timer = setTimeout(look, Math.min(Math.max(pause ?? longestPauseMs, shortestPauseMs), longestPauseMs)).unref();
    } while (again);
  }
  /** One round at a time; what comes meanwhile makes another. */
  function look(): void {
    again = true;
    clearTimeout(timer);
    working ??= deliver().finally(() => {
      working = undefined;
    });
  }
  const changes = active ? onDidChange(look) : undefined;
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
      await working?.catch(() => undefined);
    },
  };
}
