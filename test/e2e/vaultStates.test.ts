import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, vaultIn } from '../support/vaultBuilders.ts';
import { openWorkbench, workbenchReady, workbenchUrl, writeSettings } from '../support/vscodeHost.ts';
import { distrustful, startServer, type VsCodeServer } from '../support/vscodeServer.ts';
import { openActivity, runCommand, sideBarView, treeRow, webviewFrame } from '../support/workbench.ts';

async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    createReleased(vault);
    vault.createVersion({ ref: 'support/triage@1.0' });
  });
}

describe('a vault that cannot be opened', () => {
  let good: Buffer;
  const window = useVsCode({
    async prepare(folder) {
      await prepare(folder);
      good = await readFile(vaultIn(folder));
      await writeFile(vaultIn(folder), Buffer.from(good).fill(0xff, 100, 2000));
    },
  });
  const prompts = () => sideBarView(window().page, 'Prompts');

  it('is called damaged, with what to do, and left as it is', async () => {
    const { page, folder } = window();
    await openActivity(page, 'PromptVault');
    await prompts().getByText('The vault fails its own checks and was not opened. Nothing was changed.').waitFor();
    await prompts().getByRole('button', { name: 'Restore Backup…' }).waitFor();
    assert.ok(
      Buffer.from(good)
        .fill(0xff, 100, 2000)
        .equals(await readFile(vaultIn(folder))),
    );
  });

  it('is called newer when a later PromptVault made it', async () => {
    const { folder } = window();
    await writeFile(vaultIn(folder), good);
    const raw = new Sqlite(vaultIn(folder));
    raw.exec('PRAGMA user_version = 99; CREATE TABLE later (x)');
    raw.close();
    const newer = await readFile(vaultIn(folder));
    await prompts().getByRole('button', { name: 'Try Again' }).click();
    await prompts().getByText('This vault was made by a newer PromptVault. Update the extension').waitFor();
    assert.ok(newer.equals(await readFile(vaultIn(folder))));
  });

  it('opens once it is mended', async () => {
    const { page, folder } = window();
    await writeFile(vaultIn(folder), good);
    await runCommand(page, 'PromptVault: Refresh');
    await treeRow(prompts(), 'support').waitFor();
    await sideBarView(page, 'Versions').getByText('Select a prompt to see its versions.').waitFor();
    await sideBarView(page, 'Runs').getByRole('button', { name: 'Open the Lab' }).waitFor();
  });

  it('is not there to open in a window without a folder, which says so', async () => {
    const { page, server, folder } = window();
    const address = new URL(workbenchUrl({ server, folder }));
    address.searchParams.delete('folder');
    address.searchParams.set('ew', 'true');
    await page.goto(String(address));
    await workbenchReady(page);
    await openActivity(page, 'PromptVault');
    await prompts().getByText('A vault lives in a folder of your project.').waitFor();
    await prompts().getByRole('button', { name: 'Open Folder' }).waitFor();
  });
});

describe('a folder that is neither trusted nor writable', function () {
  this.timeout(60_000);
  let home: string;
  let folder: string;
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;

  before(async function () {
    this.timeout(120_000);
    home = await mkdtemp(join(tmpdir(), 'promptvault-locked-'));
    folder = join(home, 'workspace');
    await mkdir(folder);
    await prepare(folder);
    const state = join(home, 'state');
    await writeSettings(
      { state },
      { settings: { 'security.workspace.trust.startupPrompt': 'never', 'workbench.editor.useModal': 'off' } },
    );
    // Root may write anywhere, so VS Code runs as nobody, for whom these are read-only.
    const uid = process.getuid?.() === 0 ? 65534 : undefined;
    if (uid !== undefined)
      for (const one of ['state', 'state/user', 'state/user/User']) await chown(join(home, one), uid, uid);
    await chmod(home, 0o755);
    await chmod(vaultIn(folder), 0);
    for (const one of [join(folder, '.promptvault'), folder]) await chmod(one, 0o555);
    [server, browser] = await Promise.all([startServer({ state, uid, flags: distrustful }), launchBrowser()]);
    page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    await openWorkbench({ page, server, folder });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    for (const one of [folder, join(folder, '.promptvault')]) await chmod(one, 0o755);
    await rm(home, { recursive: true, force: true });
  });

  it('opens no vault until it is trusted', async () => {
    await openActivity(page, 'PromptVault');
    const prompts = sideBarView(page, 'Prompts');
    await prompts.getByText('A vault is opened only in a folder you trust').waitFor();
    assert.equal(await prompts.locator('.monaco-list-row').count(), 0);
    await prompts.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await prompts.getByText('The vault did not open.').waitFor();
  });

  it('says what to do about a file it may not even read, and opens it once it may', async () => {
    const prompts = sideBarView(page, 'Prompts');
    await prompts.getByRole('button', { name: 'Show Log' }).waitFor();
    await chmod(vaultIn(folder), 0o444);
    await prompts.getByRole('button', { name: 'Try Again' }).click();
    await treeRow(prompts, 'support').waitFor();
  });

  it('is read-only then: everything can be read, what writes is greyed with the reason', async () => {
    const prompts = sideBarView(page, 'Prompts');
    await prompts.getByText('Read-only:').first().waitFor();
    await treeRow(prompts, 'support').click();
    await treeRow(prompts, 'triage').click();
    const frame = await webviewFrame(page, /triage v1\.1/);
    await frame.getByText('Sort this mail.').first().waitFor();
    const buttons = frame.getByRole('toolbar', { name: 'Actions' }).locator('vscode-button');
    for (const name of ['Edit', 'Promote to TST', 'Create New Version', 'Delete']) {
      const button = buttons.filter({ hasText: name });
      assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
      assert.match((await button.getAttribute('title')) ?? '', /read|writ/i);
    }
    await frame
      .getByRole('status')
      .filter({ hasText: /read|writ/i })
      .first()
      .waitFor();
  });
});
