import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkedLookup, type Reach } from './allowedAddress.ts';

/** One request as it goes over the wire. `body` absent: none is sent. */
export type OutRequest = { method: string; url: URL; headers: OutgoingHttpHeaders; body?: string };
/** A whole answer; of a longer body than is wanted only the beginning, and `cut`. */
export type InAnswer = {
  status: number;
  retryAfter: string | undefined;
  etag: string | undefined;
  body: string;
  cut: boolean;
};
export type SendOptions = {
  reach: Reach;
  signal?: AbortSignal;
  /** More of an answer is not heard out: 1 MiB unless told. */
  maxAnswerBytes?: number;
};

/** Silence for this long ends an attempt, and so does an answer that takes longer in all. */
const idleMs = 30_000;
const wholeMs = 120_000;

/**
 * One request to an address checked while connecting. Answers with the status of a whole response, whatever it is, and
 * follows no redirect; rejects when the connection fails or is cut. Aborting the signal rejects with an AbortError.
 */
export function sendOnce(request: OutRequest, options: SendOptions): Promise<InAnswer> {
  const { method, url, headers, body } = request;
  const { reach, signal, maxAnswerBytes = 1024 * 1024 } = options;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const how = { method, headers: { ...headers, ...length }, lookup: checkedLookup(reach), signal };
    const outgoing = send(url, { ...how, agent: false as const }, (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const done = (cut: boolean) =>
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          etag: answer.headers.etag,
          body: Buffer.concat(chunks).toString('utf8'),
          cut,
        });
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        // Nobody needs to hear out an endless answer; the status is known.
        if (bytes > maxAnswerBytes) {
          done(true);
          answer.destroy();
        }
      });
      answer.on('end', () => done(false));
      answer.on('error', reject);
    });
    const late = setTimeout(() => outgoing.destroy(new Error('no whole answer for two minutes')), wholeMs);
    outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error('no answer for 30 seconds')));
    outgoing.on('error', reject);
    outgoing.on('close', () => clearTimeout(late));
    outgoing.end(body);
  });
}
