import { ClientError } from './clientTypes.ts';
import { nodeModule, sha256 } from './platform.ts';
import { type Asked, checkServed, type Known, refOf } from './served.ts';

/** The last good answers of a source in a folder. Both fail with ClientError. */
export type Directory = {
  /** What was kept, checked again; undefined when there is nothing. */
  load(asked: Asked): Promise<Known | undefined>;
  save(asked: Asked, known: Known): Promise<void>;
};

type Kept = { promptvaultKept: 1; source: string; ref: string; etag: string | null; served: unknown };

/** One file for each prompt and selector, under the digest of its key, replaced in one step. */
export function openDirectory(folder: string, source: string): Directory {
  const fs = nodeModule('node:fs/promises', 'A directory');
  const { join } = nodeModule('node:path', 'A directory');
  const fileOf = async (asked: Asked) => join(folder, `${await sha256(`${source}\n${refOf(asked)}`)}.json`);

  return {
    async load(asked) {
      const file = await fileOf(asked);
      const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw failure(`${file} cannot be read`, error);
      });
      if (text === undefined) return undefined;
      const kept = parse(text, file);
      if (kept.promptvaultKept !== 1 || kept.source !== source || kept.ref !== refOf(asked))
        throw new ClientError('BAD_ANSWER', `${file} is not what this client kept`, { file });
      return { served: await checkServed(asked, kept.served), etag: sendableTag(kept.etag) };
    },
    async save(asked, { served, etag }) {
      const file = await fileOf(asked);
      const kept: Kept = { promptvaultKept: 1, source, ref: refOf(asked), etag, served };
      const temporary = `${file}.${crypto.randomUUID()}`;
      try {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
        await fs.writeFile(temporary, JSON.stringify(kept), { mode: 0o600, flush: true });
        await fs.rename(temporary, file);
      } catch (error) {
        await fs.rm(temporary, { force: true }).catch(() => undefined);
        throw failure(`${file} cannot be written`, error);
      }
    },
  };
}

/** What stands in a file may be anything; a header holds no line breaks. */
const sendableTag = (tag: unknown) => (typeof tag === 'string' && /^[\x20-\x7e]+$/.test(tag) ? tag : null);

function parse(text: string, file: string): Partial<Kept> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Kept>;
  } catch (error) {
    throw new ClientError('BAD_ANSWER', `${file} is not JSON`, { file }, error);
  }
}

function failure(message: string, error: unknown): ClientError {
  return new ClientError('UNREACHABLE', `${message}: ${(error as Error).message}`, {}, error);
}
