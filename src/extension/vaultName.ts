import type { WorkspaceVaults } from './workspaceVaults.ts';

type Vaults = Pick<WorkspaceVaults, 'present' | 'find'>;

/** What a vault is called where a window has several, so that one client's prompts are never taken for another's; else null. */
export function vaultName(vaults: Vaults, key: string): string | null {
  return vaults.present().length > 1 ? (vaults.find(key)?.folder.name ?? null) : null;
}

/** A path for a question or a title: `client-a: support/triage` where there are several vaults. */
export function saidPath(vaults: Vaults, path: string, vault: string): string {
  const name = vaultName(vaults, vault);
  return name ? `${name}: ${path}` : path;
}
