import type { Connection, Vendor } from '../models/types.ts';

/** Vendors a key or an address can be set for. */
export const keyVendors = {
  openai: { label: 'OpenAI', origin: 'https://api.openai.com', key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL' },
  anthropic: {
    label: 'Anthropic',
    origin: 'https://api.anthropic.com',
    key: 'ANTHROPIC_API_KEY',
    url: 'ANTHROPIC_BASE_URL',
  },
  google: {
    label: 'Google',
    origin: 'https://generativelanguage.googleapis.com',
    key: 'GEMINI_API_KEY',
    url: 'GEMINI_BASE_URL',
  },
  compatible: {
    label: 'OpenAI-compatible server',
    origin: '',
    key: 'PROMPTVAULT_COMPATIBLE_KEY',
    url: 'PROMPTVAULT_COMPATIBLE_URL',
  },
} as const satisfies Partial<Record<Vendor, { label: string; origin: string; key: string; url: string }>>;
export type KeyVendor = keyof typeof keyVendors;

export const isKeyVendor = (vendor: string): vendor is KeyVendor => Object.hasOwn(keyVendors, vendor);

/** A key and the origin it was entered for; it goes nowhere else. */
export type StoredKey = { key: string; origin: string };

/** `https://host:port` of an address; the address itself when it is not a URL, so that two wrong ones never look the same. */
export function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return address;
  }
}

export type ConnectionSources = {
  vendor: KeyVendor;
  /** The user-scope setting; empty when not set. */
  setting: string;
  env: { readonly [name: string]: string | undefined };
  stored: StoredKey | undefined;
};

/** Where a vendor's calls go: the setting, else the environment, else the vendor's own origin. */
export function addressOf({ vendor, setting, env }: Omit<ConnectionSources, 'stored'>): string {
  return setting || env[keyVendors[vendor].url] || keyVendors[vendor].origin;
}

/**
 * The connection for a vendor, and the origin a key was withheld for because it was given for another one. A key of the
 * environment belongs to the address of the environment (or the vendor's own), not to one that a setting names.
 */
export function chooseConnection(sources: ConnectionSources): { connection: Connection; withheldFor: string | null } {
  const { vendor, env, stored } = sources;
  const address = addressOf(sources);
  const origin = originOf(address);
  const envKey = env[keyVendors[vendor].key];
  const envOrigin = originOf(env[keyVendors[vendor].url] || keyVendors[vendor].origin);
  const keys = [stored, envKey ? { key: envKey, origin: envOrigin } : undefined].filter((key) => key !== undefined);
  const fitting = keys.find((key) => key.origin === origin);
  const connection: Connection = {};
  if (fitting) connection.apiKey = fitting.key;
  if (address && address !== keyVendors[vendor].origin) connection.baseUrl = address;
  return { connection, withheldFor: !fitting && keys.length > 0 ? origin : null };
}
