import assert from 'node:assert/strict';
import { openEngine } from '../../src/engine/openEngine.ts';
import { openVault } from '../../src/vault/vault.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerTitled,
  chooseAnswer,
  dialog,
  openActivity,
  quickPickRow,
  runCommand,
  webviewFrame,
} from '../support/workbench.ts';

const path = 'support/triage';

describe('the Test Explorer and the release gate', () => {
  let server: ModelServer;
  const settings: Record<string, unknown> = {};
  const window = useVsCode({
    settings,
    async prepare(folder) {
      server = await startModelServer({ reply: ({ prompt }) => prompt.replace(/^.*: /, '') });
      settings['promptvault.models.compatible.baseUrl'] = server.url;
      settings['promptvault.models.prices'] = { 'compatible:small': { input: 1000, output: 1000 } };
      fillVault(folder, (vault) => {
        createReleased(vault, { path, messages: [userMessage('Sort: {{mail}}')] });
        vault.createVersion({ ref: `${path}@1.0` });
        vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Please sort: {{mail}}')] });
        vault.promote({ ref: `${path}@1.1` });
      });
      const engine = await openEngine(vaultIn(folder), {
        actor: testActor,
        host: { connection: async () => ({}), prices: async () => ({}) },
      });
      const rows = ['card', 'refund'].map((mail, index) => ({
        ...{ id: String(index + 1), name: `about ${mail}`, variables: { mail } },
        checks: [{ type: 'equals' as const, value: 'card' }],
      }));
      await engine.saveDataset({ name: 'mails', rows });
      await engine.saveSuite({
        name: 'release',
        definition: {
          ...{ refs: [`${path}@TST`], models: ['compatible:small'], dataset: 'mails', checks: [], checkSets: [] },
          ...{ repeat: 1, maxCostUsd: null },
        },
      });
      await engine.close();
    },
  });
  after(async () => server.close());
  const tests = () => window().page.locator('.test-explorer .monaco-list-row');
  /** As VS Code binds it. */
  async function runAll(): Promise<void> {
    await window().page.keyboard.press('Control+;');
    await window().page.keyboard.press('a');
  }
  const row = (text: string) => tests().filter({ hasText: text }).first();

  it('runs a suite by keyboard after one question with the estimate', async () => {
    const { page } = window();
    await openActivity(page, 'Testing');
    await row('release').waitFor();
    await runAll();
    const question = dialog(page);
    await question.getByText(/^2 calls, ≈ \$[\d.]+, time unknown\. Run\?$/).waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    assert.equal(server.requests.length, 0);
    await runAll();
    await question.getByRole('button', { name: 'Run', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await row('2 cases').waitFor();
    await row('release').click();
    await page.keyboard.press('ArrowRight');
    await row('about refund').filter({ hasText: 'tokens' }).waitFor();
    assert.equal(server.requests.length, 2);
    assert.match((await row('about card').getAttribute('aria-label')) ?? '', /Passed/);
    assert.match((await row('about refund').getAttribute('aria-label')) ?? '', /Failed/);
  });

  it('sets the gate, and from its question opens the results it stands on and runs its suite', async () => {
    const { page, folder } = window();
    await runCommand(page, 'PromptVault: Set Release Gate…');
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: /by Priya|the gate now/ })
      .click();
    await answerTitled(page, 'Set Release Gate: pass rate', '100');
    const question = dialog(page);
    const outcome = async (text: string) =>
      (await webviewFrame(page, 'Lab')).locator('pv-run-bar').getByText(text).first().waitFor();
    await runCommand(page, 'PromptVault: Promote…');
    await answerPrompt();
    await question.getByText(`The release gate holds ${path} v1.1 back`).waitFor();
    await question.getByRole('button', { name: 'Open Results' }).click();
    await outcome('1/2 passed');
    const asked = server.requests.length;
    await runCommand(page, 'PromptVault: Promote…');
    await answerPrompt();
    await question.getByRole('button', { name: 'Run Suite' }).click();
    // What v1.1 answered is stored; production has never been asked.
    await question.getByText(/^2 calls, .*Run\?$/).waitFor();
    await question.getByRole('button', { name: 'Run', exact: true }).click();
    await outcome('2/4 passed');
    assert.equal(server.requests.length, asked + 2);
    const vault = openVault(vaultIn(folder), { actor: testActor, mode: 'read' });
    assert.equal(vault.show({ ref: `${path}@1.1` }).stage, 'TST');
    vault.close();
  });

  it('lets nothing pass the gate but with a reason that the log keeps', async () => {
    const { page, folder } = window();
    const vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
    try {
      await runCommand(page, 'PromptVault: Promote…');
      await answerPrompt();
      const question = dialog(page);
      await question.getByText(`The release gate holds ${path} v1.1 back`).waitFor();
      await question.getByText('compatible:small: Pass rate 50 %, ≥ 100 % wanted').waitFor();
      await chooseAnswer(question, 'Override…');
      await answerTitled(page, `Override the gate for ${path} v1.1`, 'The refund case is wrong');
      await answerTitled(page, `Promote ${path} v1.1 to PRD`, 'Politer');
      await question.getByText('you override it: The refund case is wrong').waitFor();
      await question.getByRole('button', { name: 'Promote to PRD' }).click();
      await question.waitFor({ state: 'hidden' });
      await until(() => vault.show({ ref: `${path}@1.1` }).stage === 'PRD');
      const said = vault.history({ path }).events.map(({ details }) => JSON.stringify(details));
      assert.ok(said.some((details) => details.includes('The refund case is wrong')));
    } finally {
      vault.close();
    }
  });

  /** The prompt is asked for where none is selected. */
  async function answerPrompt(): Promise<void> {
    await quickPickRow(window().page, path).click();
  }
});
