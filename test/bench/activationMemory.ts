import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { benchVault } from './makeVault.ts';
import { timesOf } from './timing.ts';

const prompts = 1000;
const starts = 3;
const tree = '#workbench\\.view\\.extension\\.promptvault .monaco-list-row';

/** Bytes after garbage collection; `loaded` are the files of our `dist` in the host; `firstUse` the ms of a command then. */
type HostMemory = { rss: number; heapUsed: number; loaded: string[]; firstUse: number };
type Case = {
  name: string;
  /** Of the extension under development; the probe's own instead of ours with false. */
  ours: boolean;
  vault: boolean;
  show: boolean;
};
export type MemoryStart = (options: {
  ours: boolean;
  probe: { PROBE_MEMORY: true; PROBE_SHOW: boolean };
  prepare(workspace: string): void;
  meanwhile(page: Page): Promise<unknown>;
}) => Promise<string>;

const lazy: Case = { name: 'idle in a folder without a vault', ours: true, vault: false, show: false };
const cases: Case[] = [
  { name: 'without the extension', ours: false, vault: true, show: false },
  lazy,
  { name: 'idle beside a vault of 1k prompts', ours: true, vault: true, show: false },
  { name: 'with the tree of 1k prompts open', ours: true, vault: true, show: true },
];

/**
 * Memory of the extension host as a sentence: RSS and heap, medians of some starts, beside those of the host without us. And
 * what activation leaves for later: the time of the first command, which loads the features.
 */
export async function hostMemory(start: MemoryStart): Promise<string> {
  const vault = benchVault(prompts, () => undefined);
  const found = new Map<string, HostMemory[]>(cases.map(({ name }) => [name, []]));
  for (let i = 0; i < starts; i += 1) {
    for (const one of cases) found.get(one.name)!.push(await measure(one, start, vault));
  }
  const parts = cases.map(({ name }) => {
    const of = (key: 'rss' | 'heapUsed') => median(found.get(name)!.map((memory) => memory[key] / 1e6));
    return `${name} ${of('rss').toFixed(0)} MB RSS, ${of('heapUsed').toFixed(1)} MB heap`;
  });
  const firstUse = median(found.get(lazy.name)!.map((memory) => memory.firstUse));
  return `memory of the extension host, medians of ${starts} starts: ${parts.join('; ')}; the first command without a vault, which loads the features: ${firstUse.toFixed(0)} ms`;
}

async function measure({ name, ours, vault, show }: Case, start: MemoryStart, file: string): Promise<HostMemory> {
  const text = await start({
    ours,
    probe: { PROBE_MEMORY: true, PROBE_SHOW: show },
    prepare(workspace) {
      if (!vault) return;
      mkdirSync(join(workspace, '.promptvault'));
      cpSync(file, join(workspace, '.promptvault/vault.db'));
    },
    meanwhile: async (page) => show && page.locator(tree).nth(2).waitFor({ timeout: 30_000 }),
  });
  const memory = JSON.parse(text) as HostMemory;
  const wanted = ours ? ['extension.js', ...(vault ? ['features.js'] : [])] : [];
  if (memory.loaded.toSorted().join() !== wanted.join()) throw new Error(`${name}: loaded ${memory.loaded.join()}`);
  return memory;
}

const median = (values: number[]) => timesOf(values).medianMs;
