import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, userMessage } from '../support/vaultBuilders.ts';
import {
  answerInput,
  answerTitled,
  chooseAnswer,
  chooseInMenu,
  dialog,
  editorTab,
  openActivity,
  openPalette,
  quickPickRow,
  runCommand,
  sideBarView,
  told,
  treeRow,
} from '../support/workbench.ts';

const path = 'support/triage';
const sources = {
  'app.ts': `export const served = getPrompt('${path}');\nexport const lost = getPrompt('support/traige');\n`,
  'caller.py': `answer = get_prompt("${path}", {"message": mail})\n`,
  'both.py': `answer = get_prompt("${path}", {"message": mail, "product": name})\n`,
  'bulk.yaml': Array.from(
    { length: 12 },
    (_, at) => `a${at}: promptvault:bulk/one\nb${at}: promptvault:bulk/two\n`,
  ).join(''),
  'app.py': `# promptvault: ${path}\nserved = get_prompt("${path}@^1")\n`,
};

describe('code that names a prompt', () => {
  const window = useVsCode({
    settings: { 'files.autoSave': 'off' },
    async prepare(folder) {
      for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
      fillVault(folder, (vault) => {
        createReleased(vault, { path, title: 'Sorting mail', messages: [userMessage('Sort: {{message}}')] });
        const variables = [{ name: 'message' }, { name: 'product' }];
        vault.createVersion({ ref: `${path}@1.0`, major: true });
        vault.edit({ ref: `${path}@2.0`, messages: [userMessage('Sort for {{product}}: {{message}}')], variables });
        vault.promote({ ref: `${path}@2.0` });
        for (const name of ['one', 'two']) vault.create({ path: `bulk/${name}`, messages: [userMessage('Many')] });
      });
    },
  });
  const onDisk = (name: string) => readFile(join(window().folder, name), 'utf8');

  async function becomes(name: string, expected: string): Promise<void> {
    await until(async () => (await onDisk(name)) === expected, `${name} as "${expected}"`);
  }

  async function expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
  }

  async function openFile(name: string): Promise<void> {
    const { page } = window();
    const input = await openPalette(page);
    await input.fill(name);
    await quickPickRow(page, name).click();
    await editorTab(page, name).waitFor();
    await page.locator('.codelens-decoration').first().waitFor();
  }

  it('tells under the mouse what it gets, and mends a path that was mistyped', async () => {
    const { page } = window();
    await openFile('app.ts');
    await page.locator('.view-line span').getByText(`'${path}'`).first().hover();
    const hover = page.locator('.monaco-hover').filter({ hasText: 'Sorting mail' });
    await hover.waitFor();
    const text = (await hover.textContent()) ?? '';
    for (const said of [
      'v1.0',
      'PRD',
      'created by Priya',
      'deployed by Priya',
      'message (needed)',
      'Sort: {{message}}',
    ]) {
      assert.ok(text.replaceAll('\u00a0', ' ').includes(said), `${said} in ${text}`);
    }
    await page.keyboard.press('Escape');
    await hover.waitFor({ state: 'hidden' });
    await page.locator('.squiggly-error').first().waitFor();
    await page.locator('.view-line span').getByText("'support/traige'").first().click();
    await runCommand(page, 'Quick Fix...');
    await page.locator('.action-widget').getByText(`Change to ${path}`).click();
    await page.locator('.squiggly-error').waitFor({ state: 'hidden' });
    await runCommand(page, 'File: Save');
    await editorTab(page, 'app.ts').and(page.locator(':not(.dirty)')).waitFor();
    assert.equal(await onDisk('app.ts'), sources['app.ts'].replace('traige', 'triage'));
  });

  it('is shown before a version goes to production that it does not fit', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    const view = sideBarView(page, 'Prompts');
    await expand(treeRow(view, 'support'));
    await chooseInMenu(page, treeRow(view, 'triage'), 'Promote…');
    await dialog(page).getByText('caller.py:1 does not pass product').waitFor();
    await dialog(page).getByRole('button', { name: 'Show Places' }).click();
    await editorTab(page, 'caller.py').waitFor();
    await page.locator('.view-line').getByText(path).first().waitFor();
    await chooseInMenu(page, treeRow(view, 'triage'), 'Promote…');
    await dialog(page).getByRole('button', { name: 'Promote Anyway' }).click();
    await answerTitled(page, `Promote ${path} v2.0 to PRD`, 'Names the product');
    await dialog(page).getByRole('button', { name: 'Promote to PRD' }).click();
    await treeRow(view, /triage\s*v2\.0 PRD/).waitFor();
  });

  it('is told in the one question before a rollback that it does not fit, and does not keep it from being done', async () => {
    const { page } = window();
    await chooseInMenu(page, treeRow(sideBarView(page, 'Prompts'), 'triage'), 'Rehearse Rollback');
    await quickPickRow(page, 'v1.0').click();
    const rehearsed = await told(page, /Rehearsed on a copy.*v1\.1 does not fit the code: 1 place in 1 file/);
    await chooseAnswer(rehearsed, 'Roll Back…');
    await answerInput(page, 'Names no product');
    await dialog(page).getByText('both.py:1 passes product').waitFor();
    await dialog(page).getByRole('button', { name: 'Roll Back' }).click();
    const done = await told(page, /v1\.1 is in production/);
    await chooseAnswer(done, 'Show Places');
    await editorTab(page, 'both.py').waitFor();
  });

  it('follows when the prompt is renamed in the tree', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    const view = sideBarView(page, 'Prompts');
    await expand(treeRow(view, 'support'));
    await chooseInMenu(page, treeRow(view, 'triage'), 'Rename or Move…');
    await answerTitled(page, `Rename or Move ${path}`, 'inbox/sorting');
    await dialog(page).getByText('Update 6 references in 4 files?').waitFor();
    await dialog(page).getByRole('button', { name: 'Update', exact: true }).click();
    for (const [name, text] of Object.entries(sources)) {
      await becomes(name, text.replace('traige', 'triage').replaceAll(path, 'inbox/sorting'));
    }
  });

  it('follows several that are moved, many places after a look at them', async () => {
    const { page } = window();
    const view = sideBarView(page, 'Prompts');
    await expand(treeRow(view, 'bulk'));
    await treeRow(view, 'one').click();
    await treeRow(view, 'two').click({ modifiers: ['ControlOrMeta'] });
    await page.keyboard.press('F2');
    await answerTitled(page, 'Move 2 prompts to a folder', 'many');
    await dialog(page).getByText('Update 24 references in 1 file?').waitFor();
    await dialog(page).getByRole('button', { name: 'Preview…' }).click();
    const preview = page.locator('.part.panel .bulk-edit-panel');
    await treeRow(preview, 'bulk.yaml').getByRole('checkbox').click();
    await preview.getByRole('button', { name: 'Apply' }).click();
    await becomes('bulk.yaml', sources['bulk.yaml'].replaceAll('bulk/', 'many/'));
  });
});
