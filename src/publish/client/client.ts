import { bundleSource } from './bundleSource.ts';
import { type AnyPrompts, type Client, ClientError, type ClientOptions, type Source } from './clientTypes.ts';
import { openDirectory } from './directory.ts';
import { fallbackContents } from './fallback.ts';
import { httpSource } from './httpSource.ts';
import { createPromptCache } from './promptCache.ts';
import type { NamedSource } from './served.ts';
import { vaultSource } from './vaultSource.ts';

export * from './clientTypes.ts';

/**
 * Fetches approved prompts. A fresh answer comes from memory; an older one at once, while one request asks for a newer; a
 * failed request keeps the last good one. Nothing has to be closed. Throws INVALID_INPUT for options that cannot be.
 */
export function createClient<Prompts extends object = AnyPrompts>(options: ClientOptions<Prompts>): Client<Prompts> {
  const { ttlMs = 60_000, timeoutMs = 5_000, retryMs = 1_000, maxEntries = 10_000, onWarning } = options;
  const numbers = { ttlMs, timeoutMs, retryMs, maxEntries };
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === 'ttlMs' || name === 'retryMs' ? 0 : 1;
    if (!(value >= least))
      throw new ClientError('INVALID_INPUT', `${name} must be a number from ${least} up`, { field: name });
  }
  const source = openSource(options.source, { timeoutMs, fetch: options.fetch });
  return createPromptCache({
    ...numbers,
    source,
    fallbacks: fallbackContents(options.fallback ?? {}),
    directory: options.directory === undefined ? undefined : openDirectory(options.directory, source.name),
    onWarning,
  });
}

function openSource(source: Source, options: { timeoutMs: number; fetch?: typeof globalThis.fetch }): NamedSource {
  if (source && 'url' in source) return httpSource(source, options);
  if (source && 'bundle' in source) return bundleSource(source);
  if (source && 'vault' in source) return vaultSource(source, options);
  const message = 'Say where the prompts are: source: { url, token }, { bundle } or { vault }';
  throw new ClientError('INVALID_INPUT', message, { field: 'source' });
}
