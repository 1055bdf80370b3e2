import { once } from 'node:events';
import type { Engine } from '../engine/engine.ts';
import type { VaultEvent } from '../vault/types.ts';
import type { Exchange } from './exchange.ts';
import type { Limits } from './limits.ts';
import { refusal } from './problem.ts';
import { reaches } from './route.ts';

type Parts = {
  engine: Engine;
  limits: Pick<Limits, 'streams' | 'heartbeatMs' | 'stallMs'>;
  /** Whether the exchange's token is still good for what it was. */
  stillValid(exchange: Exchange): Promise<boolean>;
};
type Reader = { exchange: Exchange; seq: number; bytes: number; pumping: Promise<void> | null; again: boolean };

const pageSize = 500;
/** A token that was revoked or has expired ends its streams after this at the latest, in ms. */
const recheckMs = 300;
const released: readonly string[] = ['version.promoted', 'version.retired', 'version.rolledBack'];

/** The vault's log as server-sent events, as it is written by whomever. Each reader gets every entry once and in order. */
export function createChangeStreams({ engine, limits, stillValid }: Parts) {
  const readers = new Set<Reader>();
  const watching = engine.onDidChange(({ events }) => {
    for (const reader of readers) {
      if (events.length === 0) startOver(reader).catch(() => drop(reader));
      else pump(reader);
    }
  });
  const beating = setInterval(() => {
    for (const reader of readers) write(reader, ': still here\n\n').catch(() => drop(reader));
  }, limits.heartbeatMs).unref();
  let checking = false;
  const rechecking = setInterval(async () => {
    if (checking) return;
    checking = true;
    for (const reader of readers) if (!(await stillValid(reader.exchange).catch(() => false))) end(reader);
    checking = false;
  }, recheckMs).unref();

  const drop = ({ exchange }: Reader) => void exchange.outgoing.destroy();
  const end = ({ exchange }: Reader) => void exchange.outgoing.end();

  /** Waits for a reader that takes its time; whoever takes nothing for too long is let go. */
  async function write(reader: Reader, text: string): Promise<void> {
    const { outgoing } = reader.exchange;
    if (outgoing.destroyed || outgoing.writableEnded) return;
    reader.bytes += Buffer.byteLength(text);
    if (!outgoing.write(text)) await once(outgoing, 'drain', { signal: AbortSignal.timeout(limits.stallMs) });
  }
  /** Another file took the vault's place: nothing that was told holds any more. */
  async function startOver(reader: Reader): Promise<void> {
    reader.seq = (await engine.info()).lastSeq;
    await write(reader, `id: ${reader.seq}\nevent: reset\ndata: {}\n\n`);
  }
  function pump(reader: Reader): void {
    reader.again = true;
    reader.pumping ??= pumpAll(reader)
      .catch(() => drop(reader))
      .finally(() => {
        reader.pumping = null;
      });
  }
  async function pumpAll(reader: Reader): Promise<void> {
    const whole = reaches(reader.exchange.grant!.scope, 'read');
    while (reader.again && readers.has(reader)) {
      reader.again = false;
      const events = await engine.eventsAfter({ seq: reader.seq, limit: pageSize });
      const last = events.at(-1);
      if (!last) continue;
      reader.seq = last.seq;
      reader.again = true;
      const told = events.filter((event) => whole || isRelease(event)).map((event) => toText(event, whole));
      // What is not for this reader moves it on all the same, so that it need not be looked through again.
      if (events.length === pageSize && told.length === 0) told.push(`id: ${last.seq}\n\n`);
      if (told.length > 0) await write(reader, told.join(''));
    }
  }
  return {
    /** Settles when the reader or the server has ended it. 503 when there are too many. `after`: the last entry it knows; now unless given. */
    async open(exchange: Exchange, after: number | undefined): Promise<number> {
      // Asked first: between counting and taking a place nobody else may come.
      const { lastSeq } = await engine.info();
      // Nobody's token may take the place of all others.
      const own = [...readers].filter((reader) => reader.exchange.grant?.id === exchange.grant?.id).length;
      if (readers.size >= limits.streams || own >= Math.ceil(limits.streams * 0.75)) {
        throw refusal(503, 'TOO_MANY_STREAMS', 'Too many streams are open', { headers: { 'retry-after': '10' } });
      }
      const reader: Reader = { exchange, seq: after ?? lastSeq, bytes: 0, pumping: null, again: false };
      exchange.outgoing.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'x-request-id': exchange.id,
      });
      const closed = new Promise<void>((resolve) => exchange.outgoing.once('close', resolve));
      readers.add(reader);
      try {
        await write(reader, 'retry: 1000\n\n');
        if (reader.seq > lastSeq) await startOver(reader);
        else pump(reader);
        await closed;
        return reader.bytes;
      } finally {
        readers.delete(reader);
      }
    },
    close(): void {
      watching.dispose();
      clearInterval(beating);
      clearInterval(rechecking);
      for (const reader of readers) end(reader);
    },
  };
}
export type ChangeStreams = ReturnType<typeof createChangeStreams>;

const field = (event: VaultEvent, name: string): unknown =>
  (event.details as { [name: string]: unknown } | null)?.[name];
const isRelease = (event: VaultEvent) =>
  released.includes(event.kind) && (event.kind !== 'version.promoted' || field(event, 'to') === 'PRD');

/** Who sees only what is in production is told what is there and since when, not by whom or why. */
function toText(event: VaultEvent, whole: boolean): string {
  const { seq, at, kind, path, version } = event;
  const data = whole
    ? event
    : { seq, at, kind, path, version, hash: field(event, 'hash'), replacedBy: field(event, 'replacedBy') };
  return `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
