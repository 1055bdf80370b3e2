import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { keepEvidence, recordConsole } from './evidence.ts';
import { openWorkbench, type Settings, type Theme, themeShown, workbenchReady, writeSettings } from './vscodeHost.ts';
import { removeFolder, startServer, type VsCodeServer } from './vscodeServer.ts';

export type VsCodeWindow = {
  page: Page;
  /** The workspace folder, fresh for each `describe`. */
  folder: string;
  server: VsCodeServer;
  console: string[];
  /** A second window of the same user on the same workspace. */
  another(): Promise<Page>;
  /** Loads the window again, with further user settings if given. */
  reload(settings?: Settings): Promise<void>;
};

export type UseVsCode = {
  /** Fills the workspace folder before VS Code opens it. */
  prepare?: (folder: string) => Promise<void>;
  settings?: Settings;
  theme?: Theme;
  /** A file that `prepare` wrote into the folder, opened in its place: a workspace of several folders. */
  workspaceFile?: string;
  viewport?: { width: number; height: number };
  /** Another extension than this repository's, or none. */
  development?: string | null;
};

// One server and one browser for all test files of a mocha process: they are what costs time.
let shared: Promise<{ server: VsCodeServer; browser: Browser; home: string }> | undefined;

async function start() {
  const home = await mkdtemp(join(tmpdir(), 'promptvault-e2e-'));
  const [server, browser] = await Promise.all([startServer({ state: join(home, 'state') }), launchBrowser()]);
  return { server, browser, home };
}

// Called while a test file is imported, so this belongs to mocha's root suite and runs once, at the very end.
after(async () => {
  if (!shared) return;
  const { server, browser, home } = await shared;
  await browser.close();
  await server.close();
  await removeFolder(home);
});

/**
 * Opens one VS Code window for the tests of the surrounding `describe`, with this repository's extension in it, and
 * closes it after them. A failing test leaves a screenshot and logs in `test-results`.
 */
export function useVsCode(options: UseVsCode = {}): () => VsCodeWindow {
  let window: VsCodeWindow | undefined;

  before(async function () {
    this.timeout(180_000);
    shared ??= start();
    const { server, browser, home } = await shared;
    const folder = await mkdtemp(join(home, 'workspace-'));
    await options.prepare?.(folder);
    await writeSettings(server, options);
    // Pages of one context share storage: a second window is the same user's.
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1400, height: 900 } });
    const lines: string[] = [];
    const open = async () => {
      const page = await context.newPage();
      recordConsole(page, lines);
      const opened = options.workspaceFile ? join(folder, options.workspaceFile) : folder;
      await openWorkbench({ page, server, folder: opened, development: options.development });
      if (options.theme) await themeShown(page, options.theme);
      return page;
    };
    const page = await open();
    const reload = async (settings: Settings = {}) => {
      await writeSettings(server, { ...options, settings: { ...options.settings, ...settings } });
      await page.reload();
      await workbenchReady(page);
    };
    window = { page, folder, server, console: lines, another: open, reload };
  });

  afterEach(async function () {
    if (window && this.currentTest?.state === 'failed') {
      await keepEvidence({ name: this.currentTest.fullTitle(), ...window });
    }
  });

  after(async () => {
    await window?.page.context().close();
  });

  return () => {
    if (!window) throw new Error('The VS Code window exists only while tests run');
    return window;
  };
}
