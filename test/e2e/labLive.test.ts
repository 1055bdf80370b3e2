import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, userMessage } from '../support/vaultBuilders.ts';
import {
  answerTitled,
  editorTab,
  openActivity,
  quickPickRow,
  runCommand,
  sideBarView,
  treeRow,
  webviewFrame,
} from '../support/workbench.ts';

const path = 'support/triage';
const key = 'sk-test-4f1c';
const rows = Array.from({ length: 12 }, (_, n) => `message ${n + 1}`);
/** Every third answer lacks the word that is expected. */
const answerTo = (prompt: string) => (Number(prompt.match(/\d+/)) % 3 === 0 ? 'no idea at all' : 'card lost it is');

async function prepare(folder: string): Promise<void> {
  await mkdir(join(folder, 'data'));
  const lines = rows.map((message) => `${message},contains:card`);
  await writeFile(join(folder, 'data/cases.csv'), `message,__expected\n${lines.join('\n')}\n`);
  fillVault(folder, (vault) => {
    createReleased(vault, { path, messages: [userMessage('Sort: {{message}}')] });
    vault.createVersion({ ref: `${path}@1.0` });
    vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort this: {{message}}')] });
  });
}

async function choose(lab: Frame, menu: string, ...items: (string | RegExp)[]): Promise<void> {
  await lab.getByRole('button', { name: menu }).click();
  for (const name of items) await lab.locator('#list:popover-open').getByText(name).click();
  await lab.page().keyboard.press('Escape');
}

/** What the heads of the columns say, once the run is over. */
const totalsOf = (lab: Frame) => lab.getByRole('columnheader').allInnerTexts();

describe('the Lab with models over HTTP', () => {
  let server: ModelServer;
  let delayMs = 60;
  const settings: Record<string, unknown> = {};
  const window = useVsCode({
    settings,
    async prepare(folder) {
      server = await startModelServer({
        key,
        models: ['small', 'large'],
        reply: ({ prompt }) => ({ text: answerTo(prompt), pieces: 4, delayMs }),
      });
      settings['promptvault.models.openai.baseUrl'] = server.url;
      settings['promptvault.models.prices'] = {
        'openai:small': { input: 1, output: 2 },
        'openai:large': { input: 2, output: 4 },
      };
      await prepare(folder);
    },
  });
  after(async () => server.close());
  const cells = (lab: Frame) => lab.locator('pv-grid').getByRole('gridcell');
  const runRow = (page: Page, text: string | RegExp) => treeRow(sideBarView(page, 'Runs'), text);

  it('runs two versions on two models: the grid fills as text comes, with totals for each column', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    await runCommand(page, 'PromptVault: Set API Key…');
    await quickPickRow(page, 'OpenAI').click();
    await answerTitled(page, 'API key of OpenAI', key);
    await treeRow(sideBarView(page, 'Prompts'), 'support').click();
    const prompt = treeRow(sideBarView(page, 'Prompts'), 'triage');
    await prompt.hover();
    await prompt.getByRole('button', { name: 'Test' }).click();
    const lab = await webviewFrame(page, 'Lab');
    await choose(lab, 'Add a version', /v1\.0/);
    await choose(lab, 'Choose models', 'openai:small', 'openai:large');
    await lab.getByRole('button', { name: 'Remove echo:echo' }).click();
    await lab.getByLabel('Cases').selectOption('data/cases.csv');
    await lab.getByText('48 calls').waitFor();
    await lab.getByRole('button', { name: 'Run', exact: true }).click();
    // A part of an answer, before its end has come.
    await cells(lab)
      .getByText(/^(card|no i|card lost|no idea)\b.{0,4}$/)
      .first()
      .waitFor();
    await runRow(page, /triage v1\.1, v1\.0.*2 models × 12 cases/)
      .filter({ hasText: '32/48' })
      .waitFor();
    assert.equal(server.requests.length, 48);
    assert.ok(server.requests.every((request) => request.key === key));
    const totals = await totalsOf(lab);
    assert.equal(totals.length, 5);
    for (const [column, name] of [
      'v1.1 openai:small',
      'v1.1 openai:large',
      'v1.0 openai:small',
      'v1.0 openai:large',
    ].entries()) {
      const text = totals[column + 1]!.replaceAll(/\s+/g, ' ');
      assert.match(text, new RegExp(`^${name.replace('.', '\\.')} 67 % ±`));
      assert.match(text, /\d+ ms · \$0\.\d+ · \d+ tokens/);
    }
  });

  it('shows a cell in full and only the failed cases', async () => {
    const lab = await webviewFrame(window().page, 'Lab');
    await lab.getByRole('button', { name: 'Failed 4' }).click();
    await cells(lab).filter({ hasText: 'no idea at all' }).first().dblclick();
    const detail = lab.getByRole('complementary', { name: 'Cell' });
    await detail.getByText('Sort this: message 3').waitFor();
    await detail.getByText('no idea at all').waitFor();
    await detail.getByText('contains').first().waitFor();
    await window().page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('stops at once when cancelled: connections close, the rest never runs', async () => {
    const { page } = window();
    const lab = await webviewFrame(page, 'Lab');
    delayMs = 2000;
    // The same content on the same model would be answered from the store.
    await choose(lab, 'Choose models', 'openai:small', 'openai:large', 'Another model by name…');
    await lab.getByRole('textbox', { name: 'Model as vendor:model' }).fill('openai:slow');
    await lab.getByRole('textbox', { name: 'Model as vendor:model' }).press('Enter');
    await lab.getByRole('button', { name: 'Run', exact: true }).click();
    await lab.getByRole('button', { name: 'Cancel' }).waitFor();
    await until(() => server.requests.length >= 48 + 8);
    await lab.getByRole('button', { name: 'Cancel' }).click();
    const ends = await Promise.all(server.requests.slice(48).map(({ closed }) => closed));
    assert.deepEqual(
      ends,
      Array.from({ length: 8 }, () => 'early'),
    );
    await runRow(page, /triage v1\.1, v1\.0.*openai:slow/)
      .filter({ hasText: 'cancelled' })
      .waitFor();
    await lab.getByText('cancelled after 0').first().waitFor();
    assert.equal(server.requests.length, 56);
    delayMs = 0;
  });

  it('lists past runs and opens one with its own versions, models and cases', async () => {
    const { page } = window();
    await runCommand(page, 'View: Close All Editors');
    await runRow(page, '2 models ×').click();
    await editorTab(page, 'Lab').waitFor();
    const lab = await webviewFrame(page, 'Lab');
    await lab.getByText('no idea at all').first().waitFor();
    assert.equal(await lab.getByLabel('Cases').inputValue(), 'data/cases.csv');
    for (const name of ['openai:small', 'openai:large', `${path}@1.1`, `${path}@1.0`])
      await lab.getByRole('button', { name: `Remove ${name}` }).waitFor();
    await lab.getByText('48 cached').waitFor();
    const run = lab.locator('vscode-button').filter({ hasText: 'Run' });
    assert.equal(await run.getAttribute('aria-disabled'), null);
    await lab.getByRole('button', { name: 'Past Runs' }).click();
    await lab.getByRole('menuitem', { name: /openai:slow/ }).click();
    await lab.getByRole('button', { name: 'Remove openai:slow' }).waitFor();
    assert.equal(await lab.getByRole('button', { name: 'Remove openai:large' }).count(), 0);
  });
});
