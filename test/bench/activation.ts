import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openVault } from '../../src/vault/vault.ts';
import { launchBrowser } from '../support/browser.ts';
import { runInExtensionHost, writeSettings } from '../support/vscodeHost.ts';
import { startServer, type VsCodeServer } from '../support/vscodeServer.ts';
import { hostMemory } from './activationMemory.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const ours = 'promptvault.promptvault';
const git = 'vscode.git';
const starts = 6;
const limits = { quiet: 0.25, startup: 0.6 } as const;
type Mode = keyof typeof limits;
type Place = { home: string; server: VsCodeServer; browser: Browser };
type Start = {
  ours?: boolean;
  /** What the probe in the extension host does. */
  probe: object;
  prepare(workspace: string): void;
  meanwhile?(page: Page): Promise<unknown>;
};

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
    const place = { home, server, browser };
    for (const mode of ['quiet', 'startup'] as const) measures.push(await measure(mode, place));
    const note = await hostMemory((options) => oneStart(options, place));
    return measures.map((one) => ({ ...one, note }));
  } finally {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(mode: Mode, place: Place): Promise<Measure> {
  const times = { ours: [] as number[], git: [] as number[] };
  const start: Start = {
    probe: { PROBE_QUIET: mode === 'quiet' },
    prepare(workspace) {
      if (mode === 'startup')
        openVault(join(workspace, '.promptvault/vault.db'), { actor: 'bench', mode: 'create' }).close();
    },
  };
  for (let i = 0; i < starts; i += 1) {
    const page = await oneStart(start, place);
    // The first start fills VS Code's caches.
    if (i === 0) continue;
    times.ours.push(loadAndCall(page, ours));
    times.git.push(loadAndCall(page, git));
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

/** A window that does not come up on a busy machine says nothing: it gets a second try. */
async function oneStart(start: Start, place: Place): Promise<string> {
  return tryStart(start, place).catch(() => tryStart(start, place));
}

/** What the probe found, in a fresh window on a fresh folder. */
async function tryStart({ ours = true, probe, prepare, meanwhile }: Start, { home, server, browser }: Place) {
  const folder = mkdtempSync(join(home, 'start-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  prepare(workspace);
  const tests = join(folder, 'run.js');
  const out = join(folder, 'found.txt');
  cpSync(join(import.meta.dirname, 'activationProbe.cjs'), tests);
  writeFileSync(join(folder, 'probe.json'), JSON.stringify({ PROBE_OUT: out, ...probe }));
  // VS Code runs a probe beside an extension under development only.
  const carrier = { name: 'carrier', publisher: 'bench', version: '0.0.1', engines: { vscode: '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(carrier));
  const page = await (await browser.newContext()).newPage();
  const development = ours ? undefined : folder;
  try {
    const running = runInExtensionHost({ page, server, folder: workspace, development, tests, timeoutMs: 60_000 });
    await Promise.all([running, meanwhile?.(page)]);
  } finally {
    await page.context().close();
  }
  return readFileSync(out, 'utf8');
}

/** `| Extension | Eager | Load Code | Call Activate | Finish | …` of the performance page, in ms. */
function loadAndCall(page: string, id: string): number {
  const row = page.split('\n').find((line) => line.startsWith(`| ${id} `));
  const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
  const [load, call] = [Number(cells[3]), Number(cells[4])];
  if (!Number.isFinite(load) || !Number.isFinite(call)) throw new Error(`No activation times of ${id} in:\n${page}`);
  return load + call;
}
