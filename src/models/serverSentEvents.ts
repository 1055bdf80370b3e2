import { StringDecoder } from 'node:string_decoder';

export type ServerSentEvent = { event: string; data: string };

/**
 * Reads server-sent events (WHATWG HTML, "interpreting an event stream") from the bytes of an answer as they come. What it
 * answers is whole; the rest is kept for the next bytes.
 */
export function createEventReader(): (bytes: Uint8Array) => ServerSentEvent[] {
  // Made in a tenth of a TextDecoder's time.
  const decoder = new StringDecoder('utf8');
  let begun = false;
  let rest = '';
  let event = '';
  let data: string[] = [];
  return (bytes) => {
    const decoded = decoder.write(bytes);
    const text = rest + (begun ? decoded : decoded.replace(/^\uFEFF/, ''));
    begun ||= decoded !== '';
    // The other half of a \r\n may be still to come.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + text.slice(end);
    const events: ServerSentEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ event, data: data.join('\n') });
        event = '';
        data = [];
      } else if (line.startsWith('data:')) data.push(fieldOf(line, 5));
      else if (line.startsWith('event:')) event = fieldOf(line, 6);
    }
    return events;
  };
}

const fieldOf = (line: string, from: number) => line.slice(line[from] === ' ' ? from + 1 : from);
