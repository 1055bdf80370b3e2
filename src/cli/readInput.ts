import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { CliIo } from './verb.ts';

/** The text of --file, else of stdin, as it is. USAGE when there is neither, BAD_FILE when it is not UTF-8, INVALID_INPUT when empty. */
export async function readBody(io: CliIo, file: string | undefined): Promise<string> {
  if (file === undefined && io.stdin.isTTY) {
    throw new VaultError('USAGE', 'No text: name a file with --file, or send the text through stdin');
  }
  const name = file ?? 'stdin';
  const bytes = file === undefined ? await buffer(io.stdin) : await readBytes(resolve(io.cwd, file));
  const text = decode(bytes, name);
  if (text.trim() === '')
    throw new VaultError('INVALID_INPUT', `${name} is empty: a prompt needs a text`, { field: 'body' });
  return text;
}

/** Values of --vars and --var; the latter win. Undefined when none were given. */
export async function readValues(io: CliIo, given: { vars?: string; var?: string[] }): Promise<JsonObject | undefined> {
  if (given.vars === undefined && given.var === undefined) return undefined;
  const values: JsonObject = Object.create(null);
  if (given.vars !== undefined) Object.assign(values, await readObject(resolve(io.cwd, given.vars)));
  for (const pair of given.var ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) throw new VaultError('USAGE', `--var ${pair}: write it as name=value`, { field: 'var' });
    values[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { ...values };
}

async function readObject(file: string): Promise<JsonObject> {
  const text = decode(await readBytes(file), file);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw badFile(file, `is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badFile(file, 'must hold one JSON object: {"name": "value"}');
  }
  return value as JsonObject;
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new VaultError('FILE_NOT_FOUND', `There is no file ${file}`, { file }, error);
    }
    throw badFile(file, code === 'EISDIR' ? 'is a folder: name a file' : `cannot be read: ${message}`);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badFile(file, 'is not UTF-8: save it as UTF-8 and try again');
  }
}

const badFile = (file: string, reason: string) => new VaultError('BAD_FILE', `${file} ${reason}`, { file, reason });
