import OpenAI from 'openai';
import { endpointOf } from './endpoint.ts';
import type { Connection } from './types.ts';
import type { Wire } from './vendorCall.ts';

export type OpenAIVendor = 'openai' | 'compatible';

/** The SDK for one call. It is big, so its module is loaded by who needs more than a chat. */
export function connectOpenAI(vendor: OpenAIVendor, connection: Connection, wire: Wire): OpenAI {
  const own = vendor === 'openai';
  return new OpenAI({
    // Local servers need no key, the SDK does; the header is left out again on the wire.
    apiKey: connection.apiKey ?? 'none',
    adminAPIKey: null,
    baseURL: endpointOf(vendor, connection, 'v1').versioned,
    ...(own ? {} : { organization: null, project: null }),
    maxRetries: 0,
    logLevel: 'off',
    fetch: wire.fetch,
    dangerouslyAllowBrowser: true,
  });
}
