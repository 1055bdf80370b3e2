import type { Writable } from 'node:stream';
import type { Exchange } from './exchange.ts';

export type AccessLog = {
  /** One line for a request that was answered: no query, body, value or token, and nothing of a prompt but its path. */
  request(exchange: Exchange, sent: { status: number; bytes: number }): void;
  /** Why a request failed for a reason that its answer does not tell. */
  failure(exchange: Exchange, error: unknown): void;
  close(): Promise<void>;
};

const flushMs = 100;
const flushAt = 64 * 1024;
/** Lines are dropped rather than gathered without end for a reader that takes none. In bytes. */
const mostWaiting = 8 * 1024 * 1024;

/** JSON lines, written some at a time: a line for each request by itself would be a good part of the request's time. */
export function createAccessLog(out: Writable | undefined): AccessLog {
  if (!out) return { request: () => undefined, failure: () => undefined, close: async () => undefined };
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let dropped = 0;
  // A log that cannot be written is no reason to serve nobody.
  const ignore = () => undefined;
  out.on('error', ignore);

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== '' && !out!.destroyed) out!.write(waiting);
    waiting = '';
  }
  function add(line: string): void {
    if (out!.writableLength > mostWaiting) {
      dropped += 1;
      return;
    }
    if (dropped > 0) waiting += `{"at":"${timeText()}","dropped":${dropped}}\n`;
    dropped = 0;
    waiting += line;
    if (waiting.length > flushAt) flush();
    else timer ??= setTimeout(flush, flushMs).unref();
  }
  // Put together by hand, since it is done for each request; ids and addresses are plain words.
  const about = ({ id, incoming, path, address, grant }: Exchange) =>
    `{"at":"${timeText()}","id":"${id}","method":"${incoming.method}","path":${JSON.stringify(pathOf(path))},"address":"${address}","token":${grant ? JSON.stringify(grant.id) : null}`;
  return {
    request(exchange, { status, bytes }) {
      const ms = Math.round((performance.now() - exchange.begunAt) * 100) / 100;
      add(`${about(exchange)},"status":${status},"bytes":${bytes},"ms":${ms}}\n`);
    },
    failure: (exchange, error) => add(`${about(exchange)},"error":${JSON.stringify(describe(error))}}\n`),
    async close() {
      flush();
      await new Promise<void>((resolve) => {
        if (out.destroyed) resolve();
        else out.write('', () => resolve());
      });
      out.off('error', ignore);
    },
  };
}

let lastMs = 0;
let lastText = '';

/** Now, ISO 8601; hundreds of requests fall into the same millisecond. */
function timeText(): string {
  const now = Date.now();
  if (now !== lastMs) lastText = new Date(now).toISOString();
  lastMs = now;
  return lastText;
}

/** Whoever puts a token into an address does not find it in the log, however its letters are spelled. */
function pathOf(path: string): string {
  if (path.length < 500 && !path.includes('pv_') && !path.includes('eyJ') && !path.includes('%')) return path;
  const plain = path.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return plain.replaceAll(/(pv_[0-9a-f]{1,12})_[\w-]*|eyJ[\w.-]+/g, (_, id?: string) => `${id ?? ''}…`).slice(0, 500);
}

/** The vault's own messages name files; what others say may quote a text, so only its kind and place are kept. */
function describe(error: unknown): object {
  const { code, message, name, stack = '', cause } = error as Error & { code?: string };
  if (code !== undefined && code !== 'INTERNAL') return { code, message };
  const origin = cause instanceof Error ? cause : undefined;
  const places = (origin?.stack ?? stack).split('\n').filter((line) => /^\s+at /.test(line));
  return { code: 'INTERNAL', name: origin?.name ?? name, places: places.slice(0, 4).map((line) => line.trim()) };
}
