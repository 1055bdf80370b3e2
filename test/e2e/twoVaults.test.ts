import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEngine } from '../../src/engine/openEngine.ts';
import { openVault } from '../../src/vault/vault.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, promoteToPrd, testActor, userMessage } from '../support/vaultBuilders.ts';
import {
  answerInput,
  dialog,
  editorTab,
  openActivity,
  openPalette,
  quickPickRow,
  runCommand,
  sideBarView,
  treeRow,
  webviewFrame,
} from '../support/workbench.ts';

const path = 'support/triage';
const clients = ['client-a', 'client-b'] as const;
const fileIn = (folder: string, client: string) => join(folder, client, '.promptvault', 'vault.db');

async function prepare(folder: string): Promise<void> {
  for (const client of clients) {
    await mkdir(join(folder, client));
    await writeFile(join(folder, client, `${client}.ts`), `getPrompt('${path}');\n`);
    const vault = openVault(fileIn(folder, client), { actor: testActor, mode: 'create' });
    createReleased(vault, { path, messages: [userMessage(`Sort for ${client}`)] });
    if (client === 'client-b') {
      vault.createVersion({ ref: `${path}@1.0` });
      promoteToPrd(vault, `${path}@1.1`);
    }
    vault.close();
    const engine = await openEngine(fileIn(folder, client), {
      actor: testActor,
      host: { connection: async () => ({}), prices: async () => ({}) },
    });
    const checks = [{ type: 'contains' as const, value: client }];
    const definition = { refs: [path], models: ['echo:echo'], checks, checkSets: [], repeat: 1, maxCostUsd: null };
    await engine.saveSuite({ name: 'release', definition });
    await engine.close();
  }
  const folders = clients.map((client) => ({ path: client }));
  await writeFile(join(folder, 'clients.code-workspace'), JSON.stringify({ folders }));
}

describe('the vaults of two clients in one window', () => {
  const window = useVsCode({ prepare, workspaceFile: 'clients.code-workspace' });
  const prompts = () => sideBarView(window().page, 'Prompts');
  /** The row of the prompt below its client. */
  const row = (client: string) =>
    prompts()
      .locator(`.monaco-list-row[aria-label$=", ${path}"]`)
      .nth(clients.indexOf(client as 'client-a'));
  /** Rows move while others open, so each is looked for anew until both prompts are there. */
  async function expandToPrompts(): Promise<void> {
    const closed = prompts()
      .locator('.monaco-list-row[aria-expanded="false"]')
      .filter({ hasText: /client|support/ });
    await until(async () => {
      const next = closed.filter({ hasNotText: 'triage' }).first();
      if (!(await row('client-b').isVisible()) && (await next.isVisible())) await next.click();
      await window().page.waitForTimeout(300);
      return row('client-b').isVisible();
    }, 'the prompts of both');
  }
  const contentOf = async (title: RegExp) =>
    (await webviewFrame(window().page, title)).locator('.cm-content').first().textContent();

  it('stand apart in the sidebar, and every panel names its client', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    // VS Code now and then opens a workspace file without its folders; loading the window again brings them.
    await treeRow(prompts(), 'client-a')
      .waitFor({ timeout: 10_000 })
      .catch(async () => {
        await window().reload();
        await openActivity(page, 'PromptVault');
      });
    for (const client of clients) {
      await treeRow(prompts(), client).waitFor();
      await prompts().locator(`.monaco-list-row[aria-label^="${client}, vault"]`).waitFor();
    }
    await expandToPrompts();
    await row('client-b').waitFor();
    for (const [client, version] of [
      ['client-a', '1.0'],
      ['client-b', '1.1'],
    ] as const) {
      await row(client).dblclick();
      await editorTab(page, `triage v${version} [PRD] · ${client}`).waitFor();
      assert.equal(await contentOf(new RegExp(client)), `Sort for ${client}`);
      await sideBarView(page, 'Versions').getByText(`${client} · ${path}`).waitFor();
    }
  });

  it('both answer a search for a prompt, each under its name', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Go to Prompt…');
    for (const client of clients) await quickPickRow(page, client).waitFor();
    await quickPickRow(page, 'client-a').click();
    await editorTab(page, 'triage v1.0 [PRD] · client-a').waitFor();
    assert.equal(await contentOf(/client-a/), 'Sort for client-a');
    // VS Code gives a panel that has loaded the focus, be it late, and a list without the focus goes.
    const choose = (client: string) => quickPickRow(page, client).click({ timeout: 3000 });
    await until(async () => {
      await runCommand(page, 'PromptVault: Go to Prompt…');
      return choose('client-b').then(
        () => true,
        () => false,
      );
    }, 'client-b in the list');
    await editorTab(page, 'triage v1.1 [PRD] · client-b').waitFor();
    // A panel takes the focus once it has loaded, and a question that stands open then goes away.
    await contentOf(/client-b/);
  });

  it('are asked for before something new is made', async () => {
    const { page, folder } = window();
    await runCommand(page, 'PromptVault: Create Prompt…');
    await quickPickRow(page, 'client-b').click();
    await answerInput(page, 'support/refunds');
    await page.locator('.quick-input-widget').getByText('(2/2)').waitFor();
    await answerInput(page, 'Refunds');
    await editorTab(page, 'refunds v1.0 [DEV] · client-b').waitFor();
    for (const [client, count] of [
      ['client-a', 1],
      ['client-b', 2],
    ] as const) {
      const vault = openVault(fileIn(folder, client), { actor: testActor, mode: 'read' });
      assert.equal(vault.list({}).total, count, client);
      vault.close();
    }
  });

  it('are named by questions and differences', async () => {
    const { page } = window();
    await expandToPrompts();
    await row('client-b').click();
    await webviewFrame(page, /triage.*client-b/);
    await runCommand(page, 'PromptVault: Roll Back…');
    await quickPickRow(page, 'v1.0').click();
    await answerInput(page, 'Incident: a try');
    await dialog(page).getByText(`client-b: ${path} gets a new production version`).waitFor();
    await editorTab(page, `client-b: ${path} v1.1 (PRD) ↔ v1.0 (RET)`).waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  });

  it('show in code what the file’s own client serves', async () => {
    const { page } = window();
    for (const [client, version] of [
      ['client-b', '1.1'],
      ['client-a', '1.0'],
    ] as const) {
      const input = await openPalette(page);
      await input.fill(`${client}.ts`);
      await quickPickRow(page, `${client}.ts`).click();
      await page.locator('.codelens-decoration').getByText(`PRD v${version}`).waitFor();
    }
  });

  it('have their own suites in the Test Explorer, and a run of one is no run of the other', async () => {
    const { page, folder } = window();
    await openActivity(page, 'Testing');
    const rows = page.locator('.test-explorer .monaco-list-row');
    for (const client of clients) await rows.filter({ hasText: client }).first().waitFor();
    await rows.filter({ hasText: 'client-b' }).first().click();
    await page.keyboard.press('ArrowRight');
    const suite = rows.filter({ hasText: 'release' }).first();
    await suite.hover();
    await suite.getByRole('button', { name: 'Run Test' }).click();
    // What costs nothing is not asked about.
    await page.locator('.test-explorer [aria-label*="client-b"][aria-label*="Passed"]').first().waitFor();
    const runsOf = async (client: string) => {
      const engine = await openEngine(fileIn(folder, client), {
        ...{ actor: testActor, mode: 'read' as const },
        host: { connection: async () => ({}), prices: async () => ({}) },
      });
      const runs = await engine.listRuns({});
      await engine.close();
      return runs.map(({ passed, cells }) => [passed, cells]);
    };
    assert.deepEqual([await runsOf('client-a'), await runsOf('client-b')], [[], [[1, 1]]]);
    await openActivity(page, 'PromptVault');
  });

  it('come back each to its own panels after the window was loaded again', async () => {
    const { page, reload } = window();
    await editorTab(page, 'refunds').waitFor();
    await reload();
    for (const client of clients) {
      await editorTab(page, new RegExp(`triage v.* · ${client}`)).click();
      await (await webviewFrame(page, new RegExp(client))).locator('.cm-content').first().waitFor();
      assert.equal(await contentOf(new RegExp(client)), `Sort for ${client}`);
    }
  });
});
