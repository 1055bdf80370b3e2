import { createParser } from 'eventsource-parser';
import type { VaultEvent } from '../../src/vault/types.ts';
import { type Api, ApiError } from './api.ts';

export type Following = { onEvents(events: VaultEvent[]): void; onLine(line: 'live' | 'lost'): void };
const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Hears of changes until the signal is aborted, and asks again when the line is cut: sooner when the machine is online
 * again. Settles early when the token may not listen.
 */
export async function followChanges(api: Api, { onEvents, onLine }: Following, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const answer = await api.send('changes', { headers, signal });
      onLine('live');
      pauseMs = firstPauseMs;
      const parser = createParser({
        onEvent({ id, data }) {
          lastId = id ?? lastId;
          onEvents([JSON.parse(data) as VaultEvent]);
        },
      });
      const pieces = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
        parser.feed(piece.value);
      }
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return;
    }
    if (signal.aborted) return;
    onLine('lost');
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
