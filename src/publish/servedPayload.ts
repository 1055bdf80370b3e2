import type { Served, VaultApi } from '../vault/types.ts';

/** What applications get of a prompt's current production version, as `get` prints it and sync sends it. */
export function servedPayload(vault: Pick<VaultApi, 'get'>, path: string): Served {
  const { version, hash, messages, settings, variables } = vault.get({ ref: path });
  return { path, version, hash, messages, settings, variables };
}
