import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { VaultError } from '../shared/errors.ts';
import { refusal } from './problem.ts';

/** Bytes of a body at most. */
export const largestBody = 1024 * 1024;

/** The query of an address as an object that has passed its schema; without one there may be none. */
export function readQuery(target: string, schema: z.ZodType | undefined): unknown {
  const at = target.indexOf('?');
  const fields = new URLSearchParams(at < 0 ? '' : target.slice(at + 1));
  const query = Object.create(null) as Record<string, string>;
  for (const [name, value] of fields) {
    if (name in query) throw new VaultError('INVALID_INPUT', `${name} is given twice`, { field: name });
    query[name] = value;
  }
  return parseWith(schema ?? z.strictObject({}), { ...query }, 'query');
}

/** A JSON body. 415 when it is not called JSON, which no HTML form can; 413 when it is too large. */
export async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const [type = ''] = (incoming.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw refusal(415, 'NOT_JSON', 'The body must be JSON', { detail: 'Send content-type: application/json' });
  }
  if (incoming.headers['content-encoding'] !== undefined) {
    throw refusal(415, 'NOT_JSON', 'The body must not be compressed');
  }
  const text = decode(await readBytes(incoming));
  try {
    return JSON.parse(text, refusePrototypes);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw refusal(400, 'BAD_REQUEST', 'The body is not JSON');
  }
}

function refusePrototypes(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value;
  throw new VaultError('INVALID_INPUT', 'The body holds the key __proto__', { field: key });
}

async function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    refusal(413, 'TOO_LARGE', `The body is larger than ${largestBody} bytes`, { headers: { connection: 'close' } });
  if (Number(incoming.headers['content-length'] ?? 0) > largestBody) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBody) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(400, 'BAD_REQUEST', 'The body is not UTF-8');
  }
}

/** INVALID_INPUT with the first place that does not fit; never with the value that stands there. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, what: 'query' | 'body'): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join(
    '.',
  );
  const why = issue?.code === 'unrecognized_keys' ? 'is not known here' : (issue?.message ?? 'does not fit');
  throw new VaultError('INVALID_INPUT', `${field || what}: ${why}`, { field: field || what });
}
