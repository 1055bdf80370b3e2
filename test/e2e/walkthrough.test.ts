import assert from 'node:assert/strict';
import { walkthroughSteps } from '../../src/extension/shellTable.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { runCli } from '../support/cliProcess.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, testActor, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerInput,
  answerTitled,
  editorTab,
  openActivity,
  quickPickRow,
  runCommand,
  sideBarView,
  treeRow,
} from '../support/workbench.ts';

describe('the walkthrough', () => {
  let vault: Vault;
  const window = useVsCode({
    // A stored key is tried at once: nobody answers there.
    settings: { 'promptvault.models.openai.baseUrl': 'http://127.0.0.1:9' },
    async prepare(folder) {
      vault = openVault(vaultIn(folder), { actor: testActor, mode: 'create' });
      createReleased(vault);
      vault.createVersion({ ref: 'support/triage@1.0' });
    },
  });
  after(() => vault?.close());
  const step = (id: string, done: boolean) =>
    window().page.locator(`[data-done-step-id$="promptvault.start#${id}"][aria-checked="${done}"]`);

  it('ticks a step off once it was done, by whichever way, and not when it was left again', async () => {
    const { page, folder } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(sideBarView(page, 'Prompts'), 'support').waitFor();
    await runCommand(page, 'Welcome: Open Walkthrough...');
    await answerInput(page, 'Get started with PromptVault');
    for (const id of walkthroughSteps) await step(id, false).waitFor();

    await runCommand(page, 'PromptVault: Set API Key…');
    await quickPickRow(page, 'OpenAI').waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'PromptVault: Promote…');
    await page.locator('.quick-input-widget').getByText('Promote').first().waitFor();
    await page.keyboard.press('Escape');

    vault.create({ path: 'support/refund', messages: [{ role: 'user', content: 'Refund' }] });
    await step('write', true).waitFor();
    for (const id of ['try', 'key', 'promote', 'fetch']) assert.ok(await step(id, false).isVisible(), id);
    vault.promote({ ref: 'support/triage@1.1' });
    await step('promote', true).waitFor();
    const ran = await runCli(['test', 'support/triage@PRD', '--model', 'echo:echo', '--vault', vaultIn(folder)]);
    assert.equal(ran.exit, 0, ran.stderr);
    await step('try', true).waitFor();
    await runCommand(page, 'PromptVault: Set API Key…');
    await quickPickRow(page, 'OpenAI').click();
    await answerTitled(page, 'API key of OpenAI', 'sk-never-sent');
    await step('key', true).waitFor();

    await runCommand(page, 'PromptVault: Insert Snippet That Fetches a Prompt…');
    await answerInput(page, 'support/triage');
    await quickPickRow(page, 'Python').click();
    await quickPickRow(page, 'from the vault of the working folder').click();
    await editorTab(page, 'Untitled').waitFor();
    await editorTab(page, 'Welcome').click();
    await step('fetch', true).waitFor();
  });
});
