import { hash } from 'node:crypto';

/** One answer, serialised once and sent as often as it is asked for. */
export type Answer = {
  status: number;
  contentType: string;
  /** JSON is kept as text: Node sends it in one piece with its head. */
  body: string | Buffer;
  /** Length of the body. */
  bytes: number;
  /** Quoted and strong; null for what is never asked for again. */
  etag: string | null;
  cacheControl: string;
  /** Names and values in turn. */
  headers: readonly string[];
  /** The body in other encodings, made when first asked for. */
  packed: { gzip?: Buffer; br?: Buffer };
};

/** May be kept, but is asked for again at each use. */
export const revalidate = 'private, no-cache';
/** A released version never changes. */
export const forEver = 'private, max-age=31536000, immutable';
const never = 'no-store';

type Given = Partial<Pick<Answer, 'status' | 'etag' | 'cacheControl' | 'contentType' | 'headers'>>;

/** A JSON answer. Without an ETag of its own it gets one made of its bytes, unless it may not be kept. */
export function jsonAnswer(value: unknown, given: Given = {}): Answer {
  const body = JSON.stringify(value);
  const cacheControl = given.cacheControl ?? never;
  const etag = given.etag ?? (cacheControl === never ? null : `"${hash('sha256', body, 'base64url').slice(0, 27)}"`);
  const { status = 200, contentType = 'application/json', headers = [] } = given;
  return { status, contentType, body, bytes: Buffer.byteLength(body), etag, cacheControl, headers, packed: {} };
}
