import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openVault } from '../../src/vault/vault.ts';
import { accessProblems } from '../support/access.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, testActor, userMessage } from '../support/vaultBuilders.ts';
import type { Theme } from '../support/vscodeHost.ts';
import { openActivity, sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';

const path = 'support/triage';

async function prepare(folder: string): Promise<void> {
  await writeFile(join(folder, 'cases.csv'), 'message,__expected\ncard lost,contains:card\nrefund,contains:card\n');
  const vault = openVault(join(folder, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
  createReleased(vault, { path, messages: [userMessage('Sort: {{message}}')], tags: ['mail'] });
  vault.createVersion({ ref: `${path}@1.0` });
  vault.close();
}

for (const theme of ['light', 'dark', 'highContrast'] as const satisfies Theme[]) {
  describe(`access in VS Code, ${theme}`, () => {
    const window = useVsCode({ prepare, theme });

    it('has no serious problem in panels and views', async () => {
      const { page } = window();
      await openActivity(page, 'PromptVault');
      await treeRow(sideBarView(page, 'Prompts'), 'support').click();
      const prompt = treeRow(sideBarView(page, 'Prompts'), 'triage');
      await prompt.click();
      const editor = await webviewFrame(page, /triage v1\.1/);
      await editor.getByLabel('Try-out value of message').fill('card lost');
      await editor.locator('pv-preview').getByText('Sort: card lost').waitFor();
      assert.deepEqual(await accessProblems(editor), [], 'editor');
      await treeRow(sideBarView(page, 'Versions'), 'v1.0').click();
      const readOnly = await webviewFrame(page, /triage v1\.0/);
      await readOnly.getByText('Cannot edit production versions').waitFor();
      assert.deepEqual(await accessProblems(readOnly), [], 'read-only editor');
      await prompt.hover();
      await prompt.getByRole('button', { name: 'Test' }).click();
      const lab = await webviewFrame(page, 'Lab');
      await lab.getByLabel('Cases').selectOption('cases.csv');
      await lab.getByRole('button', { name: 'Run', exact: true }).click();
      await treeRow(sideBarView(page, 'Runs'), 'triage v1.1').filter({ hasText: '1/2' }).waitFor();
      await lab.getByRole('gridcell').first().dblclick();
      await lab.getByRole('complementary', { name: 'Cell' }).waitFor();
      assert.deepEqual(await accessProblems(lab), [], 'Lab');
      // VS Code sets a row's label and description without a space between, so no name contains that text; its own views neither.
      const inViews = await accessProblems(page, '.part.sidebar .pane-body');
      assert.deepEqual(
        inViews.filter((problem) => !problem.startsWith('label-content-name-mismatch')),
        [],
        'views',
      );
    });
  });
}
