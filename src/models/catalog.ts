import { codeOf } from '../shared/errors.ts';
import type { EditorModels } from './editorModels.ts';
import { requireConnection } from './environment.ts';
import { formatModelName } from './modelNames.ts';
import { priceOf } from './prices.ts';
import { loadProvider } from './providers.ts';
import { type Connection, type ModelInfo, type PriceOverrides, type Vendor, vendors } from './types.ts';

/** Where keys, addresses and prices come from: the part of an engine's host that models need. */
export type ModelHost = {
  connection(vendor: Vendor): Promise<Connection>;
  prices(): Promise<PriceOverrides>;
  editorModels?: EditorModels;
};

/** Models people choose most, newest first. Any other name works too: this list only spares typing. A test checks each against the price list. */
export const knownModels: { readonly [V in Vendor]?: readonly string[] } = {
  openai: [
    'gpt-5.5',
    'gpt-5.4',
    'gpt-5.4-mini',
    'gpt-5.4-nano',
    'gpt-5-mini',
    'gpt-5-nano',
    'gpt-4.1',
    'gpt-4.1-mini',
    'gpt-4o',
    'gpt-4o-mini',
  ],
  anthropic: [
    'claude-opus-5',
    'claude-sonnet-5',
    'claude-haiku-4-5',
    'claude-opus-4-6',
    'claude-sonnet-4-6',
    'claude-sonnet-4-5',
  ],
  google: [
    'gemini-3.8-flash',
    'gemini-3.5-flash',
    'gemini-3.5-flash-lite',
    'gemini-2.5-pro',
    'gemini-2.5-flash',
    'gemini-2.5-flash-lite',
  ],
  echo: ['echo'],
};
const listTimeoutMs = 2_000;

/** All models to choose from, in the order of the vendors. Those of a server or of VS Code are asked for, for 2 s at most. */
export async function listModels(host: ModelHost, signal?: AbortSignal): Promise<ModelInfo[]> {
  const overrides = await host.prices();
  const named = await Promise.all(vendors.map((vendor) => modelsOf(vendor, host, signal)));
  const lists = named.map(async ({ vendor, models, needs }) => {
    // A model with a price of its own is one somebody uses.
    const own = Object.keys(overrides).filter((name) => name.startsWith(`${vendor}:`));
    const names = new Set([...models.map((model) => formatModelName(vendor, model)), ...own]);
    return Promise.all(
      [...names].map(async (name) => ({
        name,
        vendor,
        ready: needs === null,
        needs,
        price: await priceOf(name, overrides),
      })),
    );
  });
  return (await Promise.all(lists)).flat();
}

type Offer = { vendor: Vendor; models: readonly string[]; needs: string | null };

async function modelsOf(vendor: Vendor, host: ModelHost, signal?: AbortSignal): Promise<Offer> {
  const models = knownModels[vendor];
  if (vendor === 'vscode' && !host.editorModels) return { vendor, models: [], needs: 'VS Code' };
  try {
    const connection = await host.connection(vendor);
    requireConnection(vendor, connection);
    return { vendor, models: models ?? (await askFor(vendor, { host, connection, signal })), needs: null };
  } catch (error) {
    const { variable } = ((error as { details?: { variable?: string } }).details ?? {}) as { variable?: string };
    const needs = codeOf(error) === 'KEY_MISSING' && variable ? variable : 'a server that answers';
    // A server nobody can ask still shows as one line that says what it needs.
    return { vendor, models: models ?? (vendor === 'compatible' ? ['<model>'] : []), needs };
  }
}

type Question = { host: ModelHost; connection: Connection; signal?: AbortSignal };

async function askFor(vendor: Vendor, { host, connection, signal }: Question): Promise<string[]> {
  const provider = await loadProvider(vendor, host.editorModels);
  const limit = AbortSignal.timeout(listTimeoutMs);
  const ids = await provider.listModels?.(connection, signal ? AbortSignal.any([signal, limit]) : limit);
  return ids ?? [];
}
