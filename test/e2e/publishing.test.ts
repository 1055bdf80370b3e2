import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { accessProblems } from '../support/access.ts';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, promoteToPrd, testActor, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerTitled,
  chooseInMenu,
  dialog,
  editorTab,
  openActivity,
  quickPickRow,
  runCommand,
  sideBarView,
  told,
  treeRow,
} from '../support/workbench.ts';

const canary = 'pv-canary-51c2d9';
const path = 'support/triage';

describe('the Publishing view', () => {
  let endpoint: EndpointServer;
  let vault: Vault;
  const window = useVsCode({
    async prepare(folder) {
      endpoint = await openEndpointServer(({ path: address }, response) => {
        if (address.endsWith('/broken')) response.writeHead(410).end();
      });
      vault = openVault(vaultIn(folder), { actor: testActor, mode: 'create' });
      createReleased(vault, { path });
      createReleased(vault, { path: 'legal/nda' });
    },
  });
  after(async () => {
    vault?.close();
    await endpoint?.close();
  });
  const settingsFile = () => join(window().server.state, 'user/User/settings.json');
  const view = () => sideBarView(window().page, 'Publishing');
  const row = (text: string | RegExp) => treeRow(view(), text);
  /** VS Code sets a row's label and description without a space between, so no name contains that text. */
  async function viewsAreFine(state: string) {
    const found = await accessProblems(window().page, '.part.sidebar .pane-body');
    assert.deepEqual(
      found.filter((problem) => !problem.startsWith('label-content-name-mismatch')),
      [],
      state,
    );
  }
  /** Each of a row of choices in turn. */
  async function choose(page: Page, ...labels: string[]) {
    for (const label of labels) await quickPickRow(page, label).click();
  }

  it('is not there before there is something to show, and says then how to begin', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(sideBarView(page, 'Prompts'), 'support').waitFor();
    assert.equal(await view().count(), 0);
    await runCommand(page, 'PromptVault: Show Publishing');
    await view().getByText('Nothing is published from here yet').waitFor();
    await viewsAreFine('welcome');
  });

  it('adds a target step by step and shows what would leave before anything does', async () => {
    const { page } = window();
    await view().locator('.monaco-text-button').filter({ hasText: 'Add Target…' }).click();
    await choose(page, 'An endpoint of your own');
    await answerTitled(page, 'Add a sync target (2/5)', 'shop');
    await answerTitled(page, 'Add a sync target (3/5)', endpoint.url);
    await answerTitled(page, 'Add a sync target (4/5)', canary);
    await choose(page, 'When I say so');
    await row('shop').waitFor();
    await row('shop').hover();
    await row('shop').getByRole('button', { name: 'Dry Run' }).click();
    await editorTab(page, /What would leave for shop/).waitFor();
    assert.equal(endpoint.received.length, 0);
  });

  it('sends with the token, and keeps it out of the settings', async () => {
    const { page } = window();
    await row('shop').hover();
    await row('shop').getByRole('button', { name: 'Sync Now' }).click();
    await told(page, '2 sent, 0 unchanged');
    await row(/shop.*sent just now/).waitFor();
    assert.ok(endpoint.received.every(({ headers }) => headers.authorization === `Bearer ${canary}`));
    const written = await readFile(settingsFile(), 'utf8');
    assert.ok(written.includes('promptvault.sync.targets') && !written.includes(canary));
  });

  it('tells once of a webhook that fails, counts it, and shows each attempt', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Add Webhook…');
    await choose(page, 'Slack, or what takes its messages');
    await answerTitled(page, 'Add a webhook (2/4)', endpoint.url.replace('/prompts', '/broken'));
    await answerTitled(page, 'Add a webhook (3/4)', 'team');
    await page.locator('.quick-input-widget').getByText('Add a webhook (4/4)', { exact: true }).waitFor();
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await row('team').waitFor();
    vault.createVersion({ ref: `${path}@1.0`, rationale: 'Calmer' });
    promoteToPrd(vault, `${path}@1.1`);
    await row(/team.*1 failed/).waitFor();
    await told(page, '1 delivery to the webhook team failed');
    await page.locator('.activitybar').getByRole('tab', { name: 'PromptVault - 1 target needs attention' }).waitFor();
    await row('team').locator('.monaco-tl-twistie').click();
    const delivery = row(/triage v1\.1.*promoted to PRD.*failed/);
    await delivery.locator('.monaco-tl-twistie').click();
    await row(/Attempt 1.*HTTP 410/).waitFor();
  });

  it('delivers again what failed', async () => {
    const { page } = window();
    endpoint.answer = () => undefined;
    await chooseInMenu(page, row(/promoted to PRD/), 'Redeliver');
    await row(/promoted to PRD.*delivered/).waitFor();
    await row(/team.*sent just now/).waitFor();
  });

  it('makes a token that is shown once, and revokes it', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Create Token…');
    await answerTitled(page, 'Create an access token (1/3)', 'checkout');
    await choose(page, 'Production only', '90 days');
    await dialog(page)
      .getByText(/pv_[0-9a-f]{12}_/)
      .waitFor();
    await dialog(page).getByRole('button', { name: 'Copy' }).click();
    await row('Access tokens').locator('.monaco-tl-twistie').click();
    await row(/checkout.*read-prd · until/).waitFor();
    await chooseInMenu(page, row('checkout'), 'Revoke Token');
    await dialog(page).getByRole('button', { name: 'Revoke', exact: true }).click();
    await row(/checkout.*revoked/).waitFor();
    await viewsAreFine('targets, deliveries and tokens');
  });
});
