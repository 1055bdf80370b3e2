import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { runCli } from '../support/cliProcess.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerInput,
  chooseAnswer,
  chooseInMenu,
  dialog,
  editorTab,
  openActivity,
  runCommand,
  sideBarView,
  told,
  treeRow,
} from '../support/workbench.ts';

const path = 'support/triage';

async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    createReleased(vault, { path, tags: ['mail'], messages: [userMessage('Sort: {{message}}')] });
    vault.createVersion({ ref: `${path}@1.0` });
    createReleased(vault, { path: 'support/refund', tags: ['legal'], messages: [userMessage('Answer kindly')] });
    const clause = 'Explain the clause in plain words and say when a refund is due, in one sentence';
    createReleased(vault, { path: 'law/contract', tags: ['legal'], messages: [userMessage(clause)] });
    vault.create({ path: 'law/refund-draft', tags: ['legal'], messages: [userMessage('refund')] });
    for (const name of ['one', 'two']) vault.create({ path: `ideas/${name}`, messages: [userMessage(name)] });
  });
  await writeFile(join(folder, 'cases.csv'), 'message,__expected\ncard lost,contains:card\nrefund,contains:card\n');
}

describe('browsing prompts', () => {
  const window = useVsCode({ prepare, settings: { 'workbench.hover.delay': 500 } });
  let vault: Vault;
  const prompts = () => sideBarView(window().page, 'Prompts');
  const versions = () => sideBarView(window().page, 'Versions');
  const row = (text: string | RegExp) => treeRow(prompts(), text);
  const paths = () => vault.list({}).prompts.map((one) => one.path);
  const tags = (of: string) => vault.show({ ref: `${of}@latest` }).tags;
  /** Only a group can be expanded: a prompt's own row may name its folder, too. */
  async function open(group: string): Promise<void> {
    await row(new RegExp(`^${group}`)).click();
    await prompts().locator('.monaco-list-row[aria-expanded="true"]').filter({ hasText: group }).waitFor();
  }
  async function selectBoth(one: Locator, two: Locator): Promise<void> {
    await one.click();
    await two.click({ modifiers: ['Control'] });
  }
  async function undo(text: RegExp): Promise<void> {
    await chooseAnswer(await told(window().page, text), 'Undo');
  }

  before(async () => {
    const { page, folder } = window();
    vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
    await openActivity(page, 'PromptVault');
    await row('support').waitFor();
  });
  after(() => vault?.close());

  it('narrows by stage, tag and word, marks the word in the rows and shows it in the text', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Search Prompts…');
    await answerInput(page, 'stage:PRD tag:legal refund');
    await prompts().getByText('stage:PRD tag:legal refund — 2 prompts').waitFor();
    assert.equal(await row('support/refund').locator('.highlight').textContent(), 'refund');
    assert.equal(await row('law/contract').locator('.highlight').count(), 0);
    await row('law/contract').hover();
    const tooltip = page.locator('.monaco-hover:visible').filter({ hasText: 'when a refund is due' });
    await tooltip.waitFor();
    assert.deepEqual(await tooltip.locator('strong').allTextContents(), ['contract', 'refund']);
    await runCommand(page, 'PromptVault: Clear Search');
    await row('support').waitFor();
  });

  it('puts what changed last first, also after the window was loaded again', async () => {
    const { page, reload } = window();
    await runCommand(page, 'PromptVault: Group by Recently Changed');
    const first = prompts().locator('.monaco-list-row[data-index="0"]');
    await first.filter({ hasText: /^two/ }).waitFor();
    vault.tag({ path: 'law/contract', add: ['fresh'] });
    await first.filter({ hasText: /^contract/ }).waitFor();
    await reload({ 'workbench.hover.delay': 60_000 });
    await first.filter({ hasText: /^contract.*law/ }).waitFor();
  });

  it('moves the prompts that are dropped on a folder, and takes it back', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Group by Folder');
    await open('ideas');
    await row('one').dragTo(row('support'));
    await until(() => paths().includes('support/one'));
    await undo(/Moved one to support/);
    await until(() => paths().includes('ideas/one'));
    await selectBoth(row('two'), row('one'));
    await row('one').dragTo(row('law'));
    await until(() => paths().includes('law/one') && paths().includes('law/two'));
    await undo(/Moved 2 prompts to law/);
    await until(() => paths().includes('ideas/one') && paths().includes('ideas/two'));
  });

  it('tags the prompts that are dropped on a tag, and takes it back', async () => {
    await runCommand(window().page, 'PromptVault: Group by Tag');
    await open('mail');
    await row('triage').dragTo(row('legal'));
    await until(() => tags(path).includes('legal'));
    await undo(/Tagged support\/triage “legal”/);
    await until(() => tags(path).join() === 'mail');
  });

  it('renames the selected prompt with F2', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Group by Folder');
    await open('ideas');
    await row('two').click();
    await page.keyboard.press('F2');
    await page.locator('.quick-input-widget').getByText('Rename or Move ideas/two').waitFor();
    await answerInput(page, 'ideas/second');
    await row('second').waitFor();
    assert.deepEqual(paths().slice(0, 2), ['ideas/one', 'ideas/second']);
  });

  it('asks once before it deletes several', async () => {
    const { page } = window();
    for (const [button, left] of [
      ['Cancel', 2],
      ['Delete', 0],
    ] as const) {
      await selectBoth(row('one'), row('second'));
      await page.keyboard.press('Delete');
      await dialog(page).getByText('Delete 2 DEV versions?').waitFor();
      await dialog(page).getByRole('button', { name: button }).click();
      await dialog(page).waitFor({ state: 'hidden' });
      await until(() => paths().filter((one) => one.startsWith('ideas/')).length === left);
    }
  });

  it('labels a version by a word typed whole, and says so in its row', async () => {
    const { page } = window();
    await open('support');
    await row('triage').click();
    // One that is offered, and one that nobody has used yet.
    for (const label of ['Production Candidate', 'Read twice']) {
      await chooseInMenu(page, treeRow(versions(), 'v1.1'), 'Edit Labels');
      await answerInput(page, label);
      await treeRow(versions(), 'v1.1').filter({ hasText: label }).waitFor();
    }
    assert.deepEqual(vault.show({ ref: `${path}@1.1` }).labels, ['Production Candidate', 'Read twice']);
  });

  it('marks the tab of a draft with its stage, and with the next once it was promoted', async () => {
    const { page } = window();
    await chooseInMenu(page, treeRow(versions(), 'v1.1'), 'Open as Text');
    const tab = editorTab(page, 'triage@1.1.prompt.md');
    await tab.waitFor();
    const marked = (letter: string) =>
      page.waitForFunction((badge) => {
        const parts = [...document.querySelectorAll('.tabs-container .tab[data-resource-name*="triage@1.1"] *')];
        return parts.some((part) => getComputedStyle(part, '::after').content === `"${badge}"`);
      }, letter);
    await marked('D');
    vault.promote({ ref: `${path}@1.1` });
    await marked('T');
  });

  it('compares the two versions that are selected', async () => {
    const { page } = window();
    await selectBoth(treeRow(versions(), 'v1.0'), treeRow(versions(), 'v1.1'));
    await chooseInMenu(page, treeRow(versions(), 'v1.1'), 'Compare…');
    await editorTab(page, `${path} v1.0 (PRD) ↔ v1.1 (TST)`).waitFor();
  });

  it('shows what share of the last run passed', async () => {
    const { folder } = window();
    const cases = ['--cases', join(folder, 'cases.csv'), '--vault', vaultIn(folder)];
    const { exit } = await runCli(['test', `${path}@1.1`, '--model', 'echo:echo', ...cases]);
    assert.equal(exit, 100);
    await treeRow(versions(), 'v1.1').filter({ hasText: '50 % passed' }).waitFor();
  });
});
