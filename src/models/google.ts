import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai/web';
import type { JsonObject } from '../shared/json.ts';
import { endpointOf } from './endpoint.ts';
import type { VendorFailure } from './failures.ts';
import { listOf, type SettingTable, wireSettings } from './settings.ts';
import type { ChatMessage, Connection, FinishReason, ModelEvent, ModelRequest, Provider } from './types.ts';
import { callVendor, streamVendor, type Wire } from './vendorCall.ts';

const table: SettingTable = {
  temperature: 'temperature',
  maxTokens: 'maxOutputTokens',
  topP: 'topP',
  topK: 'topK',
  stop: 'stopSequences',
  seed: 'seed',
  frequencyPenalty: 'frequencyPenalty',
  presencePenalty: 'presencePenalty',
};
const reserved = ['contents', 'systemInstruction', 'generationConfig'];
/** Settings that stand beside `generationConfig` in the body; all others stand in it. */
const topLevel = ['safetySettings', 'tools', 'toolConfig', 'cachedContent', 'labels', 'serviceTier', 'store'];

const finishReasons: { readonly [word: string]: FinishReason } = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'filter',
  RECITATION: 'filter',
  BLOCKLIST: 'filter',
  PROHIBITED_CONTENT: 'filter',
  SPII: 'filter',
  IMAGE_SAFETY: 'filter',
  MALFORMED_FUNCTION_CALL: 'tool',
  UNEXPECTED_TOOL_CALL: 'tool',
};

/** The body of a streamed answer. System messages stand apart; a prompt of nothing else is said by the user, or the API refuses it. */
export function toGoogle(request: ModelRequest): JsonObject {
  const turns = request.messages.filter(({ role }) => role !== 'system');
  const system = request.messages.filter(({ role }) => role === 'system');
  const settings = wireSettings(request.settings, table, reserved);
  const stop = listOf(settings.stopSequences);
  if (stop !== undefined) settings.stopSequences = stop;
  const split = (top: boolean) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => topLevel.includes(name) === top));
  const own = request.settings.generationConfig;
  return {
    ...split(true),
    contents: turns.length ? turns.map(toTurn) : system.map(({ content }) => toTurn({ role: 'user', content })),
    ...(turns.length && system.length ? { systemInstruction: { parts: system.map(toPart) } } : {}),
    generationConfig: { ...split(false), ...(typeof own === 'object' && !Array.isArray(own) ? own : {}) },
  };
}

const toPart = ({ content }: ChatMessage) => ({ text: content });
const toTurn = (message: ChatMessage) => ({
  role: message.role === 'assistant' ? 'model' : 'user',
  parts: [toPart(message)],
});

/** One chunk as events. Thoughts are no text, but their tokens are output. A blocked prompt has no candidate and ends there. */
export function fromGoogle(chunk: GenerateContentResponse): ModelEvent[] {
  const candidate = chunk.candidates?.[0];
  const parts = candidate?.content?.parts ?? [];
  const spoken = parts.filter(({ thought }) => !thought);
  const events: ModelEvent[] = [{ type: 'text', text: spoken.map(({ text }) => text ?? '').join('') }];
  const usage = chunk.usageMetadata;
  if (usage)
    events.push({
      type: 'usage',
      usage: {
        input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
        output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
        cached: usage.cachedContentTokenCount ?? 0,
      },
    });
  if (candidate?.finishReason)
    events.push({ type: 'finish', reason: finishReasons[candidate.finishReason] ?? 'other' });
  else if (chunk.promptFeedback?.blockReason) events.push({ type: 'finish', reason: 'filter' });
  return events;
}

function streamError(error: unknown): VendorFailure | undefined {
  if (!(error instanceof ApiError)) return undefined;
  // The SDK's message is the error object as JSON behind a few words.
  const quoted = /"message":"((?:[^"\\]|\\.)*)"/.exec(error.message)?.[1];
  return { message: quoted ? (JSON.parse(`"${quoted}"`) as string) : error.message, status: error.status };
}

function connect(connection: Connection, wire: Wire): GoogleGenAI {
  const { root, version } = endpointOf('google', connection, 'v1beta');
  return new GoogleGenAI({
    apiKey: connection.apiKey,
    httpOptions: { baseUrl: root, apiVersion: version, fetch: wire.fetch },
  });
}

export const google: Provider = {
  stream: (request, connection, signal) =>
    streamVendor<GenerateContentResponse>(
      {
        vendor: 'google',
        connection,
        open: (wire) => {
          const { contents, ...body } = toGoogle(request);
          return connect(connection, wire).models.generateContentStream({
            model: request.model,
            contents: contents as never,
            config: {
              abortSignal: wire.signal,
              // Otherwise the SDK asks again by itself when a stream breaks.
              automaticContinuation: false,
              httpOptions: { extraBody: body },
            },
          });
        },
        read: fromGoogle,
        streamError,
      },
      signal,
    ),
  body: toGoogle,
  embed: ({ model, texts }, connection, signal) =>
    callVendor('google', connection, {
      run: async (wire) => {
        const body = { model, contents: [...texts], config: { abortSignal: wire.signal } };
        const { embeddings = [] } = await connect(connection, wire).models.embedContent(body);
        return { vectors: embeddings.map(({ values = [] }) => values), inputTokens: null };
      },
      signal,
    }),
  listModels: (connection, signal) =>
    callVendor('google', connection, {
      run: async (wire) => {
        const pager = await connect(connection, wire).models.list({
          config: { pageSize: 100, abortSignal: wire.signal },
        });
        return pager.page.map(({ name }) => (name ?? '').replace(/^models\//, ''));
      },
      signal,
    }),
};
