import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Allowed } from './checkRequest.ts';

export type Listening = { url: string; allowed: Allowed; close(): Promise<void> };

const loopback = ['127.0.0.1', '::1'] as const;
/** How long what is under way may take to end, in ms. */
const graceMs = 10_000;

/** Opens the port: on both loopback addresses unless told. */
export async function listen(
  take: RequestListener,
  { host, port }: { host?: string; port: number },
): Promise<Listening> {
  const first = await open(take, host ?? loopback[0], port);
  const { port: taken } = first.address() as AddressInfo;
  const servers = [first];
  if (host === undefined) {
    const second = await open(take, loopback[1], taken).catch(() => undefined);
    if (second) servers.push(second);
  }
  const names = host === undefined ? [...loopback, 'localhost'] : [host];
  const hosts = names.map((name) => `${name.includes(':') ? `[${name}]` : name}:${taken}`);
  return {
    url: `http://${hosts[0]}`,
    allowed: { hosts: new Set(hosts), origins: new Set(hosts.map((name) => `http://${name}`)) },
    async close() {
      await Promise.all(servers.map(shut));
    },
  };
}

function open(take: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(take);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
