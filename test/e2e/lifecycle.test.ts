import assert from 'node:assert/strict';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { fillVault, promoteToPrd, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerInput,
  chooseInMenu,
  dialog,
  editorTab,
  quickPickRow,
  runCommand,
  selectPrompt,
  sideBarView,
  treeRow,
  webviewFrame,
} from '../support/workbench.ts';

const path = 'support/triage';

/** 1.0 was replaced by 1.1; 1.2 waits in test. */
async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    const say = (version: string, content: string) =>
      vault.edit({ ref: `${path}@${version}`, messages: [userMessage(content)] });
    vault.create({ path, messages: [userMessage('The good text')] });
    promoteToPrd(vault, `${path}@1.0`);
    vault.createVersion({ ref: `${path}@1.0` });
    say('1.1', 'The bad text');
    promoteToPrd(vault, `${path}@1.1`);
    vault.createVersion({ ref: `${path}@1.1` });
    say('1.2', 'The next text');
    vault.promote({ ref: `${path}@1.2` });
    vault.createVersion({ ref: `${path}@1.1` });
  });
}

describe('the life of a prompt, by mouse and keyboard', () => {
  const window = useVsCode({ prepare });
  let vault: Vault;

  before(async () => {
    const { page, folder } = window();
    vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
    await selectPrompt(page, path, 'v1.0');
  });
  after(() => vault?.close());

  it('greys what the stage forbids and leaves out what it never has', async () => {
    const { page } = window();
    await treeRow(sideBarView(page, 'Versions'), 'v1.1').click({ button: 'right' });
    // "Edit" is not "Edit Labels…".
    const entry = (name: RegExp) => page.locator('.monaco-menu .action-item').filter({ hasText: name });
    await entry(/^Create New Version/).waitFor();
    const greyed = async (name: RegExp) => ((await entry(name).getAttribute('class')) ?? '').includes('disabled');
    assert.deepEqual([await greyed(/^Edit$/), await greyed(/^Delete/), await greyed(/^Test/)], [true, true, false]);
    assert.equal(await entry(/^Promote/).count(), 0);
    assert.equal(await entry(/^Roll Back/).count(), 0);
    await page.keyboard.press('Escape');
  });

  it('rolls back in seconds: version, reason, difference, one question', async () => {
    const { page } = window();
    await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.0'), 'Roll Back');
    await answerInput(page, 'Incident: wrong answers');
    const question = dialog(page);
    await question.getByText('Serve the content of v1.0 again as v1.4? v1.1 becomes RET.').waitFor();
    await editorTab(page, 'v1.1 (PRD)').waitFor();
    await question.getByRole('button', { name: 'Roll Back' }).click();
    await treeRow(sideBarView(page, 'Versions'), 'v1.4').waitFor();
    const served = vault.get({ ref: path });
    assert.deepEqual([served.version, served.messages[0]?.content], ['1.4', 'The good text']);
    assert.equal(vault.show({ ref: `${path}@1.4` }).rationale, 'Incident: wrong answers');
  });

  it('rolls back from the palette and from the tree within 45 s of somebody who reads and thinks', async () => {
    const { page } = window();
    // How long a person takes to look at each step, and for each letter of the reason.
    const look = () => page.waitForTimeout(1000);
    const reason = 'Incident: it loses mails';
    const begin = {
      palette: async () => {
        await runCommand(page, 'PromptVault: Roll Back…');
        await look();
        await quickPickRow(page, 'v1.1').click();
      },
      tree: async () => {
        const row = treeRow(sideBarView(page, 'Prompts'), 'triage');
        await chooseInMenu(page, row, 'Roll Back');
        await look();
        await quickPickRow(page, 'v1.4').click();
      },
    };
    for (const [from, version] of [
      ['palette', '1.5'],
      ['tree', '1.6'],
    ] as const) {
      const started = Date.now();
      await begin[from]();
      await look();
      await page.keyboard.type(reason, { delay: 40 });
      await page.keyboard.press('Enter');
      await dialog(page).getByText(`again as v${version}?`).waitFor();
      // The difference stands behind the question.
      await page
        .locator('.monaco-diff-editor .modified')
        .getByText(/The\s(good|bad)\stext/)
        .first()
        .waitFor();
      await look();
      await dialog(page).getByRole('button', { name: 'Roll Back' }).click();
      await treeRow(sideBarView(page, 'Versions'), `v${version}`).waitFor();
      const seconds = (Date.now() - started) / 1000;
      console.log(`      from the ${from}: ${seconds.toFixed(1)} s`);
      assert.ok(seconds < 45, `${seconds} s`);
      assert.equal(vault.get({ ref: path }).version, version);
      assert.equal(vault.show({ ref: `${path}@${version}` }).rationale, reason);
    }
  });

  it('promotes to production after one question, and not without it', async () => {
    const { page } = window();
    for (const [button, stage] of [
      ['Cancel', 'TST'],
      ['Promote to PRD', 'PRD'],
    ] as const) {
      await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.2'), 'Promote');
      await answerInput(page, 'Better answers');
      await dialog(page).getByText('has never been tested').waitFor();
      await dialog(page).getByRole('button', { name: button }).click();
      await dialog(page).waitFor({ state: 'hidden' });
      await until(() => vault.show({ ref: `${path}@1.2` }).stage === stage);
    }
    assert.equal(vault.get({ ref: path }).messages[0]?.content, 'The next text');
  });

  it('tells beside a text who brought it, and below a diff what changed', async () => {
    const { page } = window();
    // A rollback has its text from what it brought back. The note is no text of the document: it can be neither selected nor copied.
    const isTold = () => {
      const spans = [...document.querySelectorAll('.view-line span')];
      return spans.some((span) => getComputedStyle(span, '::after').content.includes('v1.0 · Priya, '));
    };
    // Where the list is read anew under an open menu, it asks to choose again.
    await until(async () => {
      await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.4'), 'Show Blame');
      return page.waitForFunction(isTold, undefined, { timeout: 5000 }).catch(() => null);
    }, 'who brought the text');
    await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.3'), 'Compare with PRD');
    await page.locator('.statusbar-item').filter({ hasText: 'message 1 (user): 1 word added, 1 removed' }).waitFor();
  });

  it('rehearses a rollback on a copy and tells what it would do', async () => {
    const { page } = window();
    await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.0'), 'Rehearse Rollback');
    const before = vault.eventsAfter({ seq: 0 });
    await runCommand(page, 'Notifications: Show Notifications');
    const told = page
      .locator('.notifications-center .notification-list-item')
      .filter({ hasText: 'Rehearsed on a copy' });
    const next = vault.nextVersion({ ref: `${path}@1.0` });
    await told.filter({ hasText: `the content of v1.0 as v${next} and retire v1.2; undo would be` }).waitFor();
    await told.filter({ hasText: 'message 1 (user): 1 word added, 1 removed' }).waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
    assert.deepEqual(vault.eventsAfter({ seq: 0 }), before);
  });

  it('saves what is typed with Ctrl+S, in the same version', async () => {
    const { page } = window();
    await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.3'), 'Edit');
    const frame = await webviewFrame(page, /triage v1\.3/);
    await frame.locator('.cm-content').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(', kept');
    await editorTab(page, '● triage v1.3').waitFor();
    await page.keyboard.press('Control+s');
    await editorTab(page, /^triage v1\.3/).waitFor();
    assert.equal(vault.show({ ref: `${path}@1.3` }).messages[0]?.content, 'The bad text, kept');
  });

  it('gives back what was typed in a panel that closed', async () => {
    const { page } = window();
    const frame = await webviewFrame(page, /triage v1\.3/);
    await frame.locator('.cm-content').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' and more');
    await editorTab(page, '● triage v1.3').waitFor();
    // The preview follows the typing, and with it the copy that is kept.
    await frame.locator('pv-preview').getByText('and more').waitFor();
    await runCommand(page, 'View: Close Editor');
    await chooseInMenu(page, treeRow(sideBarView(page, 'Versions'), 'v1.3'), 'Edit');
    const again = await webviewFrame(page, /triage v1\.3/);
    await again.locator('.cm-content').filter({ hasText: 'kept and more' }).waitFor();
    await editorTab(page, '● triage v1.3').waitFor();
    assert.equal(vault.show({ ref: `${path}@1.3` }).messages[0]?.content, 'The bad text, kept');
  });
});
