import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { languageOfFile } from '../../code/languageOfFile.ts';
import { VaultError } from '../../shared/errors.ts';

const run = promisify(execFile);
const mostBytes = 1_000_000;
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', 'venv', '__pycache__']);

/** A file in a language in which references are found; `text` is null when it is too large, or no text. */
export type SourceFile = { file: string; language: string; text: string | null };

/**
 * The source files of folders and files, each once, in order. In a git repository those that git knows or would take in, else
 * all but what tools put there. Links are not followed. FILE_NOT_FOUND for a folder that is not there.
 */
export async function* sourceFiles(
  places: readonly string[],
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  const seen = new Set<string>();
  for (const place of places) {
    for await (const file of filesIn(resolve(cwd, place), signal)) {
      signal.throwIfAborted();
      const language = languageOfFile(file);
      if (!language || seen.has(file)) continue;
      seen.add(file);
      const text = await readText(file);
      if (text !== undefined) yield { file, language, text };
    }
  }
}

async function* filesIn(place: string, signal: AbortSignal): AsyncGenerator<string> {
  const found = await lstat(place).catch((error: unknown) => {
    throw new VaultError('FILE_NOT_FOUND', `There is no folder ${place}`, { file: place }, error);
  });
  if (!found.isDirectory()) {
    yield place;
    return;
  }
  const known = await gitFiles(place, signal);
  // A folder that git ignores was named by a person all the same.
  if (known.length === 0) yield* walk(place);
  for (const name of known) if (!name.split('/').some((part) => skipped.has(part))) yield join(place, name);
}

/** Paths relative to the folder; none outside of a repository. */
async function gitFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  // A repository's own settings must not start a program here.
  const words = [
    '-c',
    'core.fsmonitor=false',
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--',
    '.',
  ];
  try {
    const { stdout } = await run('git', words, { cwd: folder, maxBuffer: 1 << 29, signal });
    return [...new Set(stdout.split('\0'))].filter(Boolean).sort();
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

async function* walk(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* walk(join(folder, entry.name));
    } else if (entry.isFile()) yield join(folder, entry.name);
  }
}

/** Undefined for what is no file, or is gone. */
async function readText(file: string): Promise<string | null | undefined> {
  try {
    const found = await lstat(file);
    if (!found.isFile()) return undefined;
    if (found.size > mostBytes) return null;
    const bytes = await readFile(file);
    return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
