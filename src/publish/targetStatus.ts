import type { Outbox } from './outbox.ts';
import type { SetUp } from './setUp.ts';
import type { TargetStatus } from './types.ts';

/** How a target stands: what the vault remembers of it, and what is set up here. */
export function statusOf(name: string, here: SetUp | undefined, outbox: Outbox): TargetStatus {
  const row = outbox.target(name);
  const { pending, failed } = outbox.counts(name);
  const ready = here?.ready ?? null;
  const address = ready === null ? null : ready.kind === 'sync' ? ready.target.address : ready.webhook.address;
  return {
    ...{ name, address, pending, failed },
    kind: here?.kind ?? row?.kind ?? 'sync',
    automatic: here ? here.automatic : row?.automatic === 1,
    state: row?.state ?? 'on',
    stateReason: row?.state_reason ?? null,
    problem: here?.problem ?? null,
    lastDeliveredAt: row?.last_delivered_at ?? null,
    lastError: row?.last_error ?? null,
  };
}
