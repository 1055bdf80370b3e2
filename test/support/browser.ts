import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { installTool } from './npmTool.ts';

const onPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const wellKnown = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A headless Chromium: the machine's own, else npm's build for Linux x64, else Playwright's download when it is there. */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.PROMPTVAULT_TEST_BROWSER ?? ownBrowser();
  const { executablePath, env } = own ? { executablePath: own, env: undefined } : await browserFromNpm();
  try {
    return await chromium.launch({ executablePath, env, args: ['--no-sandbox', '--disable-gpu'] });
  } catch (error) {
    const advice = 'Install Chromium or Chrome, or set PROMPTVAULT_TEST_BROWSER to one.';
    throw new Error(`No browser starts (${executablePath ?? 'none found'}). ${advice}\n${(error as Error).message}`, {
      cause: error,
    });
  }
}

function ownBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = process.platform === 'win32' ? onPath.map((name) => `${name}.exe`) : onPath;
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...wellKnown];
  return candidates.find((candidate) => existsSync(candidate));
}

type LambdaChromium = { default: { executablePath(): Promise<string> }; inflate(archive: string): Promise<string> };
type Launch = { executablePath?: string; env?: Record<string, string | undefined> };

/** It brings the shared libraries and fonts that a bare server lacks. */
async function browserFromNpm(): Promise<Launch> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return {};
  const packages = ['@sparticuz/chromium@153.0.0'];
  const unpacked = join(await installTool({ name: 'browser', packages, revision: 1, prepare: unpack }), 'unpacked');
  return {
    executablePath: join(unpacked, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'),
      FONTCONFIG_PATH: join(unpacked, 'fonts'),
    },
  };
}

/** The package unpacks into the temporary folder without a lock; here it happens once, in our own. */
async function unpack(folder: string, place: string): Promise<void> {
  const home = join(folder, 'node_modules/@sparticuz/chromium');
  const target = join(folder, 'unpacked');
  await mkdir(target);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = target;
  try {
    const module = (await import(pathToFileURL(join(home, 'build/index.js')).href)) as LambdaChromium;
    await module.inflate(join(home, 'bin/al2023.tar.br'));
    await module.default.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  const fonts = join(target, 'fonts/fonts.conf');
  await writeFile(fonts, (await readFile(fonts, 'utf8')).replaceAll('/tmp/fonts', join(place, 'unpacked/fonts')));
}
