import type { WorkspaceVaults } from './workspaceVaults.ts';

type Vaults = Pick<WorkspaceVaults, 'present' | 'find'>;

/** What a vault is called where a window has several, so that one client's prompts are never taken for another's; else null. */
export function vaultName(vaults: Vaults, key: string): string | null {
  const present = vaults.present();
  if (present.length < 2) return null;
  const at = present.findIndex((vault) => vault.key === key);
  const names = distinctNames(present.map(({ folder }) => ({ name: folder.name, path: folder.uri.path })));
  return names[at] ?? vaults.find(key)?.folder.name ?? null;
}

/** The names of folders, with where they lie for those that others are called like: `docs`, `prompts (client-a)`. */
export function distinctNames(folders: readonly { name: string; path: string }[]): string[] {
  return folders.map(({ name, path }) => {
    const alike = folders.filter((one) => one.name === name);
    if (alike.length < 2) return name;
    const parent = parentOf(path);
    const short = lastOf(parent);
    const tells = alike.filter((one) => lastOf(parentOf(one.path)) === short).length === 1;
    return `${name} (${tells ? short : parent})`;
  });
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** A path for a question or a title: `client-a: support/triage` where there are several vaults. */
export function saidPath(vaults: Vaults, path: string, vault: string): string {
  const name = vaultName(vaults, vault);
  return name ? `${name}: ${path}` : path;
}
