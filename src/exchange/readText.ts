import { type FileHandle, open } from 'node:fs/promises';
import { VaultError } from '../shared/errors.ts';

export type FileText = { text: string; hadByteOrderMark: boolean };

/** A file that is not what it must be. `reason` alone is for lists that already name the file. */
export function badFile(file: string, reason: string, line?: number): VaultError {
  const place = line === undefined ? file : `${file}, line ${line}`;
  return new VaultError('BAD_FILE', `${place}: ${reason}`, { file, reason, ...(line === undefined ? {} : { line }) });
}

/**
 * A file's text, every byte kept but a UTF-8 byte order mark, which is a mark of the encoding and no content.
 * Fails with BAD_FILE for other encodings and for more than `maxBytes`, with FILE_NOT_FOUND when there is none.
 */
export async function readText(file: string, shown: string, maxBytes: number): Promise<FileText> {
  const bytes = await readBytes(file, shown, maxBytes);
  return decode(bytes, shown);
}

async function readBytes(file: string, shown: string, maxBytes: number): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > maxBytes) throw badFile(shown, `larger than ${Math.floor(maxBytes / 1024 / 1024)} MB; split it`);
    return await handle.readFile();
  } catch (error) {
    throw fileError(error, shown);
  } finally {
    await handle?.close();
  }
}

/** An operating system's error as ours. */
export function fileError(error: unknown, shown: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VaultError('FILE_NOT_FOUND', `There is no ${shown}: check the name`, { file: shown }, error);
  }
  if (code === 'EACCES' || code === 'EPERM') return badFile(shown, 'you may not read it; check its permissions');
  return error;
}

function decode(bytes: Buffer, shown: string): FileText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw badFile(shown, 'encoded as UTF-16; save it as UTF-8');
  }
  if (bytes.includes(0)) throw badFile(shown, 'holds NUL bytes, so it is no UTF-8 text file; save it as UTF-8');
  const hadByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(hadByteOrderMark ? bytes.subarray(3) : bytes), hadByteOrderMark };
  } catch {
    throw badFile(shown, 'not UTF-8 (perhaps Latin-1 or Windows-1252); save it as UTF-8', firstBadLine(bytes));
  }
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
    line += 1;
  }
  return line;
}
