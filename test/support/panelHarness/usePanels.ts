import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { type PanelServer, servePanels } from './servePanels.ts';

export type Panels = {
  /** Opens a panel in a page of its own; `problems` collects what the browser complains of, the content policy's refusals among it. */
  open(
    panel: 'editor' | 'lab',
    query?: Record<string, string>,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page>;
  problems: string[];
};

/** A browser and the two panels for the tests of the surrounding `describe`. */
export function usePanels(size = { width: 1000, height: 800 }): Panels {
  let server: PanelServer;
  let browser: Browser;
  const problems: string[] = [];
  const pages: Page[] = [];
  before(async function () {
    this.timeout(120_000);
    [server, browser] = await Promise.all([servePanels(), launchBrowser()]);
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    problems.length = 0;
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return {
    problems,
    async open(panel, query, prepare) {
      const page = await browser.newPage({ viewport: size });
      page.setDefaultTimeout(10_000);
      pages.push(page);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      await prepare?.(page);
      await page.goto(server.url(panel, query));
      return page;
    },
  };
}

/** What the page asked of its host, by method. */
export async function callsOf(page: Page, method: string): Promise<unknown[]> {
  const calls = await page.evaluate(() => window.harness.calls);
  return calls.filter((call) => call.method === method).map(({ params }) => params);
}

/** The first `count` such calls, once they have been made. */
export async function waitForCalls(page: Page, method: string, count = 1): Promise<unknown[]> {
  const made = (wanted: { method: string; count: number }) =>
    window.harness.calls.filter((call) => call.method === wanted.method).length >= wanted.count;
  await page.waitForFunction(made, { method, count }, { timeout: 10_000 });
  return callsOf(page, method);
}
