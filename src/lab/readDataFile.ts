import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';

const yamlLimit = 1_000_000;

/** A file that is not what it should be: BAD_FILE with the file, the line where it is known, and what to do. */
export function badFile(file: string, reason: string, line?: number): VaultError {
  const place = line === undefined ? file : `${file}, line ${line}`;
  return new VaultError('BAD_FILE', `${place}: ${reason}`, { file, reason, ...(line === undefined ? {} : { line }) });
}

/** The text of a UTF-8 file without its byte order mark. FILE_NOT_FOUND or BAD_FILE. */
export async function readDataText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw badFile(file, 'it is UTF-16. Save it as UTF-8 (in Excel: "CSV UTF-8")');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw badFile(file, 'it is not a text file');
    return text;
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw badFile(file, 'it is not UTF-8. Save it as UTF-8 (in Excel: "CSV UTF-8")', lineOfBadByte(bytes));
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'ENOENT') throw new VaultError('FILE_NOT_FOUND', `There is no file ${file}`, { file }, error);
    throw badFile(
      file,
      code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code ?? (error as Error).message})`,
    );
  }
}

/** Finds the first line that does not decode; a line feed is never part of a longer UTF-8 character. */
function lineOfBadByte(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}

/** One YAML document as JSON values: no tags of its own, no merge keys, few aliases, 1 MB at most. */
export function parseYaml(file: string, text: string): Json {
  if (text.length > yamlLimit) throw badFile(file, 'a YAML file may hold 1 MB. Use CSV or JSON for more');
  try {
    const document = parseDocument(text, { schema: 'core', merge: false, resolveKnownTags: false });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw badFile(file, problem.message.split('\n')[0] ?? problem.message, problem.linePos?.[0].line);
    return document.toJS({ maxAliasCount: 50 }) as Json;
  } catch (error) {
    throw error instanceof VaultError ? error : badFile(file, (error as Error).message);
  }
}

export function parseJsonText(file: string, text: string, line?: number): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw badFile(file, `it is not valid JSON: ${(error as Error).message}`, line);
  }
}
