import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Content, Message, NewPrompt, VersionRecord } from '../../src/vault/types.ts';
import { openVault, type Vault, type VaultOptions } from '../../src/vault/vault.ts';

export const testActor = 'Priya <priya@example.com>';

/** A folder of its own below the system's temporary one. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'promptvault-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type TestVault = { vault: Vault; file: string; remove(): void };

/** A new vault in a folder of its own; `remove` closes and deletes it. */
export function temporaryVault(options: Partial<VaultOptions> = {}): TestVault {
  const folder = temporaryFolder();
  const file = join(folder.path, '.promptvault', 'vault.db');
  const vault = openVault(file, { actor: testActor, mode: 'create', ...options });
  return {
    vault,
    file,
    remove() {
      vault.close();
      folder.remove();
    },
  };
}

export function userMessage(content: string): Message {
  return { role: 'user', content };
}

export function aContent(changes: Partial<Content> = {}): Content {
  return { messages: [userMessage('Sort this mail.')], settings: {}, variables: [], ...changes };
}

export function aPrompt(changes: Partial<NewPrompt> = {}): NewPrompt {
  return { path: 'support/triage', messages: [userMessage('Sort this mail.')], ...changes };
}

/** A prompt whose version 1.0 is in production. */
export function createReleased(vault: Vault, changes: Partial<NewPrompt> = {}): VersionRecord {
  const { path, version } = vault.create(aPrompt(changes));
  return promoteToPrd(vault, `${path}@${version}`);
}

/** Walks a DEV version to production. */
export function promoteToPrd(vault: Vault, ref: string): VersionRecord {
  vault.promote({ ref });
  return vault.promote({ ref });
}

/** Where a workspace folder has its vault. */
export const vaultIn = (folder: string) => join(folder, '.promptvault', 'vault.db');

/** Makes the vault of a workspace folder with what a test needs in it. */
export function fillVault(folder: string, fill: (vault: Vault) => void): void {
  const vault = openVault(vaultIn(folder), { actor: testActor, mode: 'create' });
  try {
    fill(vault);
  } finally {
    vault.close();
  }
}
