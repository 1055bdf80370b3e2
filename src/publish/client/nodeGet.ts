import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { type Got, type HttpGet, type Server, timedOut, unreachable } from './httpGet.ts';
import { findNodeModule } from './platform.ts';

const thisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
let agent: Agent | undefined;

/**
 * By node:http, for a server on this machine that Node asks in the clear: there `fetch` takes half as long again as the whole
 * answer. Undefined anywhere else, where certificates, proxies and the way there are what `fetch` was set up for.
 */
export function nodeGet(server: Server): HttpGet | undefined {
  const { protocol, hostname, port, pathname } = new URL(server.base);
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  // Deno, Bun and some at the edge have a node:http as well, made of their fetch.
  const isNode = navigator?.userAgent?.startsWith('Node.js/');
  const http = isNode && protocol === 'http:' && thisMachine.test(hostname) ? findNodeModule('node:http') : undefined;
  if (!http) return undefined;
  const place = { hostname: hostname.replace(/^\[|\]$/g, ''), port };
  const prefix = pathname.replace(/\/$/, '');

  return (path, headers) =>
    new Promise((resolve, reject) => {
      let asked: ClientRequest;
      let settled = false;
      const timer = setTimeout(() => {
        settled = true;
        reject(timedOut(server));
        asked.destroy();
      }, server.timeoutMs);
      const fail = (error: unknown) => {
        settled = true;
        clearTimeout(timer);
        reject(unreachable(server, error));
      };
      const done = (got: Got) => {
        clearTimeout(timer);
        resolve(got);
      };
      function ask(): void {
        agent ??= new http!.Agent({ keepAlive: true });
        // Looked up each time: tools that watch requests may put theirs in its place.
        let answered = false;
        asked = http!.request({ ...place, path: prefix + path, headers, agent }, (answer) => {
          answered = true;
          read(answer, done, fail);
        });
        asked.on('error', (error: NodeJS.ErrnoException) => {
          // The server closed a connection that was kept at the very moment that it was used again.
          const stale = asked.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
          if (stale && !answered && !settled) ask();
          else fail(error);
        });
        asked.end();
      }
      try {
        ask();
      } catch (error) {
        fail(error);
      }
    });
}

function read(answer: IncomingMessage, done: (got: Got) => void, fail: (error: unknown) => void): void {
  const { statusCode: status = 0, headers } = answer;
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.once('error', fail);
  answer.once('end', () => {
    const text = String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    done({ status, etag: headers.etag ?? null, retryAfter: headers['retry-after'] ?? null, text });
  });
}

const dispatcher = Symbol.for('undici.globalDispatcher.1');
let untouched: unknown;

/** Whether `fetch` is still what Node itself has there: whoever replaced it, or what it sends by, wants to see every request. */
export function fetchIsNodes(): boolean {
  const { fetch, [dispatcher]: sendsBy } = globalThis as { fetch?: unknown; [dispatcher]?: object };
  if (typeof fetch !== 'function') return false;
  if (fetch !== untouched) {
    if (!Function.prototype.toString.call(fetch).includes('internal/deps/undici')) return false;
    untouched = fetch;
  }
  return sendsBy === undefined || sendsBy.constructor.name === 'Agent';
}
