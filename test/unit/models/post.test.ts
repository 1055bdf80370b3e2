import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { post } from '../../../src/models/post.ts';

describe('a POST over a kept connection', () => {
  let server: Server;
  let requests = 0;
  let connections = 0;
  const open = new Set<Socket>();
  /** What is done with the nth request over one connection. */
  let answer: (socket: Socket, nth: number) => void;

  beforeEach(async () => {
    requests = 0;
    connections = 0;
    server = createServer((socket) => {
      connections += 1;
      open.add(socket);
      let nth = 0;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        requests += 1;
        nth += 1;
        answer(socket, nth);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });

  const whole = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const send = async (signal = new AbortController().signal) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const reply = await post({ url, headers: {}, body: '{}', signal });
    const text = Buffer.concat(await reply.toArray()).toString();
    // The connection goes back to those kept in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    return text;
  };

  it('uses one connection for one after the other', async () => {
    answer = whole;
    assert.deepEqual([await send(), await send(), connections], ['ok', 'ok', 1]);
  });

  it('asks again over a new one when the server had given the kept one up', async () => {
    answer = (socket, nth) => (nth === 1 ? whole(socket) : socket.destroy());
    assert.deepEqual([await send(), await send()], ['ok', 'ok']);
    assert.deepEqual([requests, connections], [3, 2]);
  });

  it('closes the connection of who gives up, with their reason', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const abort = new AbortController();
    answer = (socket) => {
      socket.on('close', () => resolve());
      abort.abort(new Error('enough'));
    };
    await assert.rejects(send(abort.signal), /enough/);
    await closed;
    await assert.rejects(send(abort.signal), /enough/);
    assert.equal(requests, 1);
  });

  it("leaves a connection alone that is another one's by the time its first user gives up", async () => {
    const abort = new AbortController();
    answer = (socket, nth) => {
      if (nth === 2) abort.abort();
      setTimeout(whole, nth === 2 ? 20 : 0, socket);
    };
    assert.deepEqual([await send(abort.signal), await send(), connections], ['ok', 'ok', 1]);
  });

  it('does not ask again when a new connection breaks', async () => {
    answer = (socket) => socket.destroy();
    await assert.rejects(send(), { code: 'ECONNRESET' });
    assert.equal(requests, 1);
  });
});
