import type { LabModels, LabRequest } from '../lab/labModels.ts';
import { streamWithRetry } from '../models/complete.ts';
import { outsideEditor } from '../models/editorModels.ts';
import { embedWithRetry, requireEmbed } from '../models/embed.ts';
import { endpointOf } from '../models/endpoint.ts';
import { requireConnection } from '../models/environment.ts';
import { parseModelName } from '../models/modelNames.ts';
import { priceOf } from '../models/prices.ts';
import { loadProvider } from '../models/providers.ts';
import { estimateTokens } from '../models/tokens.ts';
import { vendorInfo } from '../models/vendors.ts';
import type { EngineHost } from './engine.ts';

/** The models as the lab and the editor use them. The host is asked for key and address at each call; nothing is kept. */
export function reachModels(host: EngineHost): LabModels {
  async function resolve(name: string) {
    const { vendor, model } = parseModelName(name);
    if (vendor === 'vscode' && !host.editorModels) throw outsideEditor();
    const connection = await host.connection(vendor);
    requireConnection(vendor, connection);
    return { vendor, model, connection };
  }
  return {
    async reach(name) {
      const { vendor, model, connection } = await resolve(name);
      // Loading code holds up everything else for a moment, so it is done before any call is timed.
      const provider = await loadProvider(vendor, host.editorModels);
      const endpoint = vendorInfo[vendor].urlVariable ? endpointOf(vendor, connection, '').root : vendor;
      const body = (request: LabRequest) => provider.body?.({ ...request, model }) ?? { ...request };
      return { endpoint, body, price: await priceOf(name, await host.prices()) };
    },
    async stream(name, { wait, idleTimeoutMs, ...request }, signal) {
      const { vendor, model, connection } = await resolve(name);
      const provider = await loadProvider(vendor, host.editorModels);
      return streamWithRetry(provider, { ...request, model }, connection, { signal, wait, idleTimeoutMs });
    },
    async reachEmbeddings(name) {
      const { vendor } = await resolve(name);
      requireEmbed(await loadProvider(vendor, host.editorModels), vendor);
      return { price: await priceOf(name, await host.prices()) };
    },
    async embed(name, texts, signal) {
      const { vendor, model, connection } = await resolve(name);
      const provider = requireEmbed(await loadProvider(vendor, host.editorModels), vendor);
      return embedWithRetry(provider, { model, texts }, connection, { signal });
    },
    countTokens: estimateTokens,
  };
}
