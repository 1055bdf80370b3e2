import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, userMessage } from '../support/vaultBuilders.ts';
import { editorTab, openActivity, runCommand, sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';

describe('a run from the sidebar', () => {
  const window = useVsCode({
    async prepare(folder) {
      await mkdir(join(folder, 'data'));
      await writeFile(
        join(folder, 'data/cases.csv'),
        'message,__expected\ncard lost,contains:card\nrefund,contains:card\n',
      );
      fillVault(folder, (vault) => {
        createReleased(vault, { messages: [userMessage('Sort: {{message}}')] });
      });
    },
  });

  it('fills the Lab and is listed with its totals, beside its version too, and opens again from there', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(sideBarView(page, 'Prompts'), 'support').click();
    await treeRow(sideBarView(page, 'Prompts'), 'triage').click();
    await editorTab(page, 'triage v1.0').waitFor();
    await treeRow(sideBarView(page, 'Prompts'), 'triage').getByRole('button', { name: 'Test' }).click();
    const lab = await webviewFrame(page, 'Lab');
    await lab.getByLabel('Cases').selectOption('data/cases.csv');
    await lab.getByRole('button', { name: 'Run', exact: true }).click();
    const row = treeRow(sideBarView(page, 'Runs'), 'triage v1.0');
    await row.filter({ hasText: '1/2' }).waitFor();
    await treeRow(sideBarView(page, 'Versions'), 'v1.0').filter({ hasText: '50 % passed' }).waitFor();
    await runCommand(page, 'View: Close All Editors');
    await row.click();
    await editorTab(page, 'Lab').waitFor();
    const again = await webviewFrame(page, 'Lab');
    await again.getByText('Sort: refund').first().waitFor();
  });
});
