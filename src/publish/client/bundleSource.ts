import maxSatisfying from 'semver/ranges/max-satisfying.js';
import type { PromptBundle } from '../bundleTypes.ts';
import { ClientError } from './clientTypes.ts';
import { nodeModule } from './platform.ts';
import { type Asked, type NamedSource, refOf } from './served.ts';

/** What `promptvault bundle` wrote, in memory or as a file. A file is read again when it has changed. */
export function bundleSource({ bundle }: { bundle: object | string }): NamedSource {
  const isFile = typeof bundle === 'string' || bundle instanceof URL;
  if (!isFile && (typeof bundle !== 'object' || bundle === null))
    throw new ClientError('INVALID_INPUT', 'source.bundle must be a bundle or the name of its file', {
      field: 'source',
    });
  const read = isFile ? fileReader(bundle) : async () => checkBundle(bundle, 'source.bundle');
  return {
    name: isFile ? `bundle ${bundle}` : 'bundle',
    async ask(asked) {
      return { body: find(await read(), asked), etag: null };
    },
  };
}

function find({ prompts }: PromptBundle, asked: Asked): unknown {
  const prompt = Object.hasOwn(prompts, asked.path) ? prompts[asked.path] : undefined;
  const version = prompt && select(prompt, asked);
  if (prompt && version && Object.hasOwn(prompt.versions, version)) return prompt.versions[version];
  throw new ClientError('NOT_FOUND', `The bundle has nothing released for ${refOf(asked)}`, { path: asked.path });
}

function select({ prd, versions }: PromptBundle['prompts'][string], { version, range }: Asked): string | null {
  if (range === null) return version ?? prd;
  const best = maxSatisfying(
    Object.keys(versions).map((name) => `${name}.0`),
    range,
  );
  return best === null ? null : best.replace(/\.0$/, '');
}

function checkBundle(value: unknown, name: string): PromptBundle {
  const { promptvaultBundle, prompts } = (value ?? {}) as Partial<PromptBundle>;
  if (promptvaultBundle === 1 && typeof prompts === 'object' && prompts !== null) return value as PromptBundle;
  throw new ClientError('BAD_ANSWER', `${name} is not what "promptvault bundle" writes, or a newer form of it`);
}

/** Reads once for all who ask meanwhile. */
function fileReader(file: string | URL): () => Promise<PromptBundle> {
  let last: { stamp: string; bundle: PromptBundle } | undefined;
  let reading: Promise<PromptBundle> | undefined;
  async function read(): Promise<PromptBundle> {
    const { readFile, stat } = nodeModule('node:fs/promises', 'A bundle in a file');
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (last?.stamp !== stamp)
        last = { stamp, bundle: checkBundle(JSON.parse(await readFile(file, 'utf8')), String(file)) };
      return last.bundle;
    } catch (error) {
      if (error instanceof ClientError) throw error;
      if (error instanceof SyntaxError) throw new ClientError('BAD_ANSWER', `${file} is not JSON`, {}, error);
      throw new ClientError('UNREACHABLE', `${file} cannot be read: ${(error as Error).message}`, {}, error);
    }
  }
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
