import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { keepEvidence, recordConsole } from './evidence.ts';
import { until } from './until.ts';
import { openWorkbench, type Settings, type Theme, themeShown, workbenchReady, writeSettings } from './vscodeHost.ts';
import { removeFolder, startServer, type VsCodeServer } from './vscodeServer.ts';
import { runCommand } from './workbench.ts';

export type VsCodeWindow = {
  page: Page;
  /** The workspace folder, fresh for each `describe`. */
  folder: string;
  server: VsCodeServer;
  console: string[];
  /** A second window of the same user on the same workspace. */
  another(): Promise<Page>;
  /** Loads the window again as a person does, with further user settings if given: VS Code first writes down what is open. */
  reload(settings?: Settings): Promise<void>;
  /** Settles once VS Code has a copy of this unsaved text that outlives the window. */
  backedUp(text: string): Promise<void>;
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

// One server and one browser for all test files of a mocha process: they are what costs time. Windows of one context share
// what the browser has loaded and compiled, which is half of the time that a window needs to open.
type Shared = { server: VsCodeServer; browser: Browser; context: BrowserContext; home: string };
let shared: Promise<Shared> | undefined;

async function start(): Promise<Shared> {
  const home = await mkdtemp(join(tmpdir(), 'promptvault-e2e-'));
  const [server, browser] = await Promise.all([startServer({ state: join(home, 'state') }), launchBrowser()]);
  return { server, browser, home, context: await browser.newContext() };
}

/** Closes every window, and lets the next begin as a user's first: what VS Code keeps in the browser is forgotten. */
async function closeWindows({ context, server }: Shared): Promise<void> {
  const open = context.pages();
  const blank = await context.newPage();
  await Promise.all(open.map((page) => page.close()));
  const session = await context.newCDPSession(blank);
  const origin = `http://${server.authority}`;
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,local_storage,cookies' });
  await blank.close();
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
    const { server, context, home } = await shared;
    const folder = await mkdtemp(join(home, 'workspace-'));
    await options.prepare?.(folder);
    await writeSettings(server, options);
    const lines: string[] = [];
    // A second window is the same user's.
    const open = async () => {
      const page = await context.newPage();
      await page.setViewportSize(options.viewport ?? { width: 1400, height: 900 });
      recordConsole(page, lines);
      const opened = options.workspaceFile ? join(folder, options.workspaceFile) : folder;
      await openWorkbench({ page, server, folder: opened, development: options.development });
      if (options.theme) await themeShown(page, options.theme);
      return page;
    };
    const page = await open();
    const reload = async (settings: Settings = {}) => {
      await writeSettings(server, { ...options, settings: { ...options.settings, ...settings } });
      const loaded = page.waitForEvent('domcontentloaded');
      await runCommand(page, 'Developer: Reload Window');
      await loaded;
      await workbenchReady(page);
    };
    const backedUp = async (text: string) => {
      await until(async () => (await backups(server)).some((one) => one.includes(text)), `a backup of "${text}"`);
    };
    window = { page, folder, server, console: lines, another: open, reload, backedUp };
  });

  afterEach(async function () {
    if (window && this.currentTest?.state === 'failed') {
      await keepEvidence({ name: this.currentTest.fullTitle(), ...window });
    }
  });

  after(async () => {
    const opened = await shared;
    if (opened) await closeWindows(opened);
  });

  return () => {
    if (!window) throw new Error('The VS Code window exists only while tests run');
    return window;
  };
}

async function backups({ state }: VsCodeServer): Promise<string[]> {
  const found = await readdir(join(state, 'user/User/Backups'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  // One that is saved meanwhile goes.
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}
