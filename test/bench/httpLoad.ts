import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type LoadRequest = {
  port: number;
  connections: number;
  /** Each connection asks for the next of these when its answer has come, over and over for `ms`, or each once without. */
  targets: string[];
  headers: { [name: string]: string };
  ms?: number;
};
/** `statuses`: how many answers had which; `failed`: connections that broke. Times in ms. */
export type LoadResult = {
  ms: number;
  answers: number;
  statuses: { [status: number]: number };
  failed: number;
  p99Ms: number;
};

const headEnd = Buffer.from('\r\n\r\n');

/** Asks over keep-alive connections as quickly as the server answers. Nothing is parsed but the status and the length. */
async function load({ port, connections, targets, headers, ms }: LoadRequest): Promise<LoadResult> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const requests = targets.map((target) =>
    Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`),
  );
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const statuses: { [status: number]: number } = {};
  const times: number[] = [];
  let answers = 0;
  let failed = 0;
  let next = 0;
  const begun = performance.now();
  const end = ms === undefined ? Number.POSITIVE_INFINITY : begun + ms;
  const last = ms === undefined ? targets.length : Number.POSITIVE_INFINITY;

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      let waiting = Buffer.alloc(0);
      let asked = 0;
      const ask = () => {
        asked = performance.now();
        if (asked >= end || next >= last) return resolve();
        socket.write(requests[next % requests.length]!);
        next += 1;
      };
      socket.on('data', (chunk) => {
        waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
        const head = waiting.indexOf(headEnd);
        if (head < 0) return;
        const text = waiting.toString('latin1', 0, head);
        const status = Number(text.slice(9, 12));
        const length = status === 304 ? 0 : Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (waiting.length < head + headEnd.length + length) return;
        waiting = waiting.subarray(head + headEnd.length + length);
        statuses[status] = (statuses[status] ?? 0) + 1;
        answers += 1;
        times.push(performance.now() - asked);
        ask();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        failed += 1;
        resolve();
      });
      ask();
    });
  }
  await Promise.all(sockets.map(drive));
  const took = performance.now() - begun;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  const sorted = times.sort((a, b) => a - b);
  return { ms: took, answers, statuses, failed, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  return socket;
}

process.on('message', async (request: LoadRequest) => {
  process.send!(await load(request));
});
