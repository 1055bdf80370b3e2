import type { Answer } from './answer.ts';
import { revalidate } from './answer.ts';

/**
 * A file of the web library. It is served at its address to anybody who reaches the server, without a token, as the page on
 * which a person types one has to be: so it holds nothing of a vault. `headers` may hold its Content-Security-Policy.
 */
export type StaticFile = {
  /** `text/html; charset=utf-8` */
  contentType: string;
  body: Buffer;
  /** Quoted; changes with the body. */
  etag: string;
  /** Asked for again at each use unless told. */
  cacheControl?: string;
  headers?: { readonly [name: string]: string };
};
/** The file at an address such as `/` or `/library/main.js`; addresses of the API are never asked for. */
export type StaticFiles = (path: string) => StaticFile | undefined;

const api = /^\/(v1|graphql|openapi\.json)$/;

export function findStatic(files: StaticFiles | undefined, path: string): Answer | undefined {
  const file = path.startsWith('/v1/') || api.test(path) ? undefined : files?.(path);
  if (!file) return undefined;
  const { contentType, body, etag, cacheControl = revalidate, headers = {} } = file;
  return {
    status: 200,
    contentType,
    body,
    bytes: body.length,
    etag,
    cacheControl,
    headers: Object.entries(headers).flat(),
    packed: packedOf(file),
  };
}

const packed = new WeakMap<StaticFile, Answer['packed']>();

function packedOf(file: StaticFile): Answer['packed'] {
  const known = packed.get(file) ?? {};
  packed.set(file, known);
  return known;
}
