import type { MessageConnection } from 'vscode-jsonrpc';
import type { Connection, ModelEvent, ModelRequest, PriceOverrides, Vendor } from '../models/types.ts';
import type { PublishSettings } from '../publish/types.ts';
import { VaultError } from '../shared/errors.ts';
import { callRemote, type Handlers, onEvent, sendEvent } from '../shared/rpc.ts';
import type { EngineHost } from './engine.ts';

type StreamCall = { streamId: number; request: ModelRequest };
type StreamEvent = { streamId: number; event: ModelEvent };
const streamed = 'editorModelEvent';

/** What the engine may ask of the process that forked it. */
export function hostHandlers(connection: MessageConnection, host: EngineHost): Handlers {
  const models = () => {
    if (host.editorModels) return host.editorModels;
    throw new VaultError('PROVIDER', 'There are no editor models here', { vendor: 'vscode' });
  };
  return {
    connection: ({ vendor }: { vendor: Vendor }) => host.connection(vendor),
    prices: () => host.prices(),
    publishing: async () => (await host.publishing?.()) ?? { targets: [], webhooks: [] },
    listEditorModels: () => models().list(),
    streamEditorModel: async ({ streamId, request }: StreamCall, signal?: AbortSignal) => {
      const stop = signal ?? new AbortController().signal;
      for await (const event of models().stream(request, stop)) sendEvent(connection, streamed, { streamId, event });
    },
  };
}

/** The host as the engine process sees it: each question goes to the process that forked it. */
export function remoteHost(connection: MessageConnection, { editorModels }: { editorModels: boolean }): EngineHost {
  const ask = (method: string, params: unknown) => callRemote(connection, method, params);
  return {
    connection: (vendor) => ask('connection', { vendor }) as Promise<Connection>,
    prices: () => ask('prices', {}) as Promise<PriceOverrides>,
    publishing: () => ask('publishing', {}) as Promise<PublishSettings>,
    ...(editorModels && {
      editorModels: {
        list: () => ask('listEditorModels', {}) as Promise<string[]>,
        stream: streamsOver(connection),
      },
    }),
  };
}

function streamsOver(connection: MessageConnection) {
  const open = new Map<number, (event: ModelEvent) => void>();
  let last = 0;
  onEvent(connection, (name, value) => {
    if (name !== streamed) return;
    const { streamId, event } = value as StreamEvent;
    open.get(streamId)?.(event);
  });
  return async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const streamId = ++last;
    const waiting: ModelEvent[] = [];
    // A consumer that leaves early must stop the model too, not only one that aborts.
    const left = new AbortController();
    let wake = Promise.withResolvers<void>();
    let ended = false;
    let failure: unknown;
    open.set(streamId, (event) => {
      waiting.push(event);
      wake.resolve();
    });
    const call = callRemote(
      connection,
      'streamEditorModel',
      { streamId, request },
      AbortSignal.any([signal, left.signal]),
    );
    call
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        ended = true;
        wake.resolve();
      });
    try {
      for (;;) {
        await wake.promise;
        wake = Promise.withResolvers();
        yield* waiting.splice(0);
        if (failure) throw failure;
        if (ended && waiting.length === 0) return;
        if (waiting.length > 0) wake.resolve();
      }
    } finally {
      open.delete(streamId);
      left.abort();
    }
  };
}
