import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openVault } from '../../src/vault/vault.ts';
import { launchBrowser } from '../support/browser.ts';
import { runInExtensionHost, writeSettings } from '../support/vscodeHost.ts';
import { startServer, type VsCodeServer } from '../support/vscodeServer.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const ours = 'promptvault.promptvault';
const git = 'vscode.git';
const starts = 6;
const limits = { quiet: 0.25, startup: 0.6 } as const;
type Mode = keyof typeof limits;

/**
 * Load + call of our activation beside VS Code's git extension in the same start, from VS Code's own performance page.
 * `startup`: a folder with a vault, activated while the window starts. `quiet`: activated alone, seven seconds later.
 */
export async function activationMeasures(): Promise<Measure[]> {
  const home = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const state = join(home, 'state');
  await writeSettings({ state }, {});
  const [server, browser] = await Promise.all([startServer({ state }), launchBrowser()]);
  try {
    const measures: Measure[] = [];
    for (const mode of ['quiet', 'startup'] as const) measures.push(await measure(mode, { home, server, browser }));
    return measures;
  } finally {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(mode: Mode, place: { home: string; server: VsCodeServer; browser: Browser }): Promise<Measure> {
  const times = { ours: [] as number[], git: [] as number[] };
  for (let i = 0; i < starts; i += 1) {
    // A window that does not come up on a busy machine says nothing about activation.
    const found = await oneStart(mode, place).catch(() => oneStart(mode, place));
    // The first start fills VS Code's caches.
    if (i === 0) continue;
    times.ours.push(found.ours);
    times.git.push(found.git);
  }
  const ratio = timesOf(times.ours).medianMs / timesOf(times.git).medianMs;
  return {
    what: `activation of the extension, ${mode} (raw: VS Code's git extension in the same start)`,
    size: null,
    ours: timesOf(times.ours),
    raw: timesOf(times.git),
    ratio,
    goals: [atMost('ours / git', ratio, limits[mode])],
  };
}

async function oneStart(
  mode: Mode,
  { home, server, browser }: { home: string; server: VsCodeServer; browser: Browser },
) {
  const folder = mkdtempSync(join(home, 'start-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  if (mode === 'startup') {
    openVault(join(workspace, '.promptvault/vault.db'), { actor: 'bench', mode: 'create' }).close();
  }
  const tests = join(folder, 'run.js');
  const out = join(folder, 'page.txt');
  cpSync(join(import.meta.dirname, 'activationProbe.cjs'), tests);
  writeFileSync(join(folder, 'probe.json'), JSON.stringify({ PROBE_OUT: out, PROBE_QUIET: mode === 'quiet' }));
  const page = await (await browser.newContext()).newPage();
  try {
    await runInExtensionHost({ page, server, folder: workspace, tests, timeoutMs: 60_000 });
  } finally {
    await page.context().close();
  }
  const text = readFileSync(out, 'utf8');
  return { ours: loadAndCall(text, ours), git: loadAndCall(text, git) };
}

/** `| Extension | Eager | Load Code | Call Activate | Finish | …` of the performance page, in ms. */
function loadAndCall(page: string, id: string): number {
  const row = page.split('\n').find((line) => line.startsWith(`| ${id} `));
  const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
  const [load, call] = [Number(cells[3]), Number(cells[4])];
  if (!Number.isFinite(load) || !Number.isFinite(call)) throw new Error(`No activation times of ${id} in:\n${page}`);
  return load + call;
}
