import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { keepEvidence, recordConsole } from './evidence.ts';
import { cacheDir, repository } from './npmTool.ts';
import { runInExtensionHost, type Settings, writeSettings } from './vscodeHost.ts';
import { installVsix, startServer } from './vscodeServer.ts';

export type Findings = { passed: number; skipped: number; failures: { title: string; message: string }[] };

/** Every folder of `test/vscode` with tests is one VS Code window: its own server state, user and workspace. */
export async function listWindows(): Promise<string[]> {
  const entries = await readdir(join(repository, 'test/vscode'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

export type WindowRun = {
  name: string;
  browser: Browser;
  /** Temporary, removed by the caller. */
  home: string;
  /** Installed into the window instead of the extension under development. */
  vsix?: string;
};

/**
 * Runs the tests of `test/vscode/<name>` in the extension host of a fresh window. `workspace/` in that folder is
 * copied to be the opened folder, `settings.json` there are user settings, `extension/` is somebody else's extension,
 * installed beside ours.
 */
export async function runWindow({ name, browser, home, vsix }: WindowRun): Promise<Findings> {
  const source = join(repository, 'test/vscode', name);
  const folder = await mkdtemp(join(home, `${name}-`));
  const workspace = join(folder, 'workspace');
  await cp(join(source, 'workspace'), workspace, { recursive: true }).catch(() => mkdir(workspace));
  const settings = await readSettings(join(source, 'settings.json'));
  const { tests, report, carrier } = await bundleTests(name, source);

  const state = join(folder, 'state');
  await writeSettings({ state }, { settings });
  await cp(join(source, 'extension'), join(state, 'extensions', 'test.beside-0.0.1'), { recursive: true }).catch(
    absent,
  );
  if (vsix) await installVsix(vsix, state);
  const server = await startServer({ state });
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  const console: string[] = [];
  recordConsole(page, console);
  try {
    // Tests need some extension under development; the packaged one must not be it.
    const development = vsix ? carrier : repository;
    await runInExtensionHost({ page, server, folder: workspace, development, tests, timeoutMs: 240_000 });
    const findings = JSON.parse(await readFile(report, 'utf8')) as Findings;
    if (findings.failures.length > 0) await keepEvidence({ name: `vscode-${name}`, page, console, server });
    return findings;
  } catch (error) {
    await keepEvidence({ name: `vscode-${name}`, page, console, server });
    const message = [(error as Error).stack, ...console.filter(isTelling).slice(-10)].join('\n');
    return { passed: 0, skipped: 0, failures: [{ title: `VS Code window ${name}`, message }] };
  } finally {
    await page.context().close();
    await server.close();
  }
}

function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** VS Code itself complains of an absent gallery and of its own shutdown. */
function isTelling(line: string): boolean {
  return (
    /^\[(error|warning|pageerror)\]/.test(line) && !/open-vsx|Service ?Worker|404|Canceled|NAME_NOT_RESOLVED/.test(line)
  );
}

async function readSettings(file: string): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Settings;
}

/** Test files as CommonJS, which is what the extension host loads, with a module that runs them by mocha. */
async function bundleTests(name: string, source: string) {
  const files = (await readdir(source)).filter((file) => file.endsWith('.test.ts'));
  const out = join(cacheDir, 'out', name);
  await rm(out, { recursive: true, force: true });
  const report = join(out, 'report.json');
  await build({
    absWorkingDir: repository,
    entryPoints: files.map((file) => join(source, file)),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'better-sqlite3', 'playwright-core', 'esbuild'],
    define: { 'import.meta.dirname': JSON.stringify(source) },
    logLevel: 'silent',
  });
  const bundles = files.map((file) => join(out, file.replace(/\.ts$/, '.js')));
  await writeFile(join(out, 'run.js'), runner(bundles, report));
  const manifest = { name: 'test-carrier', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } };
  await writeFile(join(out, 'package.json'), JSON.stringify(manifest));
  return { tests: join(out, 'run.js'), report, carrier: out };
}

const runner = (files: string[], report: string) => `
process.setSourceMapsEnabled(true);
const Mocha = require(${JSON.stringify(join(repository, 'node_modules/mocha'))});
exports.run = () => new Promise((resolve) => {
  const mocha = new Mocha({
    timeout: 20000,
    forbidOnly: true,
    reporter: require(${JSON.stringify(join(repository, 'test/support/reporter.cjs'))}),
    reporterOptions: { output: ${JSON.stringify(report)} },
  });
  for (const file of ${JSON.stringify(files)}) mocha.addFile(file);
  mocha.run(() => resolve());
});
`;
