import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { VersionRecord } from '../../src/vault/types.ts';
import { jsonOf, runCli } from '../support/cliProcess.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { fillVault, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import { chooseInMenu, editorTab, selectPrompt, sideBarView, treeRow } from '../support/workbench.ts';

const path = 'support/triage';

async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    vault.create({ path, messages: [userMessage('Sort mail')] });
  });
}

describe('a draft in the text editor', () => {
  const window = useVsCode({ prepare });
  const args = () => ['--vault', vaultIn(window().folder)];
  const stored = async () => (await jsonOf<VersionRecord>(['show', `${path}@1.0`, ...args()])).messages[0]?.content;
  let page: Page;

  const editor = () => page.locator('.monaco-editor[data-uri^="promptvault:"]').last();
  const tab = () => editorTab(page, 'triage@1.0.prompt.md');
  const unsaved = () => page.locator('.tab.dirty', { hasText: 'triage@1.0.prompt.md' });

  /** Replaces the last word of the text. */
  async function type(word: string): Promise<void> {
    await editor().locator('.view-lines').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.press('Control+Backspace');
    await page.keyboard.type(word);
    await unsaved().waitFor();
  }
  async function saveElsewhere(text: string): Promise<void> {
    const { exit, stderr } = await runCli(['edit', `${path}@1.0`, ...args()], { stdin: text });
    assert.equal(exit, 0, stderr);
  }
  /** The bell lists every notification, whether or not a toast shows it at that moment. */
  async function decide(choice: string): Promise<void> {
    await page.keyboard.press('Control+s');
    const question = page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: /saved support\/triage v1\.0 while you were typing/ });
    // The list closes by itself when another message goes; the dot is there as long as something is unread.
    const unread = page.locator('.part.statusbar .codicon-bell-dot');
    await until(async () => {
      if (!(await question.isVisible()) && (await unread.isVisible())) await unread.click();
      return question.isVisible();
    }, 'the question');
    await question.getByRole('button', { name: choice, exact: true }).press('Enter');
    await page.keyboard.press('Escape');
  }

  before(async () => {
    page = window().page;
    await selectPrompt(page, path, 'v1.0');
    const row = treeRow(sideBarView(page, 'Versions'), 'v1.0');
    await chooseInMenu(page, row, 'Open as Text');
    await tab().waitFor();
  });

  it('is refused over a text of the same length from elsewhere, compares it, and saves on top of it after that', async () => {
    await type('post');
    await saveElsewhere('Sort MAIL');
    await decide('Compare');
    await editorTab(page, 'triage v1.0: stored ↔ yours').waitFor();
    assert.equal(await stored(), 'Sort MAIL');
    await tab().click();
    await page.keyboard.press('Control+s');
    await unsaved().waitFor({ state: 'detached' });
    assert.equal(await stored(), 'Sort post');
  });

  it('overwrites when the person says so', async () => {
    await type('news');
    await saveElsewhere('Sort NEWS');
    await decide('Overwrite');
    await unsaved().waitFor({ state: 'detached' });
    assert.equal(await stored(), 'Sort news');
  });

  it('keeps unsaved text over a restart, and still overwrites nothing that came meanwhile', async () => {
    await type('junk');
    await window().backedUp('junk');
    await window().reload();
    await unsaved().waitFor();
    await saveElsewhere('Sort JUNK');
    await tab().click();
    await editor().getByText('junk').first().waitFor();
    await decide('Reload');
    await unsaved().waitFor({ state: 'detached' });
    await editor().getByText('JUNK').first().waitFor();
    assert.equal(await stored(), 'Sort JUNK');
  });

  it('comes back under its new path, unsaved text and checked-out file too, when its prompt was moved meanwhile', async () => {
    // A window that starts anew shows no versions until a prompt is chosen.
    // A second try finds it where the first one left it.
    await runCli(['move', 'support/sorting', path, ...args()]);
    const folder = treeRow(sideBarView(page, 'Prompts'), 'support');
    if ((await folder.getAttribute('aria-expanded')) !== 'true') await folder.click();
    await treeRow(sideBarView(page, 'Prompts'), 'triage').click();
    const row = treeRow(sideBarView(page, 'Versions'), 'v1.0');
    await row.waitFor();
    const file = (name: string) => join(window().folder, '.promptvault/drafts/support', `${name}@1.0.prompt.md`);
    await chooseInMenu(page, row, 'Check Out as File');
    await page.locator('.monaco-editor[data-uri^="vscode-remote:"]').first().waitFor();
    await page.keyboard.press('Control+w');
    await tab().click();
    await type('bills');
    await window().backedUp('bills');
    const address = page.url();
    await page.goto('about:blank');
    const { exit, stderr } = await runCli(['move', path, 'support/sorting', ...args()]);
    assert.equal(exit, 0, stderr);
    await page.goto(address);
    await page.locator('.tab.dirty', { hasText: 'sorting@1.0.prompt.md' }).waitFor();
    await tab().waitFor({ state: 'detached' });
    await editorTab(page, 'sorting@1.0.prompt.md').click();
    await editor().getByText('bills').first().waitFor();
    await until(() => !existsSync(file('triage')) && existsSync(file('sorting')), 'the file under its new path');
    await page.keyboard.press('Control+s');
    await page.locator('.tab.dirty').waitFor({ state: 'detached' });
    assert.match(await readFile(file('sorting'), 'utf8'), /bills/);
  });
});
