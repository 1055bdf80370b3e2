import type { MessageConnection } from 'vscode-jsonrpc';
import type { PanelContract } from '../../src/engine/panels.ts';
import type { Disposable } from '../../src/shared/events.ts';
import { callRemote, createClient, onEvent } from '../../src/shared/rpc.ts';

type Calls<Requests> = {
  [Method in keyof Requests]: Requests[Method] extends (params: infer Params) => infer Result
    ? (params: Params, signal?: AbortSignal) => Promise<Awaited<Result>>
    : never;
};

/** The host as one panel sees it. `on` hears one event of the contract. */
export type PanelClient<Contract extends PanelContract> = {
  call: Calls<Contract['requests']>;
  on<Name extends keyof Contract['events'] & string>(
    name: Name,
    listener: (value: Contract['events'][Name]) => void,
  ): Disposable;
};

export function createPanelClient<Contract extends PanelContract>(
  connection: MessageConnection,
): PanelClient<Contract> {
  const listeners = new Set<(name: string, value: unknown) => void>();
  onEvent(connection, (name, value) => {
    for (const listener of [...listeners]) listener(name, value);
  });
  return {
    call: createClient<Calls<Contract['requests']>>((method, params, signal) =>
      callRemote(connection, method, params, signal),
    ),
    on(name, listener) {
      const hear = (said: string, value: unknown) => {
        if (said === name) listener(value as never);
      };
      listeners.add(hear);
      return { dispose: () => listeners.delete(hear) };
    },
  };
}
