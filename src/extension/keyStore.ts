import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Connection, Vendor } from '../models/types.ts';
import { VaultError } from '../shared/errors.ts';
import { addressOf, chooseConnection, isKeyVendor, type KeyVendor, originOf, type StoredKey } from './modelKeys.ts';
import { settings } from './settings.ts';

/** Keys live in VS Code's SecretStorage, each bound to the origin it was entered for. */
export type KeyStore = {
  connection(vendor: Vendor): Promise<Connection>;
  /** Where calls of a vendor go now; '' when an address is still to be set. */
  origin(vendor: KeyVendor): string;
  stored(vendor: KeyVendor): Promise<StoredKey | undefined>;
  /** Stores a key for the origin that calls go to now. */
  set(vendor: KeyVendor, key: string): Promise<void>;
  remove(vendor: KeyVendor): Promise<void>;
  syncToken(origin: string): Promise<string | undefined>;
  setSyncToken(token: StoredKey | undefined): Promise<void>;
};

const keyName = (vendor: KeyVendor) => `promptvault.key.${vendor}`;
const syncName = 'promptvault.sync.token';

export function createKeyStore({ secrets }: ExtensionContext, log: LogOutputChannel): KeyStore {
  const env = process.env;
  const told = new Set<string>();

  async function read(name: string): Promise<StoredKey | undefined> {
    const text = await secrets.get(name);
    if (!text) return undefined;
    try {
      const { key, origin } = JSON.parse(text) as Partial<StoredKey>;
      return key && origin ? { key, origin } : undefined;
    } catch {
      return undefined;
    }
  }

  function sayOnce(vendor: KeyVendor, origin: string): void {
    const line = `The ${vendor} key was given for another address than ${origin} and is not sent there. Run "PromptVault: Set API Key" to confirm the address.`;
    if (told.has(line)) return;
    told.add(line);
    log.warn(line);
  }

  return {
    async connection(vendor) {
      if (!isKeyVendor(vendor)) return {};
      const stored = await read(keyName(vendor));
      const { connection, withheldFor } = chooseConnection({ vendor, setting: settings.baseUrl(vendor), env, stored });
      if (withheldFor) sayOnce(vendor, withheldFor);
      return connection;
    },
    origin: (vendor) => originOf(addressOf({ vendor, setting: settings.baseUrl(vendor), env })),
    stored: (vendor) => read(keyName(vendor)),
    async set(vendor, key) {
      const origin = originOf(addressOf({ vendor, setting: settings.baseUrl(vendor), env }));
      if (!origin) throw new VaultError('INVALID_INPUT', `Set the address of the server first`, { field: 'baseUrl' });
      await secrets.store(keyName(vendor), JSON.stringify({ key, origin }));
    },
    remove: async (vendor) => secrets.delete(keyName(vendor)),
    async syncToken(origin) {
      const stored = await read(syncName);
      return stored?.origin === origin ? stored.key : undefined;
    },
    async setSyncToken(token) {
      if (token) await secrets.store(syncName, JSON.stringify(token));
      else await secrets.delete(syncName);
    },
  };
}
