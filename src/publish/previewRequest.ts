import type { Target } from './readTarget.ts';
import type { OutRequest } from './sendOnce.ts';
import type { RequestPreview } from './types.ts';

/** Headers that say nothing secret; all others are shown without their values. */
const plain = [
  'accept',
  'content-type',
  'idempotency-key',
  'user-agent',
  'x-promptvault-hash',
  'x-promptvault-version',
];

/** What a request would send, for people: no secrets, and the length of the body in place of it. */
export function previewOf({ method, url, headers, body }: OutRequest, { hide }: Pick<Target, 'hide'>): RequestPreview {
  const shown = Object.entries(headers).map(([name, value]) => [name, plain.includes(name) ? String(value) : '…']);
  const query = url.search === '' ? '' : '?…';
  return {
    method,
    url: hide(`${url.origin}${url.pathname}${query}`),
    headers: Object.fromEntries(shown),
    bytes: Buffer.byteLength(body ?? ''),
  };
}
