import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';

/**
 * A file as the vault names it: relative to the vault's project with forward slashes, so that a run keeps its cases when
 * the project moves or is cloned, and tells nothing of the machine it ran on. A file elsewhere keeps its whole name.
 */
export function portableName(vaultFile: string, file: string): string {
  const inside = dirname(real(vaultFile));
  const project = basename(inside) === '.promptvault' ? dirname(inside) : inside;
  const short = relative(project, real(resolve(file)));
  return short.startsWith('..') || isAbsolute(short) ? file : short.replaceAll('\\', '/');
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
