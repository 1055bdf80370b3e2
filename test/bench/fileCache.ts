import { execFileSync } from 'node:child_process';

/** Drops a file from the system's cache, so that reading it goes to the disk; false where that cannot be asked for. */
export function dropFromCache(file: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // Only what is on disk already can be dropped.
    execFileSync('sync', [file]);
    execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
