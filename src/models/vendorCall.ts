import type { IncomingMessage } from 'node:http';
import { VaultError } from '../shared/errors.ts';
import { requireConnection } from './environment.ts';
import { providerError, retryAfter, truncatedError, unreachable, type VendorFailure } from './failures.ts';
import { followSignal } from './followSignal.ts';
import { type PostRequest, post } from './post.ts';
import type { Connection, ModelEvent, Vendor } from './types.ts';
import { vendorInfo } from './vendors.ts';

/** What an SDK gets instead of the platform's own fetch and the caller's signal; `post` is for who needs no SDK. */
export type Wire = {
  fetch: typeof fetch;
  post(request: Omit<PostRequest, 'signal'>): Promise<IncomingMessage>;
  signal: AbortSignal;
};

export type VendorCall<Chunk> = {
  vendor: Vendor;
  connection: Connection;
  open(wire: Wire): Promise<AsyncIterable<Chunk>>;
  read(chunk: Chunk): ModelEvent[];
  /** The vendor's words when `error` is an error object it sent inside the stream; undefined for anything else. */
  streamError(error: unknown): VendorFailure | undefined;
};

/**
 * Runs one streamed call through a vendor's SDK. All errors come out as VaultErrors, and the connection is closed whichever
 * way the loop is left: the SDKs differ in both.
 */
export async function* streamVendor<Chunk>(call: VendorCall<Chunk>, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const { wire, close, failure, release } = openWire(call.vendor, call.connection, signal);
  let ended = false;
  try {
    for await (const chunk of await call.open(wire)) for (const event of call.read(chunk)) yield event;
    ended = true;
  } catch (error) {
    throw failure(error, call.streamError(error));
  } finally {
    if (ended) release();
    else close();
  }
}

/** One plain call through a vendor's SDK, with the same errors as a streamed one. */
export async function callVendor<Result>(
  vendor: Vendor,
  connection: Connection,
  { run, signal }: { run: (wire: Wire) => Promise<Result>; signal: AbortSignal },
): Promise<Result> {
  const { wire, close, failure } = openWire(vendor, connection, signal);
  try {
    return await run(wire);
  } catch (error) {
    throw failure(error, undefined);
  } finally {
    close();
  }
}

function openWire(vendor: Vendor, connection: Connection, signal: AbortSignal) {
  requireConnection(vendor, connection);
  requireSendable(vendor, connection);
  const call = followSignal(signal);
  const state: { opened: boolean; failed?: VaultError } = { opened: false };
  // The SDKs wrap what fetch throws, each in its own way, so the first failure is kept here as it was.
  const fail = (error: VaultError) => {
    state.failed ??= error;
    return error;
  };

  const wire: Wire = {
    signal: call.signal,
    async fetch(input, init) {
      let response: Response;
      try {
        // A redirect would carry the key to another origin.
        response = await fetch(input, { ...init, headers: sentHeaders(init?.headers, connection), redirect: 'manual' });
      } catch (error) {
        throw wire.signal.aborted ? error : fail(unreachable(vendor, connection, error));
      }
      state.opened = response.ok;
      if (response.ok) return response;
      const { status, headers } = response;
      throw fail(refusal(vendor, connection, { status, headers, text: await response.text().catch(() => '') }));
    },
    async post(request) {
      let answer: IncomingMessage;
      try {
        answer = await post({ ...request, signal: wire.signal });
      } catch (error) {
        throw wire.signal.aborted ? error : fail(unreachable(vendor, connection, error));
      }
      const status = answer.statusCode ?? 0;
      state.opened = status >= 200 && status < 300;
      if (state.opened) return answer;
      const headers = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
      const text = Buffer.concat(await answer.toArray().catch(() => [])).toString();
      throw fail(refusal(vendor, connection, { status, headers, text }));
    },
  };

  function failure(error: unknown, inStream: VendorFailure | undefined): VaultError {
    if (signal.aborted) return new VaultError('CANCELLED', 'Cancelled');
    if (state.failed) return state.failed;
    if (inStream) return providerError(vendor, connection, inStream);
    if (state.opened) return truncatedError(vendor);
    return providerError(vendor, connection, { message: (error as Error)?.message ?? String(error), retryable: false });
  }
  const close = () => {
    call.release();
    call.abort();
  };
  return { wire, close, failure, release: call.release };
}

const headerNames = [
  'accept',
  'anthropic-version',
  'authorization',
  'content-type',
  'openai-organization',
  'openai-project',
  'user-agent',
  'x-goog-api-key',
];

/** Only what an API needs: SDKs add the machine's system and versions, and headers from variables meant for other addresses. */
function sentHeaders(given: HeadersInit | undefined, { apiKey }: Connection): Headers {
  const all = new Headers(given);
  const sent = new Headers();
  for (const name of headerNames) {
    const value = all.get(name);
    if (value !== null && (apiKey || name !== 'authorization')) sent.set(name, value);
  }
  return sent;
}

/** A key with a line break or a typographic character fails deep inside fetch, with the key in the message. */
function requireSendable(vendor: Vendor, { apiKey }: Connection): void {
  if (!apiKey || /^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new VaultError(
    'INVALID_INPUT',
    `The key of ${vendorInfo[vendor].label} has characters that no key has. Copy it again and run "PromptVault: Set API Key…".`,
    { field: 'apiKey', vendor },
  );
}

type Refusal = { status: number; headers: Headers; text: string };

function refusal(vendor: Vendor, connection: Connection, { status, headers, text }: Refusal): VaultError {
  const location = headers.get('location');
  const { message, code } = wordsOf(text);
  return providerError(vendor, connection, {
    status,
    message: location ? `it redirects to ${location}` : message,
    retryAfterMs: retryAfter(headers),
    // An empty account answers 429 too, and no waiting fills it.
    ...(code === 'insufficient_quota' ? { retryable: false } : {}),
  });
}

/** The message inside an error body, whichever way the vendor nests it; a page of HTML says nothing. */
function wordsOf(text: string): { message: string; code?: unknown } {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown; code?: unknown } | string; message?: unknown };
    const error = typeof body.error === 'object' ? body.error : { message: body.error ?? body.message };
    return {
      message: typeof error?.message === 'string' ? error.message : text,
      code: (error as { code?: unknown })?.code,
    };
  } catch {
    return { message: text.trimStart().startsWith('<') ? '' : text };
  }
}
