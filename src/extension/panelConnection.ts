import type { DataCallback, Message } from 'vscode-jsonrpc';
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import type { PanelContract } from '../engine/panels.ts';
import type { Disposable } from '../shared/events.ts';
import { type Handlers, sendEvent, serveCalls } from '../shared/rpc.ts';

/** What a VS Code webview offers for messages. */
export type MessagePort = {
  postMessage(message: unknown): Thenable<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): Disposable;
};

/** A method for every request of the contract: one missing does not compile. */
export type PanelHandlers<Contract extends PanelContract> = {
  [Name in keyof Contract['requests']]: (
    params: Parameters<Contract['requests'][Name]>[0],
    signal?: AbortSignal,
  ) => Promise<ReturnType<Contract['requests'][Name]>>;
};
export type PanelConnection<Contract extends PanelContract> = Disposable & {
  send<Name extends keyof Contract['events'] & string>(name: Name, value: Contract['events'][Name]): void;
};

function createReader(port: MessagePort) {
  return new (class extends AbstractMessageReader {
    listen(callback: DataCallback) {
      return port.onDidReceiveMessage((message) => callback(message as Message));
    }
  })();
}

function createWriter(port: MessagePort) {
  return new (class extends AbstractMessageWriter {
    async write(message: Message) {
      try {
        await port.postMessage(message);
      } catch {
        // VS Code throws once the panel is closed; nobody is left to read it.
      }
    }
    end() {}
  })();
}

/**
 * Answers a panel's calls and sends it events. It listens at once, so make it before the panel's page is set. After
 * `dispose` calls under way are aborted by their signal and answered nowhere.
 */
export function connectPanel<Contract extends PanelContract>(
  port: MessagePort,
  handlers: PanelHandlers<Contract>,
): PanelConnection<Contract> {
  const connection = createMessageConnection(createReader(port), createWriter(port));
  const closed = new AbortController();
  const closing = Object.entries(handlers as Handlers).map(([name, handler]) => [
    name,
    (params: unknown, signal?: AbortSignal) =>
      handler(params as never, signal ? AbortSignal.any([signal, closed.signal]) : closed.signal),
  ]);
  serveCalls(connection, Object.fromEntries(closing) as Handlers);
  connection.listen();
  return {
    send: (name, value) => sendEvent(connection, name, value),
    dispose() {
      closed.abort();
      connection.dispose();
    },
  };
}
