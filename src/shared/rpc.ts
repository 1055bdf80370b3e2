import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { CancellationTokenSource, NotificationType, RequestType, ResponseError } from 'vscode-jsonrpc';
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

/** Answers calls with `handlers`. A thrown error goes back with its code and details; a cancelled call aborts its signal. */
export function serveCalls(connection: MessageConnection, handlers: Handlers): Disposable {
  return connection.onRequest(call, async ({ method, params }, token: CancellationToken) => {
    const abort = new AbortController();
    const watch = token.onCancellationRequested(() => abort.abort());
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new VaultError('INTERNAL', `No method ${method}`);
      return (await handler(params as never, abort.signal)) ?? null;
    } catch (error) {
      const { code, message, details } = toVaultError(error);
      return new ResponseError(failed, message, { code, details });
    } finally {
      watch.dispose();
    }
  });
}

/** Calls `method` on the other side. Rejects with the other side's VaultError, CANCELLED on abort, ENGINE_GONE when the line is closed. */
export async function callRemote(connection: MessageConnection, method: string, params: unknown, signal?: AbortSignal) {
  if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await connection.sendRequest(call, { method, params: params ?? {} }, source.token);
  } catch (error) {
    throw fromWire(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function fromWire(error: unknown): VaultError {
  const data = (error as { data?: { code?: string; details?: ErrorDetails } }).data;
  const message = (error as Error).message;
  if (data?.code) return toVaultError({ code: data.code, message, details: data.details });
  return new VaultError('ENGINE_GONE', 'The connection closed before the answer came', {}, error);
}

/** Tells the other side. Lost when the line is closed: events are hints, state is asked for. */
export function sendEvent(connection: MessageConnection, name: string, value: unknown): void {
  connection.sendNotification(event, { name, value }).catch(() => undefined);
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
