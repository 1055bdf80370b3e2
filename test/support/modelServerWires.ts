/** How each vendor's streamed answer looks on the wire: pure text, no sockets. */
export type WireName = 'openai' | 'anthropic' | 'google';
export type WireMessage = { role: string; content: string };
export type WireUsage = { input: number; output: number; cached: number };
/** `usage.input` counts cached tokens too, as in the product; each wire spells it its own way. */
export type WireAnswer = { model: string; usage: WireUsage; finish: 'stop' | 'length' | 'filter' };

type Wire = {
  start(answer: WireAnswer): string;
  text(piece: string, answer: WireAnswer): string;
  /** The end marker with the usage. */
  finish(answer: WireAnswer): string;
  error(status: number, message: string): string;
  errorBody(status: number, message: string): object;
  models(ids: string[]): object;
  messages(body: Record<string, unknown>): WireMessage[];
  /** Of a request for embeddings. */
  texts(body: Record<string, unknown>): string[];
  embeddings(vectors: number[][], asked: { model: string; messages: WireMessage[] }): object;
};

const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const named = (type: string, value: object) => `event: ${type}\n${data({ type, ...value })}`;

/** A message's text, whether it stands there as a string, a part or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textOf).join('');
  const part = content as { text?: string; parts?: unknown } | null | undefined;
  return part?.text ?? (part?.parts === undefined ? '' : textOf(part.parts));
}

const openai: Wire = {
  texts: ({ input }) => input as string[],
  // Out of order, as nothing promises otherwise.
  embeddings: (vectors, { model, messages }) => ({
    object: 'list',
    model,
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse(),
    usage: { prompt_tokens: messages.length * 10, total_tokens: messages.length * 10 },
  }),
  start: ({ model }) => chunk(model, { delta: { role: 'assistant', content: '' }, finish_reason: null }),
  text: (piece, { model }) => chunk(model, { delta: { content: piece }, finish_reason: null }),
  finish: ({ model, usage, finish }) =>
    chunk(model, { delta: {}, finish_reason: finish === 'filter' ? 'content_filter' : finish }) +
    data({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model,
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
        prompt_tokens_details: { cached_tokens: usage.cached },
      },
    }) +
    'data: [DONE]\n\n',
  error: (status, message) => data({ error: { message, type: 'server_error', code: status } }),
  errorBody: (status, message) => ({ error: { message, type: 'test_error', code: String(status) } }),
  models: (ids) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: 'test' })) }),
  messages: (body) =>
    (body.messages as { role: string; content: unknown }[]).map(({ role, content }) => ({
      role,
      content: textOf(content),
    })),
};

function chunk(model: string, choice: object): string {
  return data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model, choices: [{ index: 0, ...choice }] });
}

const anthropicTypes: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};
const anthropicError = (status: number, message: string) => ({
  error: { type: anthropicTypes[status] ?? 'api_error', message },
});

/** It has none: what is asked here is a mistake. */
const noEmbeddings: Pick<Wire, 'texts' | 'embeddings'> = { texts: () => [], embeddings: () => ({}) };

const anthropic: Wire = {
  ...noEmbeddings,
  start: ({ model, usage }) =>
    named('message_start', {
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        usage: {
          input_tokens: usage.input - usage.cached,
          cache_read_input_tokens: usage.cached,
          cache_creation_input_tokens: 0,
          output_tokens: 1,
        },
      },
    }) +
    named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
    named('ping', {}),
  text: (piece) => named('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
  finish: ({ usage, finish }) =>
    named('content_block_stop', { index: 0 }) +
    named('message_delta', {
      delta: { stop_reason: { stop: 'end_turn', length: 'max_tokens', filter: 'refusal' }[finish] },
      usage: { output_tokens: usage.output },
    }) +
    named('message_stop', {}),
  error: (status, message) => named('error', anthropicError(status, message)),
  errorBody: (status, message) => ({ type: 'error', ...anthropicError(status, message) }),
  models: (ids) => ({ data: ids.map((id) => ({ type: 'model', id, display_name: id })), has_more: false }),
  messages: (body) => [
    ...(body.system === undefined ? [] : [{ role: 'system', content: textOf(body.system) }]),
    ...openai.messages(body),
  ],
};

const google: Wire = {
  texts: ({ requests }) => (requests as { content: unknown }[]).map(({ content }) => textOf(content)),
  embeddings: (vectors) => ({ embeddings: vectors.map((values) => ({ values })) }),
  start: () => '',
  text: (piece, { model }) =>
    data({ candidates: [{ content: { parts: [{ text: piece }], role: 'model' }, index: 0 }], modelVersion: model }),
  finish: ({ model, usage, finish }) =>
    data({
      candidates: [
        {
          content: { parts: [{ text: '' }], role: 'model' },
          finishReason: { stop: 'STOP', length: 'MAX_TOKENS', filter: 'SAFETY' }[finish],
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: usage.input,
        candidatesTokenCount: usage.output,
        totalTokenCount: usage.input + usage.output,
        cachedContentTokenCount: usage.cached,
      },
      modelVersion: model,
    }),
  error: (status, message) => data({ error: { code: status, message, status: 'UNAVAILABLE' } }),
  errorBody: (status, message) => ({ error: { code: status, message, status: 'TEST' } }),
  models: (ids) => ({ models: ids.map((id) => ({ name: `models/${id}`, displayName: id })) }),
  messages: (body) => [
    ...(body.systemInstruction === undefined ? [] : [{ role: 'system', content: textOf(body.systemInstruction) }]),
    ...(body.contents as { role: string; parts: unknown }[]).map(({ role, parts }) => ({
      role: role === 'model' ? 'assistant' : role,
      content: textOf(parts),
    })),
  ],
};

export const wires: Record<WireName, Wire> = { openai, anthropic, google };
