import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { accessProblems } from '../support/access.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import type { Theme } from '../support/vscodeHost.ts';
import { editorTab, openActivity, runCommand, sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';

const path = 'support/triage';

async function prepare(folder: string): Promise<void> {
  await writeFile(join(folder, 'cases.csv'), 'message,__expected\ncard lost,contains:card\nrefund,contains:card\n');
}

function fill(folder: string): void {
  const vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
  createReleased(vault, { path, messages: [userMessage('Sort: {{message}}')], tags: ['mail'] });
  vault.createVersion({ ref: `${path}@1.0` });
  vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort it: {{message}}')] });
  vault.close();
}

for (const theme of ['light', 'dark', 'highContrast'] as const satisfies Theme[]) {
  describe(`access in VS Code, ${theme}`, () => {
    const window = useVsCode({ prepare, theme });
    let vault: Vault;
    after(() => vault?.close());
    const view = (title: string) => sideBarView(window().page, title);

    /** VS Code sets a row's label and description without a space between, so no name contains that text; its own views neither. */
    async function viewsAreFine(state: string) {
      const found = await accessProblems(window().page, '.part.sidebar .pane-body');
      assert.deepEqual(
        found.filter((problem) => !problem.startsWith('label-content-name-mismatch')),
        [],
        state,
      );
    }

    it('has no serious problem in views without a vault, without prompts, and however they are grouped', async () => {
      const { page, folder } = window();
      await openActivity(page, 'PromptVault');
      const create = view('Prompts').getByRole('button', { name: 'Create Vault' });
      await create.waitFor();
      await viewsAreFine('no vault');
      await create.click();
      await view('Prompts').getByText('The vault is empty').waitFor();
      await viewsAreFine('empty');
      fill(folder);
      vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
      for (const [grouping, row] of [
        ['Stage', 'PRD'],
        ['Folder', 'support'],
      ] as const) {
        await runCommand(page, `PromptVault: Group by ${grouping}`);
        await treeRow(view('Prompts'), row).waitFor();
        await viewsAreFine(grouping);
      }
      await treeRow(view('Prompts'), 'support').click();
      await treeRow(view('Prompts'), 'triage').click();
      await treeRow(view('Versions'), 'v1.1').locator('.monaco-tl-twistie').click();
      await treeRow(view('Versions'), 'Revision 1').waitFor();
      await viewsAreFine('versions');
    });

    it('has no serious problem in the editor, with a conflict, read-only and gone', async () => {
      const { page } = window();
      const editor = await webviewFrame(page, /triage v1\.1/);
      const value = editor.getByLabel(/^Value of message\b/).first();
      await value.waitFor();
      assert.deepEqual(await accessProblems(editor), [], 'a value is missing');
      await value.fill('card lost');
      await editor.locator('pv-preview').getByText('Sort it: card lost').waitFor();
      await editor.locator('.cm-content').first().click();
      await page.keyboard.type('{{other}} ');
      await editorTab(page, '● triage v1.1').waitFor();
      vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Meanwhile: {{message}} {{undeclared}}')] });
      vault.edit({ ref: `${path}@1.1`, variables: [{ name: 'message' }] });
      await editor.getByText('while you were editing').waitFor();
      assert.deepEqual(await accessProblems(editor), [], 'conflict');
      await editor.getByText('Reload', { exact: true }).click();
      await editor.getByText('Not declared').first().waitFor();
      assert.deepEqual(await accessProblems(editor), [], 'undeclared');
      await treeRow(view('Versions'), 'v1.0').click();
      const readOnly = await webviewFrame(page, /triage v1\.0/);
      await readOnly.getByText('Cannot edit production versions').waitFor();
      assert.deepEqual(await accessProblems(readOnly), [], 'read-only');
    });

    it('has no serious problem in the Lab, before and after a run and in a cell', async () => {
      const { page } = window();
      await runCommand(page, 'PromptVault: Test in the Lab');
      const lab = await webviewFrame(page, 'Lab');
      await lab.getByLabel('Cases').selectOption('cases.csv');
      assert.deepEqual(await accessProblems(lab), [], 'setup');
      await lab.getByRole('button', { name: 'Run', exact: true }).click();
      await treeRow(view('Runs'), 'triage v1.').filter({ hasText: '/2' }).waitFor();
      await viewsAreFine('runs');
      await lab.getByRole('gridcell').first().dblclick();
      await lab.getByRole('complementary', { name: 'Cell' }).waitFor();
      assert.deepEqual(await accessProblems(lab), [], 'cell');
    });

    it('has no serious problem where nothing is published yet', async () => {
      const { page } = window();
      await runCommand(page, 'PromptVault: Show Publishing');
      await view('Publishing').getByText('Nothing is published from here yet').waitFor();
      await viewsAreFine('publishing');
    });
  });
}
