import type { EngineClient } from '../engine/engineClient.ts';
import { toVaultError } from '../shared/errors.ts';

/** Where a prompt lies that was moved away from `path`; undefined when one is still there, or none is any more. */
export async function movedTo(engine: Pick<EngineClient, 'history'>, path: string): Promise<string | undefined> {
  try {
    await engine.history({ path, versionLimit: 1, eventLimit: 1 });
    return undefined;
  } catch (error) {
    const { code, details } = toVaultError(error);
    if (code !== 'NOT_FOUND') throw error;
    const { movedTo } = details as { movedTo?: unknown };
    return typeof movedTo === 'string' ? movedTo : undefined;
  }
}

/** The moves among events, as the vault's log tells them. */
export function movesIn(events: readonly { kind: string; details?: unknown }[]): { from: string; to: string }[] {
  return events.flatMap(({ kind, details }) => {
    const { from, to } = (details ?? {}) as { from?: string; to?: string };
    return kind === 'prompt.moved' && from && to ? [{ from, to }] : [];
  });
}
