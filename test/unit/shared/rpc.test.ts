import assert from 'node:assert/strict';
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { codeOf, VaultError } from '../../../src/shared/errors.ts';
import { callRemote, createClient, type Handlers, onEvent, sendEvent, serveCalls } from '../../../src/shared/rpc.ts';

function connect(port: MessagePort) {
  const connection = createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port));
  connection.listen();
  return { connection, port };
}

function pair(handlers: Handlers) {
  const { port1, port2 } = new MessageChannel();
  const near = connect(port1);
  const far = connect(port2);
  serveCalls(far.connection, handlers);
  const call = (method: string, params?: unknown, signal?: AbortSignal) =>
    callRemote(near.connection, method, params, signal);
  const close = () => {
    near.connection.dispose();
    far.connection.dispose();
    port1.close();
  };
  return { near, far, call, close };
}

const failsWith = (code: string) => (error: unknown) => {
  assert.ok(error instanceof VaultError);
  assert.equal(error.code, code);
  return true;
};
const hang = (_: unknown, signal?: AbortSignal) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(new DOMException('stopped', 'AbortError'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
  });

describe('rpc', () => {
  it('answers with what the handler returns, null for nothing', async () => {
    const line = pair({ add: ({ a, b }: { a: number; b: number }) => a + b, nothing: () => undefined });
    assert.equal(await line.call('add', { a: 2, b: 3 }), 5);
    assert.equal(await line.call('nothing'), null);
    line.close();
  });

  it('carries the code and the details of an error', async () => {
    const actual = { version: '2.3', revision: 4 };
    const line = pair({
      save: () => {
        throw new VaultError('CONFLICT', 'Somebody else saved', { expected: 3, actual });
      },
      crash: () => {
        throw new TypeError('oops');
      },
    });
    await assert.rejects(line.call('save'), (error: VaultError) => {
      assert.ok(error instanceof VaultError);
      assert.equal(error.code, 'CONFLICT');
      assert.deepEqual(error.details, { expected: 3, actual });
      return true;
    });
    await assert.rejects(line.call('crash'), failsWith('INTERNAL'));
    line.close();
  });

  it('reaches only its own methods, never inherited ones', async () => {
    const line = pair({ known: () => 1 });
    for (const method of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'missing', '']) {
      await assert.rejects(line.call(method), failsWith('INTERNAL'), method);
    }
    line.close();
  });

  it('says INTERNAL, not that the line is gone, when an answer cannot be sent', async () => {
    const line = pair({ odd: () => () => 1, fine: () => 'still here' });
    await assert.rejects(line.call('odd'), failsWith('INTERNAL'));
    assert.equal(await line.call('fine'), 'still here');
    line.close();
  });

  it('stops the work of a cancelled call', async () => {
    const line = pair({ hang });
    const abort = new AbortController();
    const call = line.call('hang', {}, abort.signal);
    setTimeout(() => abort.abort(), 5);
    await assert.rejects(call, failsWith('CANCELLED'));
    await assert.rejects(line.call('hang', {}, abort.signal), failsWith('CANCELLED'));
    line.close();
  });

  it('cancels a call that was aborted before the other side began it', async () => {
    const line = pair({ hang });
    const abort = new AbortController();
    const call = line.call('hang', {}, abort.signal);
    abort.abort();
    await assert.rejects(call, failsWith('CANCELLED'));
    line.close();
  });

  for (const [what, end] of [
    ['its own side is disposed', (line: ReturnType<typeof pair>) => line.near.connection.dispose()],
    ['the other side disappears', (line: ReturnType<typeof pair>) => line.far.port.close()],
  ] as const) {
    it(`rejects every open call with ENGINE_GONE when ${what}`, async () => {
      const line = pair({ hang });
      const calls = [line.call('hang'), line.call('hang')];
      const settled = Promise.allSettled(calls);
      end(line);
      for (const result of await settled) assert.equal(codeOf((result as PromiseRejectedResult).reason), 'ENGINE_GONE');
      await assert.rejects(line.call('hang'), failsWith('ENGINE_GONE'));
      line.close();
    });
  }

  it('stops the work of open calls when the caller disappears', async () => {
    const stopped = Promise.withResolvers<string>();
    const line = pair({
      hang: async (_: unknown, signal?: AbortSignal) => {
        started.resolve();
        await hang(_, signal).catch(() => stopped.resolve('stopped'));
      },
    });
    const started = Promise.withResolvers<void>();
    const call = line.call('hang').catch(codeOf);
    await started.promise;
    line.near.port.close();
    assert.equal(await stopped.promise, 'stopped');
    assert.equal(await call, 'ENGINE_GONE');
    line.close();
  });

  it('delivers events in order, and loses them quietly on a closed line', async () => {
    const line = pair({});
    const got: unknown[] = [];
    const all = Promise.withResolvers<void>();
    onEvent(line.near.connection, (name, value) => {
      got.push([name, value]);
      if (got.length === 3) all.resolve();
    });
    for (const value of [1, 2, 3]) sendEvent(line.far.connection, 'tick', value);
    await all.promise;
    assert.deepEqual(got, [
      ['tick', 1],
      ['tick', 2],
      ['tick', 3],
    ]);
    const closed = once(line.far.port, 'close');
    line.near.port.close();
    await closed;
    sendEvent(line.far.connection, 'tick', 4);
    assert.equal(got.length, 3);
    line.close();
  });
});

describe('createClient', () => {
  type Api = {
    add(p: { a: number }, signal?: AbortSignal): Promise<unknown>;
    list(signal?: AbortSignal): Promise<unknown>;
  };
  const calls: unknown[] = [];
  const client = createClient<Api>((method, params, signal) => {
    calls.push([method, params, signal]);
    return Promise.resolve(method);
  });

  it('turns every method into a call with its params and signal', async () => {
    const { signal } = new AbortController();
    assert.equal(await client.add({ a: 1 }, signal), 'add');
    assert.equal(await client.list(signal), 'list');
    assert.deepEqual(calls, [
      ['add', { a: 1 }, signal],
      ['list', {}, signal],
    ]);
  });

  it('is not mistaken for a promise', async () => {
    calls.length = 0;
    const same = await (client as unknown);
    assert.equal(same, client);
    assert.deepEqual(calls, []);
  });
});
