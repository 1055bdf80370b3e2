import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

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

/** Makes a folder that a power cut cannot take away again: each new one is flushed into the one that holds it. */
export function makeFolder(folder: string, options: { mode?: number } = {}): void {
  const first = mkdirSync(folder, { ...options, recursive: true });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    flush(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
}
