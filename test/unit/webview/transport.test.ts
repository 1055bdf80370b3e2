import assert from 'node:assert/strict';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import { VaultError } from '../../../src/shared/errors.ts';
import { sendEvent, serveCalls } from '../../../src/shared/rpc.ts';
import { createPanelClient } from '../../../webview-ui/shared/panelClient.ts';
import { type Port, portTransport } from '../../../webview-ui/shared/transport.ts';

type Contract = {
  requests: {
    double(p: { value: number }): number;
    wait(p: Record<string, never>): void;
    refuse(p: Record<string, never>): void;
  };
  events: { ping: { at: number } };
};

/** Two ends of one line, with strangers' messages on it as a webview has them. */
function line(): [Port, Port] {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (own: number, other: number): Port => ({
    post: (message) =>
      setImmediate(() => {
        for (const hear of ends[other as 0 | 1])
          for (const data of [{ type: 'theme' }, null, 'x', structuredClone(message)]) hear(data);
      }),
    listen(listener) {
      ends[own as 0 | 1].add(listener);
      return () => ends[own as 0 | 1].delete(listener);
    },
  });
  return [end(0, 1), end(1, 0)];
}

describe('The line between a panel and its host', () => {
  function connect() {
    const [left, right] = line();
    const [panel, host] = [left, right].map((port) => {
      const { reader, writer } = portTransport(port);
      const connection = createMessageConnection(reader, writer);
      connection.listen();
      return connection;
    });
    let aborted = false;
    serveCalls(host!, {
      double: ({ value }: { value: number }) => value * 2,
      refuse: () => {
        throw new VaultError('RULE', 'No', { stage: 'PRD' });
      },
      wait: (_: never, signal?: AbortSignal) =>
        new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            aborted = true;
            reject(new VaultError('CANCELLED', 'Cancelled'));
          }),
        ),
    });
    return { client: createPanelClient<Contract>(panel!), host: host!, wasAborted: () => aborted };
  }

  it('carries answers and coded errors', async () => {
    const { client } = connect();
    assert.equal(await client.call.double({ value: 21 }), 42);
    await assert.rejects(client.call.refuse({}), { code: 'RULE', details: { stage: 'PRD' } });
  });

  it('stops the work when the caller gives up', async () => {
    const { client, wasAborted } = connect();
    const abort = new AbortController();
    const call = client.call.wait({}, abort.signal);
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(call, { code: 'CANCELLED' });
    assert.equal(wasAborted(), true);
  });

  it('tells events to those who listen, until they stop', async () => {
    const { client, host } = connect();
    const heard: number[] = [];
    const listening = client.on('ping', ({ at }) => heard.push(at));
    sendEvent(host, 'ping', { at: 1 });
    await client.call.double({ value: 1 });
    listening.dispose();
    sendEvent(host, 'ping', { at: 2 });
    await client.call.double({ value: 1 });
    assert.deepEqual(heard, [1]);
  });
});
