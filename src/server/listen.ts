import { X509Certificate } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { VaultError } from '../shared/errors.ts';
import type { Allowed } from './checkRequest.ts';
import type { Limits } from './limits.ts';
import { refusePlace } from './refusePlace.ts';

/** Where a server listens. Anything but this machine needs `tls`, or a proxy in front that has it. */
export type Place = {
  /** 127.0.0.1 and ::1 unless given. */
  host?: string;
  /** 0 for any that is free. */
  port: number;
  /** PEM. The names in the certificate are those the server answers to. */
  tls?: { cert: string; key: string };
  /** The origin by which clients know the proxy in front: `https://prompts.example.com`. */
  behindProxy?: string;
};
export type Listening = { url: string; allowed: Allowed; connections(): number; close(): Promise<void> };

const loopback = ['127.0.0.1', '::1'] as const;
type OpenServer = { server: Server; sockets: ReadonlySet<Socket> };

const isLoopback = (host: string) => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
const absent = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Opens the port: on both loopback addresses unless told. USAGE for a place that would serve in the clear, BUSY for one that is taken. */
export async function listen(take: RequestListener, place: Place, limits: Limits): Promise<Listening> {
  const { host, port, tls } = place;
  const proxied = place.behindProxy === undefined ? null : originOf(place.behindProxy);
  if (host !== undefined && !isLoopback(host) && !tls && !proxied) {
    throw usage(`${host} is not this machine alone: give a certificate, or the origin of a proxy that has one`);
  }
  const create = () => openServer(take, place, limits);
  const opening = host === undefined ? openBoth(create, port) : opened(create(), host, port).then((one) => [one]);
  const servers = await opening.catch((error) => refusePlace(error, host ?? loopback[0], port));
  const { port: taken } = servers[0]!.server.address() as AddressInfo;
  const scheme = tls ? 'https' : 'http';
  const own = [...(host === undefined ? loopback : [host]), 'localhost', ...(tls ? certifiedNames(tls.cert) : [])];
  const hosts = new Set(own.flatMap((name) => hostHeaders(scheme, name, taken)));
  const origins = new Set([...hosts].map((name) => `${scheme}://${name}`));
  if (proxied) {
    hosts.add(proxied.host);
    origins.add(proxied.origin);
  }
  const shown = (tls && certifiedNames(tls.cert)[0]) || own[0]!;
  return {
    url: `${scheme}://${bracketed(shown)}:${taken}`,
    allowed: { hosts, origins },
    connections: () => servers.reduce((sum, { sockets }) => sum + sockets.size, 0),
    async close() {
      await Promise.all(servers.map((server) => shut(server, limits.graceMs)));
    },
  };
}

function openServer(take: RequestListener, { tls }: Place, limits: Limits): OpenServer {
  const options = {
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    // How often those two are looked at.
    connectionsCheckingInterval: Math.min(1000, limits.headMs),
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
  };
  const server = tls ? createTlsServer({ ...options, ...tls }, take) : createServer(options, take);
  server.maxConnections = limits.connections;
  server.timeout = limits.idleMs + limits.stallMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return { server, sockets };
}

/** The same port on both loopback addresses; another program may hold one of them on a free one of the other. */
async function openBoth(create: () => OpenServer, port: number): Promise<OpenServer[]> {
  for (let left = 10; ; left -= 1) {
    const first = await opened(create(), loopback[0], port);
    try {
      return [first, await opened(create(), loopback[1], (first.server.address() as AddressInfo).port)];
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (absent.includes(code)) return [first];
      await shut(first, 0);
      if (port !== 0 || left === 0 || code !== 'EADDRINUSE') throw error;
    }
  }
}

function opened(open: OpenServer, host: string, port: number): Promise<OpenServer> {
  const { server } = open;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      // A connection that fails before it is one concerns nobody else.
      server.on('error', () => undefined);
      resolve(open);
    });
  });
}

/** What is under way ends with its answer; who keeps a connection for later is sent away, also right after its answer. */
function shut({ server, sockets }: OpenServer, graceMs: number): Promise<void> {
  const sendAway = () => {
    server.closeIdleConnections();
    // Browsers open connections ahead, which count as busy until they have asked something.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  return new Promise((resolve) => {
    const idle = setInterval(sendAway, 50);
    const late = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
    sendAway();
  });
}

const bracketed = (name: string) => (name.includes(':') ? `[${name}]` : name);

/** What clients send as Host; they leave out the port that the scheme has anyway. */
function hostHeaders(scheme: 'http' | 'https', name: string, port: number): string[] {
  const host = bracketed(name.toLowerCase());
  const usual = { http: 80, https: 443 }[scheme] === port;
  return usual ? [host, `${host}:${port}`] : [`${host}:${port}`];
}

/** `DNS:example.com, IP Address:10.0.0.5`; one with a * names nobody in particular. */
function certifiedNames(cert: string): string[] {
  const listed = new X509Certificate(cert).subjectAltName ?? '';
  return [...listed.matchAll(/(?:DNS|IP Address):([^,\s*]+)(?=,|$)/g)].map(([, name = '']) => name);
}

function originOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')) return url;
  throw usage(`${text} is no origin; write https://host, without a path`);
}

const usage = (message: string) => new VaultError('USAGE', message, {});
