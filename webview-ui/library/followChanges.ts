import { createParser } from 'eventsource-parser';
import { type Api, ApiError } from './api.ts';

export type Following = {
  onChange(): void;
  onLine(line: 'live' | 'lost'): void;
  /** The token is not accepted any more. */
  onRefused(error: ApiError): void;
};
const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** The server says something every 15 seconds; a line that is silent for longer is cut, whatever the network says. */
const longestSilenceMs = 40_000;

/**
 * Hears of changes until the signal is aborted, and asks again when the line is cut: sooner when the machine is online
 * again. Settles early when the token is refused.
 */
export async function followChanges(api: Api, heard: Following, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const line = new AbortController();
    const silence = silenceAlarm(line);
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const answer = await api.send('changes', { headers, signal: AbortSignal.any([signal, line.signal]) });
      heard.onLine('live');
      pauseMs = firstPauseMs;
      const parser = createParser({
        onEvent({ id }) {
          lastId = id ?? lastId;
          heard.onChange();
        },
      });
      const pieces = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
        silence.heard();
        parser.feed(piece.value);
      }
    } catch (error) {
      if (!signal.aborted && error instanceof ApiError && error.status === 401) return heard.onRefused(error);
    } finally {
      silence.stop();
    }
    if (signal.aborted) return;
    heard.onLine('lost');
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

function silenceAlarm(line: AbortController) {
  let timer: ReturnType<typeof setTimeout>;
  const stop = () => clearTimeout(timer);
  const heard = () => {
    stop();
    timer = setTimeout(() => line.abort(), longestSilenceMs);
  };
  heard();
  return { heard, stop };
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
