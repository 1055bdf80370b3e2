import { closeSync, fsyncSync, openSync } from 'node:fs';

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
