import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { VendorFailure } from './failures.ts';
import type { FinishReason, ModelEvent } from './types.ts';

const finishReasons: { readonly [word: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  content_filter: 'filter',
  tool_calls: 'tool',
  function_call: 'tool',
};

/** One chunk as events. An empty text tells that the model is alive, for chunks of thinking. */
export function fromOpenAI(chunk: ChatCompletionChunk): ModelEvent[] {
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

type ErrorBody = { message?: unknown; code?: unknown; type?: unknown };
/** An error object in place of a chunk. */
class ErrorInStream extends Error {
  readonly body: ErrorBody;
  constructor(body: ErrorBody) {
    super('An error inside the stream');
    this.body = body;
  }
}

const statuses: { readonly [code: string]: number } = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  server_error: 500,
  internal_error: 500,
  overloaded: 503,
};

export function openaiStreamError(error: unknown): VendorFailure | undefined {
  if (!(error instanceof ErrorInStream)) return undefined;
  const { body } = error;
  const message = typeof body?.message === 'string' ? body.message : JSON.stringify(body);
  const [code, type] = [body?.code, body?.type].map((word) => (word ? String(word) : ''));
  const word = code || type || '';
  const status = Number(word) || statuses[word] || statuses[type ?? ''];
  return status ? { message, status } : { message };
}

/** How long the end of an answer may take to come once it has been announced. */
const endMs = 1000;

/**
 * The events of a streamed chat completion, all that one piece of the answer brought together, its text in one. The SDK
 * hands on token by token through many hands, which for thousands of calls takes longer than the calls.
 */
export async function* readChat(body: Readable): AsyncGenerator<ModelEvent[]> {
  let messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  // Made in a tenth of a TextDecoder's time.
  const decoder = new StringDecoder('utf8');
  let announced = false;
  try {
    for await (const bytes of body.iterator({ destroyOnReturn: false })) {
      messages = [];
      parser.feed(decoder.write(bytes as Buffer));
      const { events, failed, last } = eventsOf(messages);
      announced = last;
      if (events.length > 0) yield events;
      if (failed) throw failed;
      if (announced) return;
    }
  } finally {
    if (announced) drain(body);
    else body.destroy();
  }
}

/** The connection is used again only after the very end of what it brought. Nobody waits for that. */
function drain(body: Readable): void {
  const timer = setTimeout(() => body.destroy(), endMs);
  body.once('close', () => clearTimeout(timer));
  body.on('error', () => undefined);
  body.resume();
}

/** `failed` came behind the events. */
function eventsOf(messages: readonly EventSourceMessage[]): { events: ModelEvent[]; failed?: unknown; last: boolean } {
  const events: ModelEvent[] = [];
  for (const message of messages) {
    if (message.data === '[DONE]') return { events, last: true };
    try {
      for (const one of fromOpenAI(chunkOf(message))) add(events, one);
    } catch (failed) {
      return { events, failed, last: false };
    }
  }
  return { events, last: false };
}

function chunkOf({ event, data }: EventSourceMessage): ChatCompletionChunk {
  const value = JSON.parse(data) as ChatCompletionChunk & { error?: ErrorBody };
  if (event === 'error' || value?.error) throw new ErrorInStream(value?.error ?? (value as ErrorBody));
  return value;
}

function add(events: ModelEvent[], event: ModelEvent): void {
  const before = events.at(-1);
  if (event.type === 'text' && before?.type === 'text') before.text += event.text;
  else events.push(event);
}
