import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { openWorkbench, writeSettings } from '../support/vscodeHost.ts';
import { startServer } from '../support/vscodeServer.ts';
import { webviewFrame } from '../support/workbench.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const rounds = 12;
const here = join(import.meta.dirname, 'gridPanel');

/** The Lab's grid in a webview of the real VS Code, beside one plain table drawn anew. */
export async function gridMeasures(): Promise<Measure[]> {
  const home = mkdtempSync(join(tmpdir(), 'promptvault-grid-'));
  const [state, development, workspace] = [join(home, 'state'), join(home, 'extension'), join(home, 'workspace')];
  mkdirSync(workspace, { recursive: true });
  await buildPanel(development);
  await writeSettings({ state }, {});
  const [server, browser] = await Promise.all([startServer({ state }), launchBrowser()]);
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await openWorkbench({ page, server, folder: workspace, development });
    const frame = await webviewFrame(page, 'Grid');
    await frame.waitForFunction(() => typeof window.paint === 'function');
    return [
      await paintMeasure(frame, { cells: 60, limit: 25 }),
      await paintMeasure(frame, { cells: 3000, limit: 40 }),
      await streamMeasure(frame),
    ];
  } finally {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function buildPanel(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, 'package.json'), join(folder, 'package.json'));
  const codicons = join(import.meta.dirname, '../../node_modules/@vscode/codicons/dist');
  for (const file of ['codicon.css', 'codicon.ttf']) cpSync(join(codicons, file), join(folder, file));
  const common = {
    bundle: true,
    minify: true,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  } as const;
  await build({
    ...{ ...common, entryPoints: [join(here, 'gridExtension.ts')], outfile: join(folder, 'extension.js') },
    ...{ platform: 'node', format: 'cjs', external: ['vscode'] },
  });
  await build({
    ...common,
    entryPoints: [join(here, 'gridPage.ts')],
    outfile: join(folder, 'page.js'),
    format: 'iife',
  });
}

/** In turn the one and the other, the first of each left out. */
async function paintMeasure(frame: Frame, { cells, limit }: { cells: number; limit: number }): Promise<Measure> {
  const times = { packed: [] as number[], whole: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const how of ['packed', 'whole'] as const) {
      const ms = await frame.evaluate(([name, count]) => window.paint(name, count), [how, cells] as const);
      if (round > 0) times[how].push(ms);
    }
  }
  const [ours, raw] = [timesOf(times.packed), timesOf(times.whole)];
  return {
    what: `${cells} cells posted by the extension → painted in a webview (raw: all cells into one plain table)`,
    ...{ size: null, ours, raw, ratio: ours.medianMs / raw.medianMs },
    goals: [atMost('median ms', ours.medianMs, limit)],
  };
}

async function streamMeasure(frame: Frame): Promise<Measure> {
  const grid = await frame.evaluate(() => window.streamFrames('grid'));
  await frame.waitForTimeout(2500);
  const table = await frame.evaluate(() => window.streamFrames('table'));
  const gap = (perSecond: number, p95Ms: number) => ({ ...timesOf([1000 / perSecond]), p95Ms });
  const [ours, raw] = [gap(grid.perSecond, grid.p95Ms), gap(table.perSecond, table.p95Ms)];
  return {
    what: 'a frame while 60 cells stream inside 3,000 in a webview, mean for median (raw: the plain table drawn anew with each news)',
    ...{ size: null, ours, raw, ratio: ours.medianMs / raw.medianMs },
    goals: [
      { text: 'frames per second ≥ 58', actual: grid.perSecond, met: grid.perSecond >= 58 },
      atMost('p95 ms', grid.p95Ms, 20),
    ],
    note: `${grid.perSecond.toFixed(1)} frames per second, the plain table ${table.perSecond.toFixed(1)}`,
  };
}
