import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { openVault } from '../../src/vault/vault.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import { answerInput, openActivity, sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';

const path = 'support/triage';
const rows = Array.from({ length: 12 }, (_, n) => (n % 3 === 0 ? `refund ${n + 1}` : `card ${n + 1}`));

async function prepare(folder: string): Promise<void> {
  await mkdir(join(folder, 'data'));
  await writeFile(
    join(folder, 'data/cases.csv'),
    `text,__expected\n${rows.map((one) => `${one},contains:card\n`).join('')}`,
  );
  fillVault(folder, (vault) => {
    createReleased(vault, { path, messages: [userMessage('Sort: {{message}}')] });
    vault.createVersion({ ref: `${path}@1.0` });
    vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort this: {{message}}')] });
  });
}

const button = (lab: Frame, name: string | RegExp) =>
  lab.getByRole('button', { name, exact: typeof name === 'string' });
async function chooseFrom(lab: Frame, menu: string, item: string | RegExp): Promise<void> {
  await button(lab, menu).click();
  await lab
    .locator('#list:popover-open')
    .getByText(item, { exact: typeof item === 'string' })
    .first()
    .click();
}
const done = async (lab: Frame, text: string | RegExp) => lab.locator('pv-run-bar').getByText(text).first().waitFor();

describe('working in the Lab', () => {
  let server: ModelServer;
  const settings: Record<string, unknown> = {};
  const window = useVsCode({
    settings,
    async prepare(folder) {
      server = await startModelServer({ models: ['slow'], reply: () => ({ text: 'card', delayMs: 150, pieces: 4 }) });
      settings['promptvault.models.compatible.baseUrl'] = server.url;
      await prepare(folder);
    },
  });
  after(async () => server.close());
  const labOf = async () => webviewFrame(window().page, 'Lab');

  it('refuses a run whose variables have no column until one is chosen, and remembers which', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(sideBarView(page, 'Prompts'), 'support').click();
    const prompt = treeRow(sideBarView(page, 'Prompts'), 'triage');
    await prompt.hover();
    await prompt.getByRole('button', { name: 'Test' }).click();
    const lab = await labOf();
    await lab.getByLabel('Cases', { exact: true }).selectOption('data/cases.csv');
    await lab.getByText('no column for message').waitFor();
    await lab.getByText(/1 needs message, which the cases do not give/).waitFor();
    await lab.getByLabel('Column for message').selectOption('text');
    await lab.locator('pv-setup').getByText('12 calls').waitFor();
    await lab.getByLabel('Cases', { exact: true }).selectOption('');
    await lab.getByLabel('Cases', { exact: true }).selectOption('data/cases.csv');
    await lab.locator('pv-setup').getByText('12 calls').waitFor();
    assert.equal(await lab.getByLabel('Column for message').inputValue(), 'text');
  });

  it('saves the setup as a suite, says when it differs, and takes it up again', async () => {
    const { page } = window();
    const lab = await labOf();
    await button(lab, 'Save as suite…').click();
    await answerInput(page, 'nightly');
    await lab.locator('pv-setup').getByRole('button', { name: 'Delete suite…' }).waitFor();
    const repeats = lab.getByRole('spinbutton', { name: 'Repeats' });
    await repeats.fill('2');
    await repeats.press('Tab');
    await lab.getByText('changed', { exact: true }).waitFor();
    await lab.locator('pv-setup').getByText('24 calls').waitFor();
    await lab.getByRole('combobox', { name: 'Suite' }).selectOption('');
    await lab.getByRole('combobox', { name: 'Suite' }).selectOption('nightly');
    await lab.locator('pv-setup').getByText('12 calls').waitFor();
    assert.equal(await repeats.inputValue(), '1');
  });

  it('compares two columns in words and shows how their answers differ', async () => {
    const lab = await labOf();
    await chooseFrom(lab, 'Add a version', /v1\.0/);
    await lab.locator('pv-setup').getByText('24 calls').waitFor();
    await button(lab, 'Run').click();
    await done(lab, '16/24 passed');
    await lab.getByLabel('Compare').selectOption('1');
    await lab.getByText(/No difference shown \(p = 1\.00, 12 cases\)/).waitFor();
    await lab.locator('pv-grid ins, pv-grid del').first().waitFor();
    await lab.getByLabel('Compare').selectOption('-1');
  });

  it('keeps of the failing rows the cases that a person leaves ticked', async () => {
    const { page, folder } = window();
    const lab = await labOf();
    await chooseFrom(lab, 'Run Again', 'Add Failing Rows to a Dataset…');
    await answerInput(page, 'support/learned');
    const proposed = page.locator('.quick-input-list .monaco-list-row');
    await proposed.filter({ hasText: 'refund 4' }).getByText('contains: card').waitFor();
    const ticked = page.locator('.quick-input-count');
    await ticked.getByText('4 Selected').waitFor();
    await proposed.filter({ hasText: 'refund 4' }).click();
    await ticked.getByText('3 Selected').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    const vault = openVault(vaultIn(folder), { actor: testActor, mode: 'read' });
    const saved = () => vault.eventsAfter({ seq: 0 }).find(({ kind }) => kind === 'dataset.saved')?.details;
    const { name, cases } = (await until(saved)) as { name: string; cases: number };
    vault.close();
    assert.deepEqual([name, cases], ['support/learned', 3]);
  });

  it('takes a mark by keyboard above the checks, and lets it go again', async () => {
    const { page } = window();
    const lab = await labOf();
    await lab.getByRole('grid').focus();
    await page.keyboard.press('f');
    await page.keyboard.press('m');
    await lab.locator('#marks button:focus').waitFor();
    await page.keyboard.press('Enter');
    await done(lab, '17/24 passed');
    await lab.getByText('the checks say fail').waitFor();
    await lab.locator('pv-grid [aria-label="marked as pass"]').first().waitFor();
    await button(lab, 'Clear').click();
    await done(lab, '16/24 passed');
    await page.keyboard.press('Escape');
  });

  it('scores stored answers by other checks without calling anybody', async () => {
    const lab = await labOf();
    await lab.locator('pv-checks summary').click();
    const checks = lab.getByLabel('Checks for every case, one in each line');
    await checks.fill('icontains:sort');
    await checks.press('Tab');
    await lab.getByText('1 check, beside those of each case').waitFor();
    await chooseFrom(lab, 'Run Again', 'Score Again by the Checks Above Only');
    await done(lab, /scored again/);
    await done(lab, '24/24 passed');
  });

  it('writes a run as a file of each kind a person picks', async () => {
    const { page, folder } = window();
    const lab = await labOf();
    for (const [item, file, expected] of [
      ['JSON', 'run.json', /"passed": 24/],
      ['Markdown', 'run.md', /^#/m],
    ] as const) {
      await chooseFrom(lab, 'Export', item);
      await answerInput(page, join(folder, file));
      await until(async () => expected.test(await readFile(join(folder, file), 'utf8').catch(() => '')), file);
    }
  });

  it('edits cases in a table and tests with them', async () => {
    const { page } = window();
    const lab = await labOf();
    await button(lab, 'New dataset').click();
    await button(lab, 'Add row').click();
    await lab.locator('pv-dataset textarea:focus').waitFor();
    await page.keyboard.type('my card is gone');
    await page.keyboard.press('Tab');
    await page.keyboard.type('contains:card');
    await page.keyboard.press('Tab');
    await button(lab, 'Save').click();
    await answerInput(page, 'cards');
    await lab.getByText('1 case · revision 1').waitFor();
    await button(lab, 'Close').click();
    await lab.locator('pv-setup').getByText('2 calls').waitFor();
    assert.equal(await lab.getByLabel('Cases', { exact: true }).inputValue(), 'dataset:cards');
  });

  it('says what is better than a baseline that only earlier runs asked', async () => {
    const lab = await labOf();
    await lab.getByLabel('Cases', { exact: true }).selectOption('data/cases.csv');
    if (await button(lab, `Remove ${path}@1.0`).isVisible()) await button(lab, `Remove ${path}@1.0`).click();
    await lab.getByLabel('Baseline').selectOption(`${path}@1.0`);
    await lab.locator('pv-setup').getByText('12 calls').waitFor();
    await button(lab, 'Run').click();
    const told = lab.getByLabel('Against the baseline');
    await told.getByText('v1.1 against v1.0 (stored): No difference shown (p = 1.00, 12 cases).').waitFor();
    await chooseFrom(lab, 'Add a version', /v1\.0/);
  });

  it('goes on with a run that a reload of the window cut off, in the same run', async () => {
    const { reload } = window();
    let lab = await labOf();
    await lab.getByLabel('Cases', { exact: true }).selectOption('data/cases.csv');
    await chooseFrom(lab, 'Choose models', 'Another model by name…');
    const name = lab.getByRole('textbox', { name: 'Model as vendor:model' });
    await name.fill('compatible:slow');
    await name.press('Enter');
    // A second try finds it gone.
    if (await button(lab, 'Remove echo:echo').isVisible()) await button(lab, 'Remove echo:echo').click();
    await lab.locator('pv-setup').getByText('24 calls').waitFor();
    await button(lab, 'Run').click();
    await button(lab, 'Cancel').waitFor();
    await until(() => server.requests.length >= 10);
    await reload();
    lab = await labOf();
    await lab.getByText(/^(Interrupted|Cancelled) at \d+ of 24\./).waitFor({ timeout: 20_000 });
    await button(lab, 'Resume').click();
    // Every answer is the same word, and none holds what the checks above ask for.
    await done(lab, '0/24 passed · 24 failed');
    await lab.getByText(/^(Interrupted|Cancelled) at/).waitFor({ state: 'detached' });
  });
});
