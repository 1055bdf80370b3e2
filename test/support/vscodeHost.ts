import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from './npmTool.ts';
import type { VsCodeServer } from './vscodeServer.ts';

export type Theme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';
/** User settings by their full id, as in `settings.json`. */
export type Settings = { readonly [id: string]: unknown };

const themes: Record<Theme, string> = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};
const themeClasses: Record<Theme, string> = {
  light: 'vs',
  dark: 'vs-dark',
  highContrast: 'hc-black',
  highContrastLight: 'hc-light',
};

/** Nothing but the product on the screen, and nothing that asks the network. */
export const calm: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  // A tooltip over the next row would take its clicks.
  'workbench.hover.delay': 60_000,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'window.confirmBeforeClose': 'never',
  // The browser has a wish of its own: neither light nor dark is high contrast.
  'window.autoDetectHighContrast': false,
  'window.autoDetectColorScheme': false,
  'git.openRepositoryInParentFolders': 'never',
};

/** The user's settings of a server; a window takes them up when it loads. */
export async function writeSettings(server: Pick<VsCodeServer, 'state'>, p: { settings?: Settings; theme?: Theme }) {
  const folder = join(server.state, 'user/User');
  await mkdir(folder, { recursive: true });
  const all = { ...calm, 'workbench.colorTheme': themes[p.theme ?? 'dark'], ...p.settings };
  // In one step: a window that starts meanwhile must not read half of it.
  const fresh = join(folder, 'settings.json.new');
  await writeFile(fresh, JSON.stringify(all, null, 2));
  await rename(fresh, join(folder, 'settings.json'));
}

export type WorkbenchOptions = {
  page: Page;
  server: VsCodeServer;
  /** A folder, or a `.code-workspace` file. */
  folder: string;
  /** The folder of the extension under development; this repository unless said otherwise, none with null. */
  development?: string | null;
  /** A module whose `run()` is executed in the extension host. */
  tests?: string;
};

export function workbenchUrl({
  server,
  folder,
  development = repository,
  tests,
}: Omit<WorkbenchOptions, 'page'>): string {
  const remote = (path: string) => `vscode-remote://${server.authority}${encodeURI(asUriPath(path))}`;
  const payload = [
    ['skipWelcome', 'true'],
    ...(development ? [['extensionDevelopmentPath', remote(development)]] : []),
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
  ];
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [kind]: asUriPath(folder), payload: JSON.stringify(payload) });
  return `http://${server.authority}/?${query}`;
}

/** Opens a VS Code window in the page and waits until it shows its workbench. */
export async function openWorkbench({ page, ...options }: WorkbenchOptions): Promise<void> {
  const development = options.development === undefined ? await linkRepository(options.server) : options.development;
  await page.goto(workbenchUrl({ ...options, development }));
  await workbenchReady(page);
}

/**
 * VS Code takes its theme from below the extension under development when one is there, and the themes of the tests' own
 * VS Code lie in this repository: under another path they are not its.
 */
async function linkRepository({ state }: VsCodeServer): Promise<string> {
  const link = join(state, 'extension-under-test');
  await symlink(repository, link, 'junction').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return link;
}

/** Waits until the window shows this theme: it comes some seconds after the workbench. */
export async function themeShown(page: Page, theme: Theme): Promise<void> {
  await page.locator(`.monaco-workbench.${themeClasses[theme]}[class*="vscode-theme-defaults-themes"]`).waitFor();
}

export async function workbenchReady(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
}

/** Runs a test module inside the extension host; resolves with the exit code VS Code would end with. */
export async function runInExtensionHost(
  options: WorkbenchOptions & { tests: string; timeoutMs: number },
): Promise<number> {
  const { page, timeoutMs, ...window } = options;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  await page.exposeFunction('codeAutomationLog', () => undefined);
  await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
  const late = () => reject(new Error(`The tests in VS Code did not end within ${timeoutMs / 1000} s`));
  const timer = setTimeout(late, timeoutMs);
  try {
    await page.goto(workbenchUrl(window));
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** `C:\x` is `/C:/x` in an address. */
function asUriPath(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}
