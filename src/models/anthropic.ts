import Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '../shared/json.ts';
import { endpointOf } from './endpoint.ts';
import type { VendorFailure } from './failures.ts';
import { listOf, type SettingTable, wireSettings } from './settings.ts';
import type { Connection, FinishReason, ModelEvent, ModelRequest, Provider } from './types.ts';
import { callVendor, streamVendor, type Wire } from './vendorCall.ts';

type Chunk = Anthropic.RawMessageStreamEvent;

const table: SettingTable = {
  temperature: 'temperature',
  maxTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  seed: null,
  frequencyPenalty: null,
  presencePenalty: null,
};
const reserved = ['messages', 'system', 'stream'];
/** The API wants a limit with every call. */
const defaultMaxTokens = 4096;

const finishReasons: { readonly [word: string]: FinishReason } = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'filter',
  tool_use: 'tool',
};

/** The body of a streamed message. System messages stand apart; a prompt of nothing else is said by the user, or the API refuses it. */
export function toAnthropic(request: ModelRequest): JsonObject {
  const turns = request.messages.filter(({ role }) => role !== 'system');
  const system = request.messages.filter(({ role }) => role === 'system');
  const settings = wireSettings(request.settings, table, reserved);
  const stop = listOf(settings.stop_sequences);
  return {
    max_tokens: defaultMaxTokens,
    ...settings,
    ...(stop === undefined ? {} : { stop_sequences: stop }),
    model: request.model,
    ...(turns.length && system.length
      ? { system: system.map(({ content }) => ({ type: 'text', text: content })) }
      : {}),
    messages: turns.length
      ? turns.map(({ role, content }) => ({ role, content }))
      : system.map(({ content }) => ({ role: 'user', content })),
    stream: true,
  };
}

/** A reader of one stream: usage comes in two parts, so it remembers the first. Tokens read from or written to the cache are input too. */
export function createAnthropicReader(): (chunk: Chunk) => ModelEvent[] {
  const seen: { [field: string]: number } = {};
  const note = (usage: object) => {
    for (const [field, value] of Object.entries(usage)) if (typeof value === 'number') seen[field] = value;
  };
  return (chunk) => {
    if (chunk.type === 'message_start') note(chunk.message.usage);
    if (chunk.type === 'content_block_delta' && chunk.delta.type === 'text_delta')
      return [{ type: 'text', text: chunk.delta.text }];
    if (chunk.type !== 'message_delta') return [{ type: 'text', text: '' }];
    note(chunk.usage ?? {});
    const {
      input_tokens: fresh = 0,
      cache_read_input_tokens: cached = 0,
      cache_creation_input_tokens: stored = 0,
    } = seen;
    const usage = { input: fresh + cached + stored, output: seen.output_tokens ?? 0, cached };
    const reason = chunk.delta.stop_reason;
    return [
      { type: 'usage', usage },
      ...(reason ? [{ type: 'finish' as const, reason: finishReasons[reason] ?? 'other' }] : []),
    ];
  };
}

const statuses: { readonly [type: string]: number } = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function streamError(error: unknown): VendorFailure | undefined {
  if (!(error instanceof Anthropic.APIError)) return undefined;
  const inner = (error.error as { error?: { type?: string; message?: string } } | undefined)?.error;
  const status = statuses[inner?.type ?? ''];
  const message = inner?.message ?? error.message;
  return status ? { message, status } : { message };
}

function connect(connection: Connection, wire: Wire): Anthropic {
  return new Anthropic({
    apiKey: connection.apiKey,
    // The SDK adds `/v1` itself.
    baseURL: endpointOf('anthropic', connection, 'v1').root,
    maxRetries: 0,
    logLevel: 'off',
    fetch: wire.fetch,
    dangerouslyAllowBrowser: true,
  });
}

export const anthropic: Provider = {
  stream: (request, connection, signal) =>
    streamVendor<Chunk>(
      {
        vendor: 'anthropic',
        connection,
        open: (wire) => {
          const body = toAnthropic(request) as unknown as Anthropic.MessageCreateParamsStreaming;
          return connect(connection, wire).messages.create(body, { signal: wire.signal });
        },
        read: createAnthropicReader(),
        streamError,
      },
      signal,
    ),
  body: toAnthropic,
  listModels: (connection, signal) =>
    callVendor('anthropic', connection, {
      run: async (wire) => {
        const page = await connect(connection, wire).models.list({ limit: 100 }, { signal: wire.signal });
        return page.data.map(({ id }) => id);
      },
      signal,
    }),
};
