import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Answer } from './answer.ts';

/** Smaller bodies are sent as they are, in bytes. */
const packedFrom = 1024;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
type Encoding = 'gzip' | 'br';

/** What every answer says: nobody sniffs at it or embeds it. */
const always = [
  'x-content-type-options',
  'nosniff',
  'cross-origin-resource-policy',
  'same-origin',
  'vary',
  'accept-encoding',
];

export type Sending = { answer: Answer; requestId: string; closing: boolean };
export type Sent = { status: number; bytes: number };

/** Sends an answer, or 304 to who has it; tells the status and the bytes of the body. A promise only while it is packed. */
export function sendAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  sending: Sending,
): Sent | Promise<Sent> {
  const { status, etag, bytes, packed } = sending.answer;
  const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
  const known = reads && status === 200 && etag !== null ? matching(incoming.headers['if-none-match'], etag) : null;
  if (known !== null) return sendNothing(outgoing, sending, known);
  const encoding = bytes < packedFrom ? null : preferred(incoming.headers['accept-encoding']);
  const silent = incoming.method === 'HEAD';
  if (encoding === null || packed[encoding]) return sendBody(outgoing, sending, { encoding, silent });
  return pack(sending.answer, encoding).then(() => sendBody(outgoing, sending, { encoding, silent }));
}

function sendNothing(outgoing: ServerResponse, { answer, requestId, closing }: Sending, etag: string): Sent {
  const headers = ['x-request-id', requestId, 'cache-control', answer.cacheControl, 'etag', etag];
  headers.push('vary', 'accept-encoding');
  if (closing) headers.push('connection', 'close');
  outgoing.writeHead(304, headers);
  outgoing.end();
  return { status: 304, bytes: 0 };
}

type How = { encoding: Encoding | null; silent: boolean };

function sendBody(outgoing: ServerResponse, { answer, requestId, closing }: Sending, { encoding, silent }: How): Sent {
  const { status, etag, cacheControl, contentType } = answer;
  const body = encoding === null ? answer.body : answer.packed[encoding]!;
  const bytes = encoding === null ? answer.bytes : body.length;
  const headers = ['x-request-id', requestId, 'content-type', contentType, 'content-length', String(bytes)];
  headers.push('cache-control', cacheControl, ...always);
  if (etag !== null) headers.push('etag', encoding === null ? etag : variant(etag, encoding));
  if (encoding !== null) headers.push('content-encoding', encoding);
  if (answer.headers.length > 0) headers.push(...answer.headers);
  if (closing) headers.push('connection', 'close');
  outgoing.writeHead(status, headers);
  outgoing.end(silent ? undefined : body);
  return { status, bytes: silent ? 0 : bytes };
}

/** A strong tag names bytes, so each encoding has one of its own. */
const variant = (etag: string, encoding: Encoding) => `${etag.slice(0, -1)}-${encoding}"`;

/** The tag of `If-None-Match` that stands for the same content in whatever encoding; null when none does. */
function matching(header: string | undefined, etag: string): string | null {
  if (header === undefined) return null;
  if (header === etag || header === '*') return etag;
  const tags = [etag, variant(etag, 'gzip'), variant(etag, 'br')];
  // A cache in between may have weakened the tag, which does not matter here.
  return (
    header
      .split(',')
      .find((one) => tags.includes(one.trim().replace(/^W\//, '')))
      ?.trim() ?? null
  );
}

async function pack(answer: Answer, encoding: Encoding): Promise<void> {
  answer.packed[encoding] =
    encoding === 'br'
      ? await brotli(answer.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : await zip(answer.body);
}

const remembered = new Map<string, Encoding | null>();

/** The encoding of ours that the client likes best; of equals brotli. */
function preferred(header: string | undefined): Encoding | null {
  if (header === undefined) return null;
  const known = remembered.get(header);
  if (known !== undefined) return known;
  const found = negotiated(header);
  // Clients send few different ones; what floods this is no client.
  if (remembered.size < 100) remembered.set(header, found);
  return found;
}

function negotiated(header: string): Encoding | null {
  const weights = new Map(
    header
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
        const quality = parameters.find((text) => text.startsWith('q='));
        return [name, quality === undefined ? 1 : Number(quality.slice(2))] as const;
      }),
  );
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = (['br', 'gzip'] as const)
    .map((name) => ({ name, weight: weightOf(name) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return best?.name ?? null;
}
