import type { ModelHost } from '../models/catalog.ts';
import { streamWithRetry } from '../models/complete.ts';
import { requireConnection } from '../models/environment.ts';
import { parseModelName } from '../models/modelNames.ts';
import { priceOf } from '../models/prices.ts';
import { loadProvider } from '../models/providers.ts';
import { estimateTokens } from '../models/tokens.ts';
import type { ModelEvent, ModelName, ModelRequest, Price } from '../models/types.ts';
import { vendorInfo } from '../models/vendors.ts';
import { VaultError } from '../shared/errors.ts';

/** Where a model is reached and what it costs. `endpoint` is part of a stored answer's identity. */
export type ReachedModel = { endpoint: string; price: Price | null };

/** What the lab needs of the models. The engine makes it from the models room and the keys of whoever opened it. */
export type LabModels = {
  /** KEY_MISSING or INVALID_INPUT when the model cannot be called; calls nobody. */
  reach(model: ModelName): Promise<ReachedModel>;
  /** One completion with retries, idle timeout and end marker seen to. Throws PROVIDER, TRUNCATED, TIMEOUT, CANCELLED. */
  stream(model: ModelName, request: Omit<ModelRequest, 'model'>, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** Tokens of a text, near what the models count. */
  countTokens(text: string): Promise<number>;
};

/** The models as a host reaches them. Keys are asked for at each call and kept nowhere. */
export function labModels(host: ModelHost): LabModels {
  return {
    async reach(name) {
      const { vendor } = parseModelName(name);
      if (vendor === 'vscode' && !host.editorModels) {
        throw new VaultError('INVALID_INPUT', `${name} can be called inside VS Code only`, { field: 'models' });
      }
      const connection = await host.connection(vendor);
      requireConnection(vendor, connection);
      const endpoint = connection.baseUrl ?? vendorInfo[vendor].defaultUrl ?? '';
      return { endpoint, price: await priceOf(name, await host.prices()) };
    },
    async *stream(name, request, signal) {
      const { vendor, model } = parseModelName(name);
      const provider = await loadProvider(vendor, host.editorModels);
      yield* streamWithRetry(provider, { ...request, model }, await host.connection(vendor), { signal });
    },
    countTokens: estimateTokens,
  };
}
