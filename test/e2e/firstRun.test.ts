import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useVsCode } from '../support/useVsCode.ts';
import { vaultIn } from '../support/vaultBuilders.ts';
import { answerInput, editorTab, openActivity, runCommand, sideBarView, treeRow } from '../support/workbench.ts';

describe('the first minutes', () => {
  const window = useVsCode();

  it('says the next step until there is a prompt', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    const prompts = sideBarView(page, 'Prompts');
    await prompts.getByRole('button', { name: 'Create Vault' }).click();
    await editorTab(page, 'Welcome').waitFor();
    await prompts.getByRole('button', { name: 'Create Prompt', exact: true }).click();
    await answerInput(page, 'support/triage');
    await answerInput(page, 'Triage');
    await editorTab(page, 'triage v1.0 [DEV]').waitFor();
    await treeRow(prompts, 'support').waitFor();
  });

  it('names what is wrong with a path while it is typed', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Create Prompt…');
    await answerInput(page, 'support/triage');
    await page.locator('.quick-input-widget').getByText('There is already a prompt support/triage').waitFor();
    await answerInput(page, '/wrong');
    await page.locator('.quick-input-widget').getByText('does not begin or end with /').waitFor();
    await page.keyboard.press('Escape');
  });

  it('filters by a search and comes back', async () => {
    const { page } = window();
    const prompts = sideBarView(page, 'Prompts');
    await runCommand(page, 'PromptVault: Search Prompts…');
    await answerInput(page, 'nothing like it');
    await prompts.getByText('No prompt matches').waitFor();
    await prompts.getByRole('button', { name: 'Clear Search', exact: true }).last().click();
    await treeRow(prompts, 'support').waitFor();
  });

  it('brings the editor back after the window was loaded again', async () => {
    const { page, reload } = window();
    const tab = editorTab(page, 'triage v1.0 [DEV]');
    if ((await tab.count()) === 0) {
      const prompts = sideBarView(page, 'Prompts');
      await treeRow(prompts, 'support').click();
      await treeRow(prompts, 'triage').click();
    }
    await tab.click();
    await reload();
    await editorTab(page, 'triage v1.0 [DEV]').waitFor();
  });
});

describe('a vault.db that is none', () => {
  const text = 'a diary, not a vault';
  const window = useVsCode({
    async prepare(folder) {
      await mkdir(join(folder, '.promptvault'));
      await writeFile(vaultIn(folder), text);
    },
  });

  it('is named as such and left as it is', async () => {
    const { page, folder } = window();
    await openActivity(page, 'PromptVault');
    const prompts = sideBarView(page, 'Prompts');
    await prompts.getByText('is no vault of PromptVault').waitFor();
    await prompts.getByRole('button', { name: 'Try Again' }).click();
    await prompts.getByText('is no vault of PromptVault').waitFor();
    assert.equal(await readFile(vaultIn(folder), 'utf8'), text);
  });
});
