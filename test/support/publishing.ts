import { join } from 'node:path';
import { createPublisher, type Publisher } from '../../src/publish/publisher.ts';
import type { PublishSettings } from '../../src/publish/types.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { type TestVault, temporaryVault, testActor, userMessage } from './vaultBuilders.ts';

export const hookSecret = 'canary-secret-of-a-webhook';

export type PublishingTest = {
  held: TestVault;
  vault: Vault;
  publisher: Publisher;
  /** What the user has set up; may be changed on the way. */
  settings: PublishSettings;
  /** Another engine on the same vault, or on a copy of it, with the same settings. */
  other(file?: string): { vault: Vault; publisher: Publisher };
  /** As an engine does: what is set up is known before anything is promoted. */
  release<T>(act: () => T): Promise<T>;
  remove(): void;
};

/** A vault with a publisher around it that remembers what it sent in a folder of the test. */
export function openPublishing(settings: Partial<PublishSettings> = {}): PublishingTest {
  const held = temporaryVault();
  const life = new AbortController();
  const all: PublishSettings = { targets: [], webhooks: [], ...settings };
  const folder = join(held.file, '..', '..', 'sent');
  const times = { leaseMs: 2000, waitMs: 200 };
  const publisherOf = (vault: Vault) =>
    createPublisher(vault, { settings: async () => all, life: life.signal, folder, times });
  const publisher = publisherOf(held.vault);
  const others: Vault[] = [];
  return {
    ...{ held, vault: held.vault, publisher, settings: all },
    other(file = held.file) {
      const vault = openVault(file, { actor: testActor });
      others.push(vault);
      return { vault, publisher: publisherOf(vault) };
    },
    async release(act) {
      await publisher.registerAutomatic();
      return act();
    },
    remove() {
      life.abort();
      for (const vault of others) vault.close();
      held.remove();
    },
  };
}

/** A new version of a prompt with this text, in production. */
export function releaseText(vault: Vault, path: string, content: string): string {
  const { version } = vault.createVersion({ ref: path });
  vault.edit({ ref: `${path}@${version}`, messages: [userMessage(content)] });
  vault.promote({ ref: `${path}@${version}` });
  return vault.promote({ ref: `${path}@${version}` }).version;
}
