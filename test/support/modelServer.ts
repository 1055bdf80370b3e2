import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WireAnswer, type WireMessage, type WireName, type WireUsage, wires } from './modelServerWires.ts';

/** One request as it came over the wire. */
export type ServedRequest = {
  /** Its place among all requests, from 0. */
  index: number;
  /** How often this very request was made before: 0 on the first attempt, 1 on its first retry. */
  attempt: number;
  wire: WireName;
  method: string;
  path: string;
  headers: { [name: string]: string };
  /** The bearer token or key header as sent; empty when there was none. */
  key: string;
  model: string;
  messages: WireMessage[];
  /** The text of the last user message, which is what most replies look at. */
  prompt: string;
  body: Record<string, unknown>;
  /** Milliseconds since the server started. */
  at: number;
  /** Settles when the connection is done with: `early` when the caller closed it before the answer was complete. */
  closed: Promise<'early' | 'complete'>;
};

export type Reply = {
  text: string;
  usage?: Partial<WireUsage>;
  finish?: WireAnswer['finish'];
  /** How many pieces the text comes in; 4 unless told. */
  pieces?: number;
  /** Pause before each piece. */
  delayMs?: number;
};

/** What goes wrong with one request. `after` counts the pieces of text sent before it does. */
export type Fault =
  /** An HTTP error; `headers` for `retry-after` or `location`. The message defaults to one that echoes the key sent. */
  | { kind: 'status'; status: number; headers?: { [name: string]: string }; message?: string; body?: object }
  /** The socket is destroyed in the middle. */
  | { kind: 'cut'; after?: number }
  /** The answer ends in good order, without its end marker. */
  | { kind: 'unfinished'; after?: number }
  /** Something that is no JSON comes in the middle, and the answer ends. */
  | { kind: 'garbage'; after?: number }
  /** Nothing more comes and the connection stays open. */
  | { kind: 'stall'; after?: number }
  /** An error object inside the stream. */
  | { kind: 'error'; after?: number; status?: number; message?: string }
  /** The socket is destroyed before any answer. */
  | { kind: 'drop' }
  /** No answer at all, the connection stays open. */
  | { kind: 'silent' };

export type ModelScript = {
  /** The answer's text; echoes the last user message unless told. */
  reply?: (request: ServedRequest) => string | Reply;
  /** Asked first for each completion request; nothing means no fault. */
  fault?: (request: ServedRequest) => Fault | undefined | false;
  /** The vector of a text, for embedding requests, which count as other requests do; letters counted unless told. */
  embed?: (text: string) => number[];
  /** Ids the model lists answer with. */
  models?: string[];
  /** When set, any other key is refused with 401. */
  key?: string;
};

export type ModelServer = {
  /** The base URL for every vendor: an origin without a path. */
  url: string;
  /** Completion requests so far, in order. */
  requests: ServedRequest[];
  /** All requests, model lists too, as `METHOD path`. */
  log: string[];
  close(): Promise<void>;
};

/** A server on loopback that speaks the OpenAI, Anthropic and Gemini wires on one port and fails as told. */
export async function startModelServer(script: ModelScript = {}): Promise<ModelServer> {
  const started = Date.now();
  const seen = new Map<string, number>();
  const requests: ServedRequest[] = [];
  const log: string[] = [];

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(message);
    log.push(`${message.method} ${message.url}`);
    const asked = `${message.url} ${text}`;
    const attempt = seen.get(asked) ?? 0;
    const closed = new Promise<'early' | 'complete'>((resolve) => {
      response.on('close', () => resolve(response.writableFinished ? 'complete' : 'early'));
    });
    const request = describe(message, text, { index: requests.length, attempt, at: Date.now() - started, closed });
    if (script.key !== undefined && request.key !== script.key) return refuse(response, request, { status: 401 });
    if (message.method === 'GET') return sendJson(response, 200, wires[request.wire].models(script.models ?? []));
    seen.set(asked, attempt + 1);
    requests.push(request);
    await answer(response, request, script);
  }

  const server = createServer((message, response) => {
    // A closed connection makes later writes fail, which is what some tests want.
    handle(message, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    log,
    /** May be called again. */
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(response: ServerResponse, request: ServedRequest, script: ModelScript): Promise<void> {
  const fault = script.fault?.(request) || undefined;
  if (fault?.kind === 'silent') return;
  if (fault?.kind === 'drop') {
    response.destroy();
    return;
  }
  if (fault?.kind === 'status') return refuse(response, request, fault);

  if (isEmbedding(request)) {
    const vectors = request.messages.map(({ content }) => (script.embed ?? lettersOf)(content));
    return sendJson(response, 200, wires[request.wire].embeddings(vectors, request));
  }
  const given = script.reply?.(request) ?? request.prompt;
  const reply = typeof given === 'string' ? { text: given } : given;
  const wire = wires[request.wire];
  const whole = toAnswer(request, reply);
  const pieces = split(reply.text, reply.pieces ?? 4);
  const last = fault ? Math.min(fault.after ?? 1, pieces.length) : pieces.length;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(wire.start(whole) || ': open\n\n');
  for (const piece of pieces.slice(0, last)) {
    if (reply.delayMs) await sleep(reply.delayMs);
    response.write(wire.text(piece, whole));
  }
  // What was written must leave before the socket is destroyed.
  if (fault) await sleep(20);
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'cut') response.destroy();
  else if (fault?.kind === 'garbage') response.end('data: {"choices": [{"delta"\n\n');
  else if (fault?.kind === 'error') response.end(wire.error(fault.status ?? 500, fault.message ?? 'went wrong'));
  else response.end(fault ? '' : wire.finish(whole));
}

const isEmbedding = ({ path }: Pick<ServedRequest, 'path'>) => /\/embeddings$|:batchEmbedContents/.test(path);

/** How often each letter from a to z is in a text. */
const lettersOf = (text: string) =>
  Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => text.toLowerCase().split(letter).length - 1);

function toAnswer(request: ServedRequest, reply: Reply): WireAnswer {
  const words = (text: string) => text.split(/\s+/).filter(Boolean).length;
  const input = words(request.messages.map(({ content }) => content).join(' '));
  const usage = { input, output: words(reply.text), cached: 0, ...reply.usage };
  return { model: request.model, usage, finish: reply.finish ?? 'stop' };
}

function split(text: string, count: number): string[] {
  const letters = [...text];
  const size = Math.max(1, Math.ceil(letters.length / count));
  const pieces: string[] = [];
  for (let at = 0; at < letters.length; at += size) pieces.push(letters.slice(at, at + size).join(''));
  return pieces;
}

function refuse(
  response: ServerResponse,
  request: ServedRequest,
  fault: Omit<Extract<Fault, { kind: 'status' }>, 'kind'>,
): void {
  const message = fault.message ?? `Refused with ${fault.status}, key was ${request.key}`;
  const body = fault.body ?? wires[request.wire].errorBody(fault.status, message);
  sendJson(response, fault.status, body, fault.headers);
}

function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function readText(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function describe(
  message: IncomingMessage,
  text: string,
  counts: Pick<ServedRequest, 'index' | 'attempt' | 'at' | 'closed'>,
): ServedRequest {
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  const path = message.url ?? '/';
  const wire = wireOf(path, headers);
  const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
  const embedded = isEmbedding({ path }) ? wires[wire].texts(body).map((content) => ({ role: 'user', content })) : null;
  const messages = embedded ?? (text ? wires[wire].messages(body) : []);
  const fromPath = decodeURIComponent(/\/models\/([^:?]+)/.exec(path)?.[1] ?? '');
  return {
    ...counts,
    wire,
    method: message.method ?? 'GET',
    path,
    headers,
    key: headers['x-goog-api-key'] ?? headers['x-api-key'] ?? (headers.authorization ?? '').replace(/^Bearer /, ''),
    model: typeof body.model === 'string' ? body.model : fromPath,
    messages,
    prompt: messages.findLast(({ role }) => role === 'user')?.content ?? '',
    body,
  };
}

function wireOf(path: string, headers: { [name: string]: string }): WireName {
  if (headers['anthropic-version']) return 'anthropic';
  return headers['x-goog-api-key'] || path.includes(':streamGenerateContent') ? 'google' : 'openai';
}
