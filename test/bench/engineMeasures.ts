import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { forkEngine } from '../../src/engine/engineClient.ts';
import { openVault } from '../../src/vault/vault.ts';
import { noHost } from '../support/engineProcesses.ts';
import { randomFrom, vocabulary } from './corpus.ts';
import { dropFromCache } from './fileCache.ts';
import { makePrompt } from './makePrompt.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const modulePath = join(import.meta.dirname, '../../dist/engine.js');

async function forked(file: string) {
  let pid = 0;
  const log = (line: string) => {
    pid = Number(/^The engine process (\d+) started/.exec(line)?.[1] ?? pid);
  };
  const engine = await forkEngine({ modulePath, file, actor: 'bench', host: noHost, log });
  return { engine, pid: () => pid };
}

/** Milliseconds from the fork to what the Prompts view shows first. */
async function firstPage(file: string): Promise<number> {
  const begun = performance.now();
  const { engine } = await forked(file);
  await Promise.all([engine.groups({ by: 'folder' }), engine.list({ folder: '', direct: true, limit: 200 })]);
  const took = performance.now() - begun;
  await engine.close();
  return took;
}

/** Resident memory of a process in MB; null where the system does not say it in /proc. */
function residentMb(pid: number): number | null {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb ? Math.round(Number(kb) / 1024) : null;
  } catch {
    return null;
  }
}

/** What a bare Node process of the same kind takes to start and answer. */
async function bareFork(folder: string): Promise<number> {
  const script = join(folder, 'bare.mjs');
  writeFileSync(script, `process.on('message', () => process.send('here')); `);
  const begun = performance.now();
  const child = fork(script);
  child.send('hello');
  await new Promise((resolve) => child.once('message', resolve));
  const took = performance.now() - begun;
  child.kill();
  return took;
}

/** The built engine process: from fork to the first page, calls through its RPC, its memory. */
export async function engineMeasures(file: string, size: number): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const starts: number[] = [];
  const coldStarts: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    bare.push(await bareFork(folder));
    starts.push(await firstPage(file));
  }
  for (let i = 0; i < 5 && dropFromCache(file); i += 1) coldStarts.push(await firstPage(file));
  const { engine, pid } = await forked(file);
  const random = randomFrom(size + 99);
  const atFirst = residentMb(pid());
  const released = Array.from({ length: 3000 }, () => makePrompt(Math.floor(random() * size), size))
    .filter(({ versions }) => versions.some(({ stage }) => stage === 'PRD'))
    .map(({ path }) => path);
  const fetched = async () => {
    const calls: number[] = [];
    for (const ref of released) {
      const begun = performance.now();
      await engine.get({ ref });
      calls.push(performance.now() - begun);
    }
    return timesOf(calls);
  };
  const [cold, called] = [await fetched(), await fetched()];
  for (let i = 0; i < 40; i += 1) {
    await engine.list({ folder: makePrompt(Math.floor(random() * size), size).folder });
    await engine.list({ search: vocabulary[i * 10], limit: 50 });
  }
  const afterWork = residentMb(pid());
  await engine.close();
  rmSync(folder, { recursive: true });

  const started = timesOf(starts);
  return [
    {
      what: 'fork of the engine to the first page (raw: fork of an empty Node process)',
      size,
      ours: started,
      raw: timesOf(bare),
      ratio: started.medianMs / timesOf(bare).medianMs,
      cold: coldStarts.length > 0 ? { ours: timesOf(coldStarts) } : undefined,
      goals: [atMost('median ms', started.medianMs, 300)],
      note: `engine memory ${atFirst} MB after opening, ${afterWork} MB after ${cold.n + called.n} fetches, 40 pages and 40 searches`,
    },
    {
      what: 'fetch of the PRD version through the engine (RPC)',
      size,
      ours: called,
      cold: { ours: cold },
      goals: [atMost('p99 ms', called.p99Ms, 2)],
    },
  ];
}

/** An import in the engine process: how free this process, which stands for the extension host, stays meanwhile. */
export async function importFreedom(count = 10_000): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const file = join(folder, '.promptvault', 'vault.db');
  openVault(file, { actor: 'bench', mode: 'create' }).close();
  const source = join(folder, 'prompts.json');
  const rows = Array.from({ length: count }, (_, i) => {
    const { path, title, tags, versions } = makePrompt(i, count);
    return { path, title, tags, messages: JSON.parse(versions[0]!.messages) };
  });
  writeFileSync(source, JSON.stringify(rows));
  const { engine } = await forked(file);
  let told = 0;
  engine.onDidImport(() => {
    told += 1;
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const report = await engine.importPrompts({ sources: [source] });
  const tookMs = performance.now() - begun;
  delay.disable();
  await engine.close();
  rmSync(folder, { recursive: true });
  const ms = (nanoseconds: number) => nanoseconds / 1e6;
  const p99 = ms(delay.percentile(99));
  return {
    what: `event-loop delay of the extension host's part during an import of ${count} prompts`,
    size: null,
    ours: {
      n: delay.count,
      medianMs: ms(delay.percentile(50)),
      p95Ms: ms(delay.percentile(95)),
      p99Ms: p99,
      maxMs: ms(delay.max),
    },
    goals: [atMost('p99 ms', p99, 20)],
    note: `${report.created.length} prompts in ${(tookMs / 1000).toFixed(1)} s through the RPC, progress told ${told} times`,
  };
}
