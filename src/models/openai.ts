import type { JsonObject } from '../shared/json.ts';
import { endpointOf } from './endpoint.ts';
import type { OpenAIVendor } from './openaiSdk.ts';
import { openaiStreamError, readChat } from './openaiStream.ts';
import { type SettingTable, wireSettings } from './settings.ts';
import type { Connection, ModelEvent, ModelRequest, Provider } from './types.ts';
import { callVendor, streamVendor } from './vendorCall.ts';

const shared = {
  temperature: 'temperature',
  topP: 'top_p',
  stop: 'stop',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
} as const;
const tables: { readonly [V in OpenAIVendor]: SettingTable } = {
  // Its reasoning models refuse `max_tokens`; most other servers know nothing else.
  openai: { ...shared, maxTokens: 'max_completion_tokens', topK: null },
  compatible: { ...shared, maxTokens: 'max_tokens', topK: 'top_k' },
};
const reserved = ['messages', 'stream', 'stream_options'];

/** The body of a streamed chat completion. */
export function toOpenAI(request: ModelRequest, vendor: OpenAIVendor): JsonObject {
  return {
    ...wireSettings(request.settings, tables[vendor], reserved),
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
  };
}

const loadSdk = () => import('./openaiSdk.ts');

/** Completions go without the SDK: through it one costs several times as much, which a run of thousands of cells feels. */
function chatHeaders(vendor: OpenAIVendor, { apiKey }: Connection): Record<string, string> {
  const { OPENAI_ORG_ID: organization, OPENAI_PROJECT_ID: project } = vendor === 'openai' ? process.env : {};
  return {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'user-agent': 'promptvault',
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    ...(organization ? { 'openai-organization': organization } : {}),
    ...(project ? { 'openai-project': project } : {}),
  };
}

function provider(vendor: OpenAIVendor): Provider {
  return {
    stream: (request, connection, signal) =>
      streamVendor<ModelEvent[]>(
        {
          vendor,
          connection,
          open: async (wire) => {
            const url = `${endpointOf(vendor, connection, 'v1').versioned}/chat/completions`;
            const body = JSON.stringify(toOpenAI(request, vendor));
            return readChat(await wire.post({ url, headers: chatHeaders(vendor, connection), body }));
          },
          read: (events) => events,
          streamError: openaiStreamError,
        },
        signal,
      ),
    body: (request) => toOpenAI(request, vendor),
    embed: ({ model, texts }, connection, signal) =>
      callVendor(vendor, connection, {
        run: async (wire) => {
          // The SDK asks for base64 unless told, which not every server knows.
          const body = { model, input: [...texts], encoding_format: 'float' as const };
          const sdk = (await loadSdk()).connectOpenAI(vendor, connection, wire);
          const { data, usage } = await sdk.embeddings.create(body, { signal: wire.signal });
          const inOrder = data.toSorted((a, b) => a.index - b.index);
          return { vectors: inOrder.map(({ embedding }) => embedding), inputTokens: usage?.prompt_tokens ?? null };
        },
        signal,
      }),
    listModels: (connection, signal) =>
      callVendor(vendor, connection, {
        run: async (wire) => {
          const sdk = (await loadSdk()).connectOpenAI(vendor, connection, wire);
          const page = await sdk.models.list({ signal: wire.signal });
          return (page.data ?? []).map(({ id }) => id);
        },
        signal,
      }),
  };
}

export const openai: Provider = provider('openai');
/** Any server that speaks OpenAI's wire: Ollama, LM Studio, vLLM and the like. */
export const compatible: Provider = provider('compatible');
