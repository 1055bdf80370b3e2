import { copyFile, cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../test/support/browser.ts';
import { openWorkbench, writeSettings } from '../test/support/vscodeHost.ts';
import { startServer } from '../test/support/vscodeServer.ts';
import { openActivity, sideBarView } from '../test/support/workbench.ts';
import { attempt, root } from './install.mjs';
import { pictureLibrary } from './pictures/library.mjs';
import { makeTokens, showNothingPublished, showPublishing, startEndpoints } from './pictures/publishing.mjs';
import { keys, runGrid } from './pictures/vendors.mjs';
import { views } from './pictures/views.mjs';
import { makeSample } from './sample.mjs';

// npm run screenshots [-- dark|light|highContrast…] [view…]: every view and panel of the sample workspace, in .vscode-test/screenshots,
// and from there the pictures of the README and the walkthrough into media. Needs a build. A bare test browser has one font
// without arrows: FONTCONFIG_FILE may name a file that lists folders with more.
const allThemes = ['dark', 'light', 'highContrast'];
const asked = process.argv.slice(2);
const themes = allThemes.filter((theme) => asked.includes(theme) || !asked.some((one) => allThemes.includes(one)));
const names = asked.filter((one) => !allThemes.includes(one));
const out = join(root, '.vscode-test/screenshots');
const size = { width: 1290, height: 730 };

/** README pictures, in the dark theme. */
const readme = {
  editor: 'editor-draft',
  lab: 'lab-results',
  codelens: 'codelens',
  rollback: 'rollback-3-question',
  blame: 'blame',
  library: 'library-prompt',
};
const beside = { x: 410, y: 0, width: 880, height: 560 };
/** The part of a picture that a step of the walkthrough shows, in each theme. */
const steps = {
  write: { view: 'editor-draft', part: beside },
  try: { view: 'lab-results', part: beside },
  key: { view: 'settings', part: beside },
  promote: { view: 'promote', part: { x: 265, y: 125, width: 760, height: 480 } },
  fetch: { view: 'codelens', part: beside },
};
const kinds = { dark: 'dark', light: 'light', highContrast: 'hc' };

const calm = {
  'editor.minimap.enabled': false,
  'breadcrumbs.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'remote.autoForwardPorts': false,
  'remote.restoreForwardedPorts': false,
};

const problems = [];
Object.assign(process.env, keys);
const home = await mkdtemp(join(tmpdir(), 'promptvault-pictures-'));
const sample = join(home, 'sample');
await makeSample(sample);
await runGrid(sample);
const endpoints = await startEndpoints();
const browser = await launchBrowser();
try {
  for (const theme of themes) await pictureTheme(theme);
} finally {
  await browser.close();
  await endpoints.close();
  await rm(home, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function pictureTheme(theme) {
  const state = join(home, theme, 'state');
  const folder = join(home, theme, 'northwind');
  await cp(sample, folder, { recursive: true });
  await mkdir(join(out, theme), { recursive: true });
  await writeSettings({ state }, { theme, settings: calm });
  const server = await startServer({ state });
  try {
    const page = await openWindow(server, folder);
    await widen(page, 60);
    for (const [name, show] of Object.entries(views)) {
      if (names.length > 0 && !names.includes(name)) continue;
      await picture({ page, theme, name, show: () => show(page, folder) });
    }
    await page.context().close();
    if (wanted('welcome')) await pictureWelcomes(server, theme);
    if (wanted('publishing')) await picturePublishing({ server, theme, folder });
    const file = join(folder, '.promptvault/vault.db');
    if (wanted('library')) await pictureLibrary({ browser, theme, file, size, picture });
  } finally {
    await server.close();
  }
}

/** Whether a group of pictures is to be taken that has a window of its own. */
function wanted(group) {
  return names.length === 0 || names.includes(group);
}

async function picturePublishing({ server, theme, folder }) {
  const show = async (name, act) => {
    const page = await openWindow(server, folder);
    await widen(page, 60);
    await picture({ page, theme, name, show: () => act(page, folder) });
    await page.context().close();
  };
  await show('publishing-empty', showNothingPublished);
  const settings = { ...calm, ...endpoints.settings(folder) };
  await writeSettings(server, { theme, settings });
  await makeTokens(folder, server.state);
  await show('publishing', showPublishing);
}

/** What the side bar says while there is no vault, and while there is nothing in it. */
async function pictureWelcomes(server, theme) {
  for (const [name, link] of [
    ['no-vault', 'Create Vault'],
    ['empty', 'Create Prompt'],
  ]) {
    const folder = join(home, theme, name);
    await mkdir(folder, { recursive: true });
    if (name === 'empty') await attempt('node', [join(root, 'dist/cli.js'), 'init'], { cwd: folder, capture: true });
    const page = await openWindow(server, folder);
    const show = () => sideBarView(page, 'Prompts').getByRole('button', { name: link }).waitFor();
    await picture({ page, theme, name: `welcome-${name}`, show });
    await page.context().close();
  }
}

async function openWindow(server, folder) {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  page.setDefaultTimeout(20_000);
  await openWorkbench({ page, server, folder });
  await openActivity(page, 'PromptVault');
  return page;
}

/** One that cannot be taken is told at the end; the others are taken all the same. */
async function picture({ page, theme, name, show }) {
  const path = join(out, theme, `${name}.png`);
  try {
    await show();
  } catch (error) {
    problems.push(`${theme}/${name}: ${error.message}`);
  }
  // Notifications and status texts of what was done before go by themselves; the pointer leaves what it hovers.
  await page.mouse.move(700, 4);
  await page.waitForTimeout(1200);
  await page.screenshot({ path, animations: 'disabled' });
  const taken = problems.at(-1)?.startsWith(`${theme}/${name}:`) ? [] : copies(page, { theme, name, path });
  await Promise.all(taken);
  console.log(`${path}  ${Math.round((await stat(path)).size / 1024)} KB`);
}

/** The README's pictures are whole windows, the walkthrough's are parts. */
function copies(page, { theme, name, path }) {
  const whole = Object.entries(readme).filter(([, view]) => view === name && theme === 'dark');
  const parts = Object.entries(steps).filter(([, { view }]) => view === name);
  return [
    ...whole.map(([target]) => copyFile(path, join(root, 'media/screenshots', `${target}.png`))),
    ...parts.map(([step, { part }]) =>
      page.screenshot({
        path: join(root, 'media/walkthrough', `${step}-${kinds[theme]}.png`),
        clip: part,
        animations: 'disabled',
      }),
    ),
  ];
}

/** Makes the side bar so much wider that its rows can be read. */
async function widen(page, by) {
  const { x, width } = await page.locator('.part.sidebar').boundingBox();
  await page.mouse.move(x + width, 600);
  await page.waitForTimeout(500);
  await page.mouse.down();
  await page.mouse.move(x + width + by, 600, { steps: 5 });
  await page.mouse.up();
}
