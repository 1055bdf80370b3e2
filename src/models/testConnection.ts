import { toVaultError } from '../shared/errors.ts';
import type { ModelHost } from './catalog.ts';
import { loadProvider } from './providers.ts';
import type { ConnectionTest, Vendor } from './types.ts';
import { vendorInfo } from './vendors.ts';

const timeoutMs = 15_000;

/** Asks the vendor for its models, which costs nothing and fails like a real call. Never throws but on abort; the message says what to do. */
export async function testConnection(vendor: Vendor, host: ModelHost, signal?: AbortSignal): Promise<ConnectionTest> {
  const { label } = vendorInfo[vendor];
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const connection = await host.connection(vendor);
    const provider = await loadProvider(vendor, host.editorModels);
    if (!provider.listModels) return { ok: true, latencyMs: 0, message: `${label} calls nobody and is always ready.` };
    const started = performance.now();
    const models = await provider.listModels(connection, signal ? AbortSignal.any([signal, limit]) : limit);
    const latencyMs = Math.round(performance.now() - started);
    if (models.length === 0) return { ok: false, latencyMs, message: `${label} answers, but offers no model.` };
    return { ok: true, latencyMs, message: `${label} answers: ${models.length} models, ${latencyMs} ms.` };
  } catch (error) {
    signal?.throwIfAborted();
    const late = limit.aborted ? `${label} did not answer within ${timeoutMs / 1000} s. Check the address.` : undefined;
    return { ok: false, latencyMs: null, message: late ?? toVaultError(error).message };
  }
}
