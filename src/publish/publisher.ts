import { randomUUID } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import { createEmitter } from '../shared/events.ts';
import type { VaultApi } from '../vault/types.ts';
import { type DeliverVault, deliverOne, drain, type Ready } from './deliver.ts';
import { awaitLease, type Lease, type LeaseTimes, takeLease, usualTimes } from './lease.ts';
import { createOutbox, type DeliveryRow, type KnownTarget } from './outbox.ts';
import { pullTarget } from './pullTarget.ts';
import type { Target } from './readTarget.ts';
import { sentLedger } from './sentLedger.ts';
import { readSetUp, type SetUp } from './setUp.ts';
import { syncAll } from './syncTarget.ts';
import { statusOf } from './targetStatus.ts';
import type { PublishChange, PublishingCalls, PublishSettings, SyncProgress } from './types.ts';

export type PublisherVault = DeliverVault & Pick<VaultApi, 'info'>;
export type PublisherOptions = {
  /** What the user set up, asked for at each use. Absent: nothing. */
  settings?: () => Promise<PublishSettings>;
  onProgress?: (progress: SyncProgress) => void;
  /** Aborted when the vault closes. */
  life: AbortSignal;
  /** For tests: where to remember what was sent, and how long a lease is. */
  folder?: string;
  times?: LeaseTimes;
};

/** Delivers what a vault says to where its user set up, through the outbox. */
export function createPublisher(vault: PublisherVault, options: PublisherOptions) {
  const { life, folder, times = usualTimes } = options;
  const outbox = createOutbox(vault.database);
  const changed = createEmitter<PublishChange>();
  let vaultId: string | undefined;
  let opened: ReturnType<typeof sentLedger> | undefined;
  const idOf = () => {
    vaultId ??= vault.info().vaultId;
    return vaultId;
  };
  const ledger = () => {
    opened ??= sentLedger(idOf(), folder);
    return opened;
  };
  const file = () => vault.database.file;

  /** What is set up here, by name. */
  async function setUps(): Promise<Map<string, SetUp>> {
    const { targets, webhooks } = (await options.settings?.()) ?? { targets: [], webhooks: [] };
    const found = new Map<string, SetUp>();
    const add = (one: SetUp) => {
      const twice = 'there are two of this name';
      found.set(one.name, found.has(one.name) ? { ...one, automatic: false, ready: null, problem: twice } : one);
    };
    for (const target of targets) add(readSetUp(target, 'sync', file()));
    for (const webhook of webhooks) add(readSetUp(webhook, 'webhook', file()));
    return found;
  }
  /** NOT_FOUND names those that could have been meant. */
  async function setUp(name: string, kind?: SetUp['kind']): Promise<SetUp> {
    const known = await setUps();
    const one = known.get(name);
    if (one) return one;
    const likely = [...known.values()].filter((other) => kind === undefined || other.kind === kind);
    const names = likely.map((other) => other.name).join(', ');
    const what = kind === 'webhook' ? 'webhook' : 'target';
    const message = `There is no ${what} ${name} here${names ? `; there are ${names}` : ': set one up in publish.json or in the settings'}`;
    throw new VaultError('NOT_FOUND', message, { ref: name });
  }
  /** INVALID_INPUT for one that cannot be used. */
  async function usable(name: string, kind?: SetUp['kind']): Promise<SetUp & { ready: Ready }> {
    const one = await setUp(name, kind);
    const { ready, problem } = one;
    if (!ready) throw new VaultError('INVALID_INPUT', `${name} cannot be used: ${problem}`, { field: name });
    if (kind && one.kind !== kind) {
      throw new VaultError('INVALID_INPUT', `${name} is a ${one.kind === 'sync' ? 'sync target' : 'webhook'}`, {
        field: 'name',
      });
    }
    return { ...one, ready };
  }
  const knownOf = ({ name, kind, automatic, ready }: SetUp): KnownTarget => {
    const actions = ready?.kind === 'webhook' ? ` ${ready.webhook.actions.join(' ')} ` : '';
    return { name, kind, automatic: automatic ? 1 : 0, actions };
  };
  /** Tells the vault of what is set up, so that its promotions are queued from now on. */
  function register(all: Iterable<SetUp>): void {
    outbox.register([...all].filter(({ ready }) => ready).map(knownOf));
  }
  const until = (signal?: AbortSignal) => (signal ? AbortSignal.any([signal, life]) : life);

  async function withLease<T>(name: string, signal: AbortSignal | undefined, work: (lease: Lease) => Promise<T>) {
    const lease = await awaitLease(outbox, name, { times, signal: until(signal) });
    return holding(lease, name, work);
  }
  async function holding<T>(lease: Lease, name: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    try {
      return await work(lease);
    } finally {
      lease.release();
      changed.fire({ target: name });
    }
  }
  const delivering = (ready: Ready, lease: Lease, signal?: AbortSignal) => ({
    ...{ vault, vaultId: idOf(), outbox, ledger: ledger(), ready, lease },
    signal: until(signal),
  });
  /** Delivers what is due to one; nothing while another engine does. */
  async function drainOne({ name, ready }: SetUp, signal?: AbortSignal) {
    const nothing = { delivered: 0, failed: 0 };
    const at = outbox.nextAt(name);
    if (!ready || at === undefined || at > outbox.iso()) return nothing;
    const lease = takeLease(outbox, name, times);
    if (!lease) return nothing;
    return holding(lease, name, () => drain(delivering(ready, lease, signal), name));
  }
  async function oneNow(name: string, row: DeliveryRow, signal?: AbortSignal) {
    const { ready } = await usable(name);
    await withLease(name, signal, (lease) =>
      deliverOne(delivering(ready, lease, signal), outbox.delivery(row.id) ?? row, { force: true }),
    );
    return outbox.show(row.id);
  }

  const calls: PublishingCalls = {
    async listTargets() {
      const here = await setUps();
      const names = [...new Set([...here.keys(), ...outbox.targets().map(({ name }) => name)])].sort();
      return names.map((name) => statusOf(name, here.get(name), outbox));
    },
    async syncTarget({ name, dryRun, force }, signal) {
      const one = await usable(name, 'sync');
      const target = (one.ready as { target: Target }).target;
      const how = { force, dryRun };
      const shared = { onProgress: options.onProgress, ledger: ledger(), signal: until(signal) };
      if (dryRun) return syncAll(vault, target, how, shared);
      if (vault.database.readOnly) return syncAll(vault, target, how, shared);
      register([one]);
      return withLease(name, signal, async (lease) => {
        const report = await syncAll(vault, target, how, { ...shared, requireLease: lease.require });
        outbox.noteSync(name, report.items.find(({ error }) => error !== null)?.error ?? null);
        // What waited for these paths is done with them.
        await drain(delivering(one.ready, lease, signal), name);
        return report;
      });
    },
    async pullTarget({ name }, signal) {
      const { ready } = await usable(name, 'sync');
      return pullTarget(vault, (ready as { target: Target }).target, { signal: until(signal), ledger: ledger() });
    },
    deliveries: async (p) => outbox.list(p),
    async redeliver({ id }, signal) {
      const row = outbox.delivery(id);
      if (!row) throw new VaultError('NOT_FOUND', `There is no delivery ${id}`, { ref: String(id) });
      return oneNow(row.target, row, signal);
    },
    async setTarget({ name, state }) {
      const here = await setUps();
      const one = here.get(name);
      if (one) register([one]);
      if (!outbox.target(name)) throw new VaultError('NOT_FOUND', `There is no target ${name} here`, { ref: name });
      outbox.setState(name, state, state === 'off' ? 'switched off by a person' : null);
      changed.fire({ target: name });
      return statusOf(name, one, outbox);
    },
    async forgetTarget({ name }) {
      outbox.forget(name);
      changed.fire({ target: name });
    },
    async testWebhook({ name }, signal) {
      const one = await usable(name, 'webhook');
      register([one]);
      const row = outbox.add({ target: name, path: '', action: 'test', key: `test:${randomUUID()}` });
      return oneNow(name, row, signal);
    },
    async deliverDue({ name }, signal) {
      const here = [...(await setUps()).values()].filter(({ automatic }) => automatic);
      const asked = name === undefined ? here : [await setUp(name)];
      const sum = { delivered: 0, failed: 0, pending: 0 };
      for (const one of asked) {
        const { delivered, failed } = await drainOne(one, signal);
        sum.delivered += delivered;
        sum.failed += failed;
        sum.pending += outbox.counts(one.name).pending;
      }
      return sum;
    },
  };
  return {
    calls,
    onDidPublish: changed.on,
    ledger,
    /** Before a promotion: what is set up by now must be known to the vault. Settings that cannot be read queue nothing new. */
    async registerAutomatic(): Promise<void> {
      if (!options.settings || vault.database.readOnly) return;
      const here = await setUps().catch(() => undefined);
      if (here) register([...here.values()].filter(({ automatic, name }) => automatic || outbox.target(name)));
    },
    /** Delivers to all that send by themselves; answers when there is more to do, in ms, or null. */
    async deliverAll(): Promise<number | null> {
      const here = [...(await setUps()).values()].filter(({ automatic }) => automatic);
      register(here);
      await Promise.all(here.map((one) => drainOne(one)));
      const times = here.map(({ name }) => outbox.nextAt(name)).filter((at) => at !== undefined);
      const next = times.sort()[0];
      return next === undefined ? null : Math.max(0, Date.parse(next || outbox.iso()) - Date.now());
    },
  };
}
export type Publisher = ReturnType<typeof createPublisher>;
