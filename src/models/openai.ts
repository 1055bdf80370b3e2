import OpenAI from 'openai';
import type { JsonObject } from '../shared/json.ts';
import { endpointOf } from './endpoint.ts';
import type { VendorFailure } from './failures.ts';
import { type SettingTable, wireSettings } from './settings.ts';
import type { Connection, FinishReason, ModelEvent, ModelRequest, Provider } from './types.ts';
import { callVendor, streamVendor, type Wire } from './vendorCall.ts';

type OpenAIVendor = 'openai' | 'compatible';
type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;

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

const finishReasons: { readonly [word: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  content_filter: 'filter',
  tool_calls: 'tool',
  function_call: 'tool',
};

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

/** One chunk as events. An empty text tells that the model is alive, for chunks of thinking. */
export function fromOpenAI(chunk: Chunk): ModelEvent[] {
  const events: ModelEvent[] = [];
  const choice = chunk.choices?.[0];
  if (choice) events.push({ type: 'text', text: choice.delta?.content ?? choice.delta?.refusal ?? '' });
  if (choice?.finish_reason) events.push({ type: 'finish', reason: finishReasons[choice.finish_reason] ?? 'other' });
  if (chunk.usage) {
    const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = chunk.usage;
    events.push({ type: 'usage', usage: { input, output, cached: details?.cached_tokens ?? 0 } });
  }
  return events;
}

const codes: { readonly [code: string]: number } = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  server_error: 500,
  internal_error: 500,
  overloaded: 503,
};

function streamError(error: unknown): VendorFailure | undefined {
  if (!(error instanceof OpenAI.APIError)) return undefined;
  const { message } = error;
  const word = error.code ?? error.type ?? '';
  const status = Number(word) || codes[word] || codes[error.type ?? ''];
  return status ? { message, status } : { message };
}

function connect(vendor: OpenAIVendor, connection: Connection, wire: Wire): OpenAI {
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

function provider(vendor: OpenAIVendor): Provider {
  return {
    stream: (request, connection, signal) =>
      streamVendor<Chunk>(
        {
          vendor,
          connection,
          open: (wire) => {
            const body = toOpenAI(request, vendor) as unknown as OpenAI.Chat.ChatCompletionCreateParamsStreaming;
            return connect(vendor, connection, wire).chat.completions.create(body, { signal: wire.signal });
          },
          read: fromOpenAI,
          streamError,
        },
        signal,
      ),
    body: (request) => toOpenAI(request, vendor),
    embed: ({ model, texts }, connection, signal) =>
      callVendor(vendor, connection, {
        run: async (wire) => {
          // The SDK asks for base64 unless told, which not every server knows.
          const body = { model, input: [...texts], encoding_format: 'float' as const };
          const { data, usage } = await connect(vendor, connection, wire).embeddings.create(body, {
            signal: wire.signal,
          });
          const inOrder = data.toSorted((a, b) => a.index - b.index);
          return { vectors: inOrder.map(({ embedding }) => embedding), inputTokens: usage?.prompt_tokens ?? null };
        },
        signal,
      }),
    listModels: (connection, signal) =>
      callVendor(vendor, connection, {
        run: async (wire) => {
          const page = await connect(vendor, connection, wire).models.list({ signal: wire.signal });
          return (page.data ?? []).map(({ id }) => id);
        },
        signal,
      }),
  };
}

export const openai: Provider = provider('openai');
/** Any server that speaks OpenAI's wire: Ollama, LM Studio, vLLM and the like. */
export const compatible: Provider = provider('compatible');
