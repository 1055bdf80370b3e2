import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openVault } from '../../src/vault/vault.ts';
import { launchBrowser } from '../support/browser.ts';
import { openWorkbench, writeSettings } from '../support/vscodeHost.ts';
import { startServer, type VsCodeServer } from '../support/vscodeServer.ts';
import { openActivity, runCommand, sideBarView, treeRow } from '../support/workbench.ts';

import { benchVault } from './makeVault.ts';
import { type PaintTime, timeToPaint, watchPaints } from './panelPaint.ts';
import { longText, typingMeasures } from './panelTyping.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const prompts = 1000;
const paints = 20;

/** The editor panel in the real VS Code: how soon it shows a prompt, and what a key costs in a long one. */
export async function panelMeasures(log: (line: string) => void): Promise<Measure[]> {
  const home = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const state = join(home, 'state');
  await writeSettings({ state }, {});
  const [server, browser] = await Promise.all([startServer({ state }), launchBrowser()]);
  try {
    const workspace = makeWorkspace(join(home, 'workspace'), log);
    const blank = await blankPaints({ server, browser, workspace: join(home, 'empty') });
    const page = await openPage({ server, browser, workspace });
    await showPrompts(page);
    const first = await paintTimes(page, { fresh: true });
    const next = await paintTimes(page, { fresh: false });
    const typing = await typingMeasures(page, browser);
    return [
      paintMeasure('first paint of the editor panel after a click (raw: an empty webview panel)', first, blank),
      paintMeasure('paint of the next prompt in the preview panel after a click (raw: the same)', next, blank),
      ...typing,
    ];
  } finally {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function paintMeasure(what: string, samples: PaintTime[], blank: PaintTime[]): Measure {
  const painted = (all: PaintTime[]) => timesOf(all.map(({ paintedMs }) => paintedMs));
  const [ours, raw] = [painted(samples), painted(blank)];
  const typable = timesOf(samples.map(({ typableMs }) => typableMs));
  const goals = [atMost('median ms', ours.medianMs, 200)];
  const note = `keys count from then on; its editor is there after ${typable.medianMs.toFixed(0)} ms, p95 ${typable.p95Ms.toFixed(0)}`;
  return { what, size: prompts, ours, raw, ratio: ours.medianMs / raw.medianMs, goals, note };
}

function makeWorkspace(workspace: string, log: (line: string) => void): string {
  const file = join(workspace, '.promptvault/vault.db');
  mkdirSync(join(workspace, '.promptvault'), { recursive: true });
  cpSync(benchVault(prompts, log), file);
  const vault = openVault(file, { actor: 'bench', mode: 'write' });
  vault.create({ path: 'area-0/topic-0/0-long', messages: [{ role: 'user', content: longText() }] });
  vault.close();
  return workspace;
}

type Place = { server: VsCodeServer; browser: Browser; workspace: string; development?: string };

async function openPage({ server, browser, workspace, development }: Place): Promise<Page> {
  mkdirSync(workspace, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  await watchPaints(context);
  const page = await context.newPage();
  await openWorkbench({ page, server, folder: workspace, development });
  return page;
}

async function blankPaints(place: Place): Promise<PaintTime[]> {
  const page = await openPage({ ...place, development: join(import.meta.dirname, 'blankPanel') });
  const button = page.locator('.statusbar-item').filter({ hasText: 'Open Blank' });
  await button.waitFor();
  const times: PaintTime[] = [];
  for (let i = 0; i <= paints; i += 1) {
    times.push(await timeToPaint(page, () => button.click()));
    await page.waitForTimeout(400);
  }
  await page.context().close();
  return times.slice(1);
}

/** A folder of the vault, opened in the tree; its prompts are the rows. */
async function showPrompts(page: Page): Promise<void> {
  await openActivity(page, 'PromptVault');
  const view = sideBarView(page, 'Prompts');
  await treeRow(view, 'area-0').click();
  await treeRow(view, 'topic-0').click();
  await promptRows(page).nth(5).waitFor();
}

const promptRows = (page: Page) => sideBarView(page, 'Prompts').locator('.monaco-list-row[aria-level="3"]');

/** Each time another prompt. `fresh`: no panel is there yet; otherwise the preview shows another one already. */
async function paintTimes(page: Page, { fresh }: { fresh: boolean }): Promise<PaintTime[]> {
  const times: PaintTime[] = [];
  for (let i = 0; i <= paints; i += 1) {
    const row = promptRows(page).nth(1 + (i % 6));
    if (fresh) await runCommand(page, 'View: Close All Editors');
    await page.waitForTimeout(600);
    times.push(await timeToPaint(page, () => row.click()));
  }
  return times.slice(1);
}
