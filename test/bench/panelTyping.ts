import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';
import { randomFrom, words } from './corpus.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

const textBytes = 230_000;
const keys = 120;
const gapMs = 100;

/** A prompt as people have them, only longer: paragraphs with a placeholder now and then. */
export function longText(): string {
  const random = randomFrom(230);
  let text = '';
  while (text.length < textBytes) text += `${words(random, 60)} {{input}}.\n\n`;
  return text.slice(0, textBytes);
}

/**
 * Script per key: what Chromium counts as running JavaScript in the page (`ScriptDuration` over the DevTools protocol) from
 * a real key event until the next one 100 ms later, whatever it came from. In VS Code that is the whole window with its workbench.
 */
export async function typingMeasures(page: Page, browser: Browser): Promise<Measure[]> {
  await treeRow(sideBarView(page, 'Prompts'), '0-long').click();
  const frame = await webviewFrame(page, /^0-long v1\.0/);
  await frame.locator('.cm-content').click();
  const ours = await scriptPerKey(page);
  const plain = await plainPage(browser);
  await plain.locator('.cm-content').click();
  const raw = await scriptPerKey(plain);
  await plain.context().close();
  const note = `after the last key ${ours.restMs.toFixed(1)} ms of script in all, plain ${raw.restMs.toFixed(1)}; a window nobody types in ${ours.idleMs.toFixed(2)} per 100 ms`;
  const times = [timesOf(ours.perKey), timesOf(raw.perKey)] as const;
  return [
    {
      what: `script per key in a prompt of ${textBytes / 1000} KB (raw: a plain CodeMirror page)`,
      size: null,
      ours: times[0],
      raw: times[1],
      ratio: times[0].medianMs / times[1].medianMs,
      goals: [atMost('p95 ms', times[0].p95Ms, 16)],
      note,
    },
  ];
}

type Script = { perKey: number[]; restMs: number; idleMs: number };

async function scriptPerKey(page: Page): Promise<Script> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const during = async (work: () => Promise<unknown>) => {
    const before = await scriptMs(cdp);
    await work();
    return (await scriptMs(cdp)) - before;
  };
  const idle = await during(() => page.waitForTimeout(2000));
  const type = (key: string) =>
    during(async () => {
      await page.keyboard.press(key);
      await page.waitForTimeout(gapMs);
    });
  const perKey: number[] = [];
  for (let i = 0; i < keys; i += 1) perKey.push(await type(i % 6 === 5 ? 'Space' : 'abcde'[i % 5]!));
  const restMs = await during(() => page.waitForTimeout(2000));
  // The first keys load what typing needs.
  return { perKey: perKey.slice(10), restMs, idleMs: idle / (2000 / gapMs) };
}

async function scriptMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000;
}

async function plainPage(browser: Browser): Promise<Page> {
  const contents = `import { EditorView } from '@codemirror/view';
    window.open = (doc) => new EditorView({ doc, parent: document.body, extensions: [EditorView.lineWrapping] });`;
  const resolveDir = import.meta.dirname;
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, write: false, minify: true });
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  await page.setContent('<style>.cm-editor { max-height: 60vh } .cm-scroller { overflow: auto }</style>');
  await page.addScriptTag({ content: outputFiles[0]!.text });
  await page.evaluate((doc) => (window as unknown as { open(doc: string): void }).open(doc), longText());
  return page;
}
