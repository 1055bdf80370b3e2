import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkedLookup } from './allowedAddress.ts';

export type PutRequest = { url: URL; headers: OutgoingHttpHeaders; body: string };
export type PutAnswer = { status: number; retryAfter: string | undefined };

/** Silence for this long ends an attempt. */
const idleMs = 30_000;
const maxAnswerBytes = 1024 * 1024;

/**
 * One PUT to an address checked while connecting. Answers with the status of a whole response, whatever it is, and
 * follows no redirect; rejects when the connection fails or is cut. Aborting the signal rejects with an AbortError.
 */
export function putOnce({ url, headers, body }: PutRequest, signal?: AbortSignal): Promise<PutAnswer> {
  const encrypted = url.protocol === 'https:';
  const send = encrypted ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = { method: 'PUT', headers, lookup: checkedLookup(encrypted), signal, agent: false as const };
    const outgoing = send(url, options, (answer: IncomingMessage) => {
      const done = () => resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // Nobody needs to hear out an endless answer; the status is known.
        if (bytes > maxAnswerBytes) {
          done();
          answer.destroy();
        }
      });
      answer.on('end', done);
      answer.on('error', reject);
    });
    outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error('no answer for 30 seconds')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
