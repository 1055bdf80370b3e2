import { createMessageConnection } from 'vscode-jsonrpc/browser';
import type { PanelContract } from '../../../src/engine/panels.ts';
import { type Handlers, sendEvent, serveCalls } from '../../../src/shared/rpc.ts';
import { portTransport } from '../../../webview-ui/shared/transport.ts';

export type HostHandlers<Contract extends PanelContract> = {
  [Name in keyof Contract['requests']]: (
    params: Parameters<Contract['requests'][Name]>[0],
    signal?: AbortSignal,
  ) => Promise<ReturnType<Contract['requests'][Name]>>;
};

export type HarnessLog = { calls: { method: string; params: unknown }[]; state: unknown };
declare global {
  interface Window {
    /** What the panel asked for, for the tests to read. */
    harness: HarnessLog & { send(name: string, value: unknown): void };
  }
}

/** Stands in for VS Code on the page itself: messages are cloned and arrive later, as they would from another process. */
export function serveInPage<Contract extends PanelContract>(handlers: HostHandlers<Contract>): void {
  const toHost = new Set<(message: unknown) => void>();
  const log: HarnessLog = { calls: [], state: undefined };
  const later = (work: () => void) => setTimeout(work, 0);
  const { reader, writer } = portTransport({
    post: (message) => {
      const copy = structuredClone(message);
      later(() => window.dispatchEvent(new MessageEvent('message', { data: copy })));
    },
    listen(listener) {
      toHost.add(listener);
      return () => toHost.delete(listener);
    },
  });
  const connection = createMessageConnection(reader, writer);
  const logged = Object.entries(handlers as Handlers).map(([method, handler]) => [
    method,
    (params: unknown, signal?: AbortSignal) => {
      log.calls.push({ method, params });
      return handler(params as never, signal);
    },
  ]);
  serveCalls(connection, Object.fromEntries(logged) as Handlers);
  connection.listen();
  window.harness = Object.assign(log, { send: (name: string, value: unknown) => sendEvent(connection, name, value) });
  const api = {
    postMessage: (message: unknown) => {
      const copy = structuredClone(message);
      later(() => {
        for (const listener of toHost) listener(copy);
      });
    },
    getState: () => log.state,
    setState: (state: unknown) => {
      log.state = state;
      return state;
    },
  };
  Object.assign(window, { acquireVsCodeApi: () => api });
}
