import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchBrowser } from '../test/support/browser.ts';
import { startModelServer } from '../test/support/modelServer.ts';
import { openWorkbench, writeSettings } from '../test/support/vscodeHost.ts';
import { startServer } from '../test/support/vscodeServer.ts';
import {
  answerInput,
  dialog,
  openActivity,
  openPalette,
  quickPickRow,
  runCommand,
  sideBarView,
  treeRow,
  webviewFrame,
} from '../test/support/workbench.ts';
import { attempt, root } from './install.mjs';
import { makeSample } from './sample.mjs';

// node scripts/screenshots.mjs [folder] [dark|light|highContrast]: the pictures of the README, taken of the sample workspace.
// Needs a build. A bare test browser has one font without arrows: FONTCONFIG_FILE may name a file that lists folders with more.
const [wantedFolder = 'media/screenshots', theme = 'dark'] = process.argv.slice(2);
const out = resolve(root, wantedFolder);

/** What each model gets wrong: the row of the case, and the wrong intent. The newer version parts close intents better. */
const mistakes = {
  'gpt-5-mini': { old: { 2: 'verify_my_identity', 8: 'top_up_by_card_charge', 15: 'top_up_by_card_charge' }, now: {} },
  'claude-haiku-4-5': {
    old: { 8: 'top_up_by_card_charge', 18: 'Refund_not_showing_up' },
    now: { 15: 'top_up_failed.' },
  },
};
// What production serves does not say where close intents part.
const isOld = ({ messages }) => !messages.some(({ content }) => content.includes('documents are needed'));

/** Answers the cases of the sample as the vendors' models might. */
async function startVendors(cases) {
  return startModelServer({
    reply(request) {
      const row = cases.findIndex(({ message }) => message === request.prompt);
      const wrong = mistakes[request.model]?.[isOld(request) ? 'old' : 'now'][row];
      const text = wrong ?? cases[row]?.expected ?? request.prompt;
      return { text, delayMs: 60 + ((row * 37) % 90), usage: { input: isOld(request) ? 118 : 262, output: 9 } };
    },
  });
}

async function readCases(folder) {
  const { readCaseFile } = await import('../src/lab/caseFiles.ts');
  const { cases } = await readCaseFile(join(folder, 'cases/banking-cases-20.csv'));
  return cases.map(({ variables, checks }) => ({ message: variables.message, expected: checks[0].value }));
}

// With keys the Lab is ready to run; it is not asked to.
const keys = { OPENAI_API_KEY: 'none', ANTHROPIC_API_KEY: 'none' };

async function runGrid(folder) {
  const vendors = await startVendors(await readCases(folder));
  const models = Object.keys(mistakes).flatMap((name) => [
    '--model',
    `${name.startsWith('gpt') ? 'openai' : 'anthropic'}:${name}`,
  ]);
  const env = { ...keys, OPENAI_BASE_URL: vendors.url, ANTHROPIC_BASE_URL: vendors.url };
  const cases = ['--cases', 'cases/banking-cases-20.csv'];
  const args = ['test', 'support/triage@PRD', 'support/triage@TST', ...models, ...cases];
  const actor = 'Priya Nair <priya@northwind.example>';
  const { code, output } = await attempt('node', [join(root, 'dist/cli.js'), '--actor', actor, ...args], {
    ...{ cwd: folder, env, capture: true },
  });
  await vendors.close();
  if (code !== 0 && code !== 100) throw new Error(output);
}

async function expand(page, ...names) {
  const prompts = sideBarView(page, 'Prompts');
  for (const name of names) {
    await treeRow(prompts, name).click();
    await treeRow(prompts, name).and(page.locator('[aria-expanded="true"]')).waitFor();
  }
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

const values = {
  company: 'Northwind Bank',
  policy: 'Refunds from shops take 3 to 5 working days after the shop has sent them.',
  message: 'My refund is missing from my statement.',
};

/** Each picture brings its view into the state shown. */
const pictures = {
  async editor(page) {
    await expand(page, 'support');
    await treeRow(sideBarView(page, 'Prompts'), 'reply').click();
    const frame = await webviewFrame(page, /reply/);
    for (const [name, text] of Object.entries(values)) await frame.getByLabel(`Value of ${name}`).fill(text);
    await frame.locator('pv-preview').getByText(values.message).waitFor();
  },
  async lab(page) {
    await treeRow(sideBarView(page, 'Runs'), '2 models').click();
    const frame = await webviewFrame(page, 'Lab');
    await frame.getByText('passcode_forgotten').first().waitFor();
  },
  async codelens(page) {
    await runCommand(page, 'View: Close All Editors');
    const input = await openPalette(page);
    await input.fill('support.ts');
    await quickPickRow(page, 'support.ts').click();
    await page.locator('.codelens-decoration').filter({ hasText: 'PRD v1.3' }).first().waitFor();
  },
  async rollback(page) {
    await runCommand(page, 'View: Close All Editors');
    await treeRow(sideBarView(page, 'Prompts'), 'triage').click();
    await runCommand(page, 'View: Close All Editors');
    await runCommand(page, 'PromptVault: Roll Back…');
    await quickPickRow(page, 'v1.2').click();
    await answerInput(page, 'Quality: the weekly review needs the explanations');
    await dialog(page).getByText('Serve the content of').waitFor();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
  },
};

const home = await mkdtemp(join(tmpdir(), 'promptvault-pictures-'));
const folder = join(home, 'northwind');
const state = join(home, 'state');
await makeSample(folder);
await runGrid(folder);
const settings = { 'editor.minimap.enabled': false, 'breadcrumbs.enabled': false, 'window.commandCenter': false };
await writeSettings({ state }, { theme, settings: { ...settings, 'workbench.layoutControl.enabled': false } });
Object.assign(process.env, keys);
const [server, browser] = await Promise.all([startServer({ state }), launchBrowser()]);
try {
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  page.setDefaultTimeout(20_000);
  await openWorkbench({ page, server, folder });
  await openActivity(page, 'PromptVault');
  await widen(page, 110);
  await mkdir(out, { recursive: true });
  for (const [name, prepare] of Object.entries(pictures)) {
    await prepare(page);
    // Notifications and status texts of what was done before go by themselves; the pointer leaves what it hovers.
    await page.mouse.move(700, 4);
    await page.waitForTimeout(1500);
    const path = join(out, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    console.log(`${path}  ${Math.round((await stat(path)).size / 1024)} KB`);
  }
} catch (error) {
  await browser
    .contexts()[0]
    ?.pages()[0]
    ?.screenshot({ path: join(tmpdir(), 'promptvault-picture-failed.png') });
  throw error;
} finally {
  await browser.close();
  await server.close();
  await rm(home, { recursive: true, force: true });
}
