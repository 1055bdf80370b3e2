import { join } from 'node:path';
import { openVault } from '../../src/vault/vault.ts';
import { aPrompt, temporaryFolder, testActor } from './vaultBuilders.ts';

/** Where a test makes its vault: nothing is there yet. */
export type VaultPlace = { folder: string; file: string };

/** Tells each test of the surrounding `describe` a folder of its own, which goes away after it. */
export function useVaultFile(take: (place: VaultPlace) => void): void {
  let folder: { path: string; remove(): void };
  beforeEach(() => {
    folder = temporaryFolder();
    take({ folder: folder.path, file: join(folder.path, 'vault.db') });
  });
  afterEach(() => folder.remove());
}

/** A good vault with one prompt. */
export function writeVault(file: string): void {
  const vault = openVault(file, { actor: testActor, mode: 'create' });
  vault.create(aPrompt());
  vault.close();
}
