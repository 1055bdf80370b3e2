import { setImmediate } from 'node:timers/promises';
import { codeOf, VaultError } from '../shared/errors.ts';
import type { Database } from '../vault/database.ts';
import { parsePath } from '../vault/paths.ts';
import type { VaultApi } from '../vault/types.ts';
import { assignPaths, type PlacedPrompt } from './assignPaths.ts';
import { readSourceFile } from './formatRegistry.ts';
import { tagList } from './promptFields.ts';
import { findSourceFiles } from './sourceFiles.ts';
import { emptyResult, type FormatResult } from './sourcePrompt.ts';
import { type StoreOutcome, storePrompt } from './storePrompt.ts';
import { type ImportReport, type ImportRequest, importFormats } from './types.ts';

export type ImportOptions = {
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Called with the number of prompts before anything is written; what it throws stops the import. */
  beforeWrite?: (prompts: number) => void;
  signal?: AbortSignal;
};

type ImportDatabase = Pick<Database, 'write' | 'writeUnlogged'>;
export type ImportVault = VaultApi & { database: ImportDatabase };

/** Prompts per commit: a commit waits for the disk, and while it is open nobody else can write. */
const batchSize = 32;

// What one prompt may do wrong without being a reason to stop the others.
const skippable = new Set(['INVALID_PATH', 'INVALID_INPUT', 'EXISTS', 'CONFLICT', 'RULE', 'VARIABLES']);

/**
 * Takes prompts in from files. Everything is read before anything is written: a named source that is missing or not
 * what it says (FILE_NOT_FOUND, BAD_FILE) changes nothing. What is merely met in a folder and cannot be taken is listed
 * with the reason. Each prompt is written wholly or not at all, so a cancelled import (CANCELLED) is finished by doing it again.
 */
export async function importPrompts(
  vault: ImportVault,
  request: ImportRequest,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const folder = checkedFolder(request.folder);
  const read = await readSources(request, options.signal);
  const { placed, skipped } = assignPaths(read.prompts, folder);
  const report: ImportReport = {
    created: [],
    updated: [],
    unchanged: [],
    skipped: [...read.skipped, ...skipped],
    notes: read.notes,
  };
  const tags = (request.tags ?? []).flatMap(tagList);
  const write = request.dryRun ? undefined : vault.database;
  if (write) options.beforeWrite?.(placed.length);
  for (let done = 0; done < placed.length; done += batchSize) {
    throwIfAborted(options.signal);
    const batch = placed
      .slice(done, done + batchSize)
      .map((prompt) => ({ ...prompt, tags: [...prompt.tags, ...tags] }));
    const store = () => batch.map((prompt) => storeOrSkip(vault, prompt, write));
    const outcomes = write ? write.writeUnlogged(store) : store();
    for (const [index, outcome] of outcomes.entries()) {
      if (typeof outcome === 'string') report[outcome].push(batch[index]!.path);
      else report.skipped.push(outcome);
    }
    options.onProgress?.({ done: done + batch.length, total: placed.length });
    // The vault is synchronous: without a pause nobody could cancel, and progress would arrive all at once.
    await setImmediate();
  }
  return report;
}

async function readSources(request: ImportRequest, signal?: AbortSignal): Promise<FormatResult> {
  const format = request.format ?? 'auto';
  if (!importFormats.includes(format)) {
    throw new VaultError('USAGE', `No format "${format}": use ${importFormats.join(', ')}`, { field: 'format' });
  }
  if (request.sources.length === 0) throw new VaultError('USAGE', 'Name a file or folder to import', {});
  const all = emptyResult();
  const found = await Promise.all(request.sources.map((source) => findSourceFiles(source, format)));
  for (const { files, skipped } of found) {
    all.skipped.push(...skipped);
    for (const file of files) {
      throwIfAborted(signal);
      try {
        append(all, await readSourceFile(file));
      } catch (error) {
        if (file.named || codeOf(error) !== 'BAD_FILE') throw error;
        const { reason, line } = (error as VaultError).details;
        const source = line === undefined ? file.shown : `${file.shown}:${line}`;
        all.skipped.push({ source, reason: String(reason) });
      }
    }
  }
  return all;
}

function append(all: FormatResult, { prompts, skipped, notes }: FormatResult): void {
  for (const prompt of prompts) all.prompts.push(prompt);
  for (const one of skipped) all.skipped.push(one);
  for (const one of notes) all.notes.push(one);
}

/** Stores one prompt wholly or not at all: inside the batch it is a transaction of its own. */
function storeOrSkip(
  vault: VaultApi,
  prompt: PlacedPrompt,
  database: ImportDatabase | undefined,
): StoreOutcome | { source: string; reason: string } {
  try {
    if (!database) return storePrompt(vault, prompt, { write: false });
    return database.write(() => storePrompt(vault, prompt, { write: true }));
  } catch (error) {
    if (!skippable.has(codeOf(error))) throw error;
    return { source: prompt.source, reason: `${prompt.path}: ${(error as Error).message}` };
  }
}

function checkedFolder(folder = ''): string {
  const path = folder.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : parsePath(path).path;
}

function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
}
