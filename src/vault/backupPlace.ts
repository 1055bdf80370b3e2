import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** Where programs of a platform keep what they remember, below which our folder lies. */
const stateFolders: { readonly [Platform in NodeJS.Platform]?: (env: NodeJS.ProcessEnv) => string } = {
  darwin: () => join(homedir(), 'Library', 'Application Support', 'PromptVault'),
  win32: (env) => join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'PromptVault'),
};
const elsewhere = (env: NodeJS.ProcessEnv) => {
  const given = env.XDG_STATE_HOME ?? '';
  return join(isAbsolute(given) ? given : join(homedir(), '.local', 'state'), 'promptvault');
};

/** Where this user's programs keep what they remember outside of every repository: below it are our backups and tokens. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return (stateFolders[process.platform] ?? elsewhere)(env);
}

/**
 * The folder of all backups of this user, outside of every repository: PROMPTVAULT_BACKUPS, else what the door gives,
 * else the platform's place for a program's state.
 */
export function backupRoot(given?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.PROMPTVAULT_BACKUPS) return resolve(env.PROMPTVAULT_BACKUPS);
  return given ?? join(stateFolder(env), 'backups');
}

/** Says where a vault lies. A damaged vault cannot say its id, so its backups are found by this. */
export function placeKey(file: string): string {
  return createHash('sha256').update(realOf(file)).digest('hex').slice(0, 12);
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // The file is gone; its folder may be a link nevertheless.
    try {
      return join(realpathSync(dirname(resolve(file))), basename(file));
    } catch {
      return resolve(file);
    }
  }
}

/** One folder per vault and place: two clones have the same id and must not push out each other's backups. */
export function backupFolder(root: string, vault: { id: string; file: string }): string {
  return join(root, `${vault.id.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 64) || 'unknown'}-${placeKey(vault.file)}`);
}
