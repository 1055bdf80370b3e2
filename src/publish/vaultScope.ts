import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve, sep } from 'node:path';

/** Whether a vault's file is one of those named: a file, a folder above it, or `*`. Names are absolute or begin with `~/`. */
export function isForVault(vaults: readonly string[], file: string): boolean {
  const own = realOf(file);
  return vaults.some((name) => {
    if (name === '*') return true;
    const path = name.startsWith('~/') || name.startsWith('~\\') ? join(homedir(), name.slice(2)) : name;
    if (!isAbsolute(path)) return false;
    const named = realOf(path);
    return own === named || own.startsWith(named.endsWith(sep) ? named : named + sep);
  });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
