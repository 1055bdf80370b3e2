import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { CancellationTokenSource, ErrorCodes, NotificationType, RequestType, ResponseError } from 'vscode-jsonrpc';
import { type ErrorDetails, toVaultError, VaultError } from './errors.ts';
import type { Disposable } from './events.ts';

type AnyHandler = (params: never, signal?: AbortSignal) => unknown;
/** The functions one side offers: one params object each, an AbortSignal last. */
export type Handlers = { readonly [method: string]: AnyHandler };

const call = new RequestType<{ method: string; params: unknown }, unknown, { code: string; details: ErrorDetails }>(
  'call',
);
const event = new NotificationType<{ name: string; value: unknown }>('event');
// JSON-RPC wants a number for a failure; ours is in the data.
const failed = -32000;
// What the other side's connection answers by itself: the line is up, the call was bad.
const refusals: readonly number[] = [ErrorCodes.InternalError, ErrorCodes.MethodNotFound, ErrorCodes.InvalidParams];

/**
 * Answers calls with `handlers`. A thrown error goes back with its code and details. A cancelled call aborts its
 * signal, and so does the end of the line: nobody waits for the answer any more.
 */
export function serveCalls(connection: MessageConnection, handlers: Handlers): Disposable {
  return connection.onRequest(call, async ({ method, params }, token: CancellationToken) => {
    const abort = new AbortController();
    const watch = token.onCancellationRequested(() => abort.abort());
    // A call cancelled while it still waited in the queue has a token that never tells.
    if (token.isCancellationRequested) abort.abort();
    const line = whenGone(connection, () => abort.abort());
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new VaultError('INTERNAL', `No method ${method}`);
      return (await handler(params as never, abort.signal)) ?? null;
    } catch (error) {
      const { code, message, details } = toVaultError(error);
      return new ResponseError(failed, message, { code, details });
    } finally {
      watch.dispose();
      line.dispose();
    }
  });
}

/** Calls `method` on the other side. Rejects with the other side's VaultError, CANCELLED on abort, ENGINE_GONE when the line is closed. */
export async function callRemote(connection: MessageConnection, method: string, params: unknown, signal?: AbortSignal) {
  if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  // The library rejects open calls when a connection is disposed but leaves them hanging when it closes.
  const lost = Promise.withResolvers<never>();
  const line = whenGone(connection, () => lost.reject(new Error('closed')));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const answer = connection.sendRequest(call, { method, params: params ?? {} }, source.token);
    return await Promise.race([answer, lost.promise]);
  } catch (error) {
    throw fromWire(error);
  } finally {
    line.dispose();
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function whenGone(connection: MessageConnection, act: () => void): Disposable {
  const ends = [connection.onClose(act), connection.onDispose(act)];
  return { dispose: () => ends.forEach((end) => void end.dispose()) };
}

function fromWire(error: unknown): VaultError {
  const { code, data } = error as { code?: number; data?: { code?: string; details?: ErrorDetails } };
  const message = (error as Error).message;
  if (data?.code) return toVaultError({ code: data.code, message, details: data.details });
  if (error instanceof ResponseError && refusals.includes(code ?? 0)) {
    return new VaultError('INTERNAL', message, {}, error);
  }
  return new VaultError('ENGINE_GONE', 'The connection closed before the answer came', {}, error);
}

/** Tells the other side. Lost when the line is closed: events are hints, state is asked for. */
export function sendEvent(connection: MessageConnection, name: string, value: unknown): void {
  try {
    connection.sendNotification(event, { name, value }).catch(() => undefined);
  } catch {
    // A closed line throws at once instead of rejecting.
  }
}

export function onEvent(connection: MessageConnection, listener: (name: string, value: unknown) => void): Disposable {
  return connection.onNotification(event, ({ name, value }) => listener(name, value));
}

/** Any object whose methods are calls: `{ get: method => (params, signal) => … }` as a typed client. */
export function createClient<Api>(
  invoke: (method: string, params: unknown, signal?: AbortSignal) => Promise<unknown>,
): Api {
  const client = new Proxy(Object.create(null) as object, {
    get: (_, method) =>
      // A client must not look like a promise, or `await client` would call `then` on the other side.
      typeof method !== 'string' || method === 'then'
        ? undefined
        : (first?: unknown, signal?: AbortSignal) =>
            first instanceof AbortSignal ? invoke(method, {}, first) : invoke(method, first, signal),
  });
  return client as Api;
}
