import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTurnStamp } from '../../../src/server/turnStamp.ts';

describe('the stamp of a turn of the event loop', () => {
  function taking(open = 3) {
    let taken = 0;
    const stampFor = createTurnStamp({
      stamp: async () => {
        taken += 1;
        return taken;
      },
      connections: () => open,
    });
    return { stampFor, sockets: Array.from({ length: 3 }, () => new Socket()) as [Socket, Socket, Socket] };
  }

  it('is one for the requests of its connections, and another one in the next turn', async () => {
    const { stampFor, sockets } = taking();
    assert.deepEqual(await Promise.all(sockets.map(stampFor)), [1, 1, 1]);
    await nextTurn();
    assert.deepEqual(await Promise.all(sockets.map(stampFor)), [2, 2, 2]);
  });

  it('is taken anew for a request behind another one on its connection', async () => {
    const { stampFor, sockets } = taking();
    const [a, b] = sockets;
    assert.deepEqual(await Promise.all([a, b, a, b].map(stampFor)), [1, 1, 2, 3]);
  });

  it('is taken for each request when there are more connections than one turn brings', async () => {
    const { stampFor, sockets } = taking(1001);
    assert.deepEqual(await Promise.all(sockets.map(stampFor)), [1, 2, 3]);
  });
});
