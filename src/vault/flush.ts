import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Puts a file or folder on disk. Windows cannot flush folders, and does not need to. */
export function flush(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder that a power cut cannot take away again: each new one is flushed into the one that holds it. Step by step,
 * since Node's own way never ends where nothing can be made, such as below /proc.
 */
export function makeFolder(folder: string, options: { mode?: number } = {}): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const path of missing) {
    try {
      mkdirSync(path, options);
    } catch (error) {
      // Somebody else was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    flush(dirname(path));
  }
}
