import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type Message,
} from 'vscode-jsonrpc/node';
import { connectPanel, type MessagePort } from '../../../src/extension/panelConnection.ts';
import { VaultError } from '../../../src/shared/errors.ts';
import { createEmitter } from '../../../src/shared/events.ts';
import { callRemote, onEvent } from '../../../src/shared/rpc.ts';

type Contract = {
  requests: { double(p: { n: number }): { n: number }; fail(p: object): void; hang(p: object): void };
  events: { told: { text: string } };
};

/** Two ends that copy what they carry, as VS Code does between a panel and the extension host. */
function openLine() {
  const toHost = createEmitter<unknown>();
  const toPanel = createEmitter<unknown>();
  const host: MessagePort = {
    postMessage: async (message) => {
      toPanel.fire(structuredClone(message));
      return true;
    },
    onDidReceiveMessage: toHost.on,
  };
  const reader = new (class extends AbstractMessageReader {
    listen(callback: (message: Message) => void) {
      return toPanel.on((message) => callback(message as Message));
    }
  })();
  const writer = new (class extends AbstractMessageWriter {
    async write(message: Message) {
      toHost.fire(structuredClone(message));
    }
    end() {}
  })();
  const panel = createMessageConnection(reader, writer);
  panel.listen();
  return { host, panel };
}

function connect() {
  const { host, panel } = openLine();
  const connection = connectPanel<Contract>(host, {
    double: async ({ n }) => ({ n: 2 * n }),
    fail: async () => {
      throw new VaultError('CONFLICT', 'Somebody else saved', { expected: 1 });
    },
    hang: async (_, signal) => {
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  return { connection, panel };
}

describe('the line between a panel and the extension', () => {
  it('answers a call', async () => {
    const { panel, connection } = connect();
    assert.deepEqual(await callRemote(panel, 'double', { n: 21 }), { n: 42 });
    connection.dispose();
  });

  it('carries a failure with its code and details', async () => {
    const { panel, connection } = connect();
    await assert.rejects(callRemote(panel, 'fail', {}), { code: 'CONFLICT', details: { expected: 1 } });
    connection.dispose();
  });

  it('stops the work of a cancelled call', async () => {
    const { panel, connection } = connect();
    const abort = new AbortController();
    const call = callRemote(panel, 'hang', {}, abort.signal);
    await wait(10);
    abort.abort();
    await assert.rejects(call, { code: 'CANCELLED' });
    connection.dispose();
  });

  it('tells the panel of events', async () => {
    const { panel, connection } = connect();
    const told: unknown[] = [];
    onEvent(panel, (name, value) => told.push([name, value]));
    connection.send('told', { text: 'hello' });
    await wait(20);
    assert.deepEqual(told, [['told', { text: 'hello' }]]);
    connection.dispose();
  });

  it('aborts the work of a panel that closes, and swallows what comes too late', async () => {
    const { host } = openLine();
    let stopped = false;
    let received: ((message: unknown) => void) | undefined;
    const closing: MessagePort = {
      postMessage: async () => {
        throw new Error('Webview is disposed');
      },
      onDidReceiveMessage: (listener) => {
        received = listener;
        return host.onDidReceiveMessage(listener);
      },
    };
    const connection = connectPanel<Pick<Contract, 'events'> & { requests: Pick<Contract['requests'], 'hang'> }>(
      closing,
      {
        hang: async (_, signal) => {
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
          stopped = true;
        },
      },
    );
    received?.({ jsonrpc: '2.0', id: 1, method: 'call', params: { method: 'hang', params: {} } });
    await wait(10);
    connection.dispose();
    connection.send('told', { text: 'too late' });
    await wait(20);
    assert.equal(stopped, true);
  });
});
