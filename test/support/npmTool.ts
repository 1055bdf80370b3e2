import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const repository = join(import.meta.dirname, '../..');
/** Everything fetched or written by the tests that outlives one run; not in git. */
export const cacheDir = join(repository, '.vscode-test');

const run = promisify(execFile);

/**
 * A program that comes from npm but is no dependency of ours. `inner` are packages inside it that need an install of
 * their own; `prepare` gets the folder before it moves to its place, and that place. A new `revision` installs anew.
 */
export type NpmTool = {
  name: string;
  packages: string[];
  revision: number;
  inner?: string[];
  prepare?: (folder: string, place: string) => Promise<void>;
};

/** Installs once into the cache, without running install scripts; answers the folder that holds `node_modules`. */
export async function installTool({ name, packages, revision, inner = [], prepare }: NpmTool): Promise<string> {
  const folder = join(cacheDir, name);
  const wanted = `${packages.join(' ')} ${revision}`;
  if ((await readStamp(folder)) === wanted) return folder;
  // Two test runs may install at the same time: each makes its own and the first one's stays.
  console.error(`Fetching ${packages.join(' ')} from npm (once)`);
  const fresh = `${folder}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, 'package.json'), '{"private":true}');
  await npm(fresh, ['install', '--ignore-scripts', ...packages]);
  for (const path of inner) await npm(join(fresh, 'node_modules', path), ['install', '--omit=dev', '--ignore-scripts']);
  await prepare?.(fresh, folder);
  await writeFile(join(fresh, 'stamp'), wanted);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder).catch(async (error: Error) => {
    await rm(fresh, { recursive: true, force: true });
    if ((await readStamp(folder)) !== wanted) throw error;
  });
  return folder;
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, 'stamp'), 'utf8').catch(() => undefined);
}

async function npm(cwd: string, args: string[]): Promise<void> {
  const options = { cwd, shell: process.platform === 'win32', maxBuffer: 64 << 20 };
  try {
    await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel', 'error'], options);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}. Check the network and try again.\n${stderr}`, {
      cause: error,
    });
  }
}
