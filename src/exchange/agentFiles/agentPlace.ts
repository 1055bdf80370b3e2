import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VaultError } from '../../shared/errors.ts';

/** Larger than any file of ours. */
const largest = 4 * 1024 * 1024;

const statOf = (file: string): Stats | undefined => lstatSync(file, { throwIfNoEntry: false });

/**
 * Files below a workspace, by names of ours. No part of a name below the workspace may be a link: what is written or removed
 * lies where the name says. BAD_FILE for anything else in the way.
 */
export function agentPlace(root: string, file: string) {
  const parts = file.split('/');
  const target = join(root, ...parts);
  const folders = parts.slice(0, -1).map((_, index) => join(root, ...parts.slice(0, index + 1)));

  const blocked = (where: string, reason: string) =>
    new VaultError('BAD_FILE', `${where} ${reason}`, { file: where, reason });
  /** What is there, when it is a file that lies where its name says. */
  function find(): Stats | undefined {
    for (const folder of folders) {
      const stat = statOf(folder);
      if (!stat) return undefined;
      if (!stat.isDirectory()) throw blocked(folder, 'is a link or no folder');
    }
    const stat = statOf(target);
    if (stat && !stat.isFile()) throw blocked(target, 'is a link or no file');
    return stat;
  }
  return {
    /** Undefined when there is none, '' when it is too large to be one of ours. */
    read(): string | undefined {
      const stat = find();
      if (!stat) return undefined;
      return stat.size > largest ? '' : readFileSync(target, 'utf8');
    },
    /** A new file is never put over one that came meanwhile; one that is replaced is whole at every moment. */
    write(text: string): void {
      const there = find();
      for (const folder of folders) if (!statOf(folder)) mkdirSync(folder);
      if (!there) {
        writeFileSync(target, text, { flag: 'wx' });
        return;
      }
      const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
      writeFileSync(draft, text, { flag: 'wx', mode: there.mode & 0o777 });
      try {
        renameSync(draft, target);
      } catch (error) {
        unlinkSync(draft);
        throw error;
      }
    },
    /** Folders that are empty then go too, but for the first two: `.claude/skills`. */
    remove(): void {
      if (!find()) return;
      unlinkSync(target);
      for (const folder of folders.slice(2).reverse()) {
        try {
          rmdirSync(folder);
        } catch {
          return;
        }
      }
    },
  };
}
