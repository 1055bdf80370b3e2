import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { keyboardOnly } from '../support/keyboardOnly.ts';
import { chooseCommand, chooseInKeyMenu, focusIn, moveToRow, tabTo, typeAnswer } from '../support/keys.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, promoteToPrd, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import { dialog, editorTab, sideBarView, webviewFrame } from '../support/workbench.ts';

const path = 'support/triage';

/** Triage: 1.0 was replaced by 1.1; 1.2 waits in test, 1.3 is written. And others. */
async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    for (const other of ['legal/nda', 'support/reply']) {
      createReleased(vault, { path: other, messages: [userMessage('Another text')] });
    }
    vault.create({ path, messages: [userMessage('The good text')] });
    promoteToPrd(vault, `${path}@1.0`);
    for (const [version, content] of [
      ['1.1', 'The bad text'],
      ['1.2', 'The next text'],
      ['1.3', 'A draft'],
    ] as const) {
      vault.createVersion({ ref: `${path}@latest` });
      vault.edit({ ref: `${path}@${version}`, messages: [userMessage(content)] });
      if (version === '1.1') promoteToPrd(vault, `${path}@1.1`);
      if (version === '1.2') vault.promote({ ref: `${path}@1.2` });
    }
  });
}

describe('by keyboard alone', () => {
  const window = useVsCode({ prepare });
  let vault: Vault;
  let page: Page;

  before(async () => {
    vault = openVault(vaultIn(window().folder), { actor: testActor, mode: 'write' });
    page = keyboardOnly(window().page);
    await page.locator('.statusbar-item').filter({ hasText: 'PromptVault: 3 prompts' }).waitFor();
  });
  after(() => vault?.close());

  it('lets these tests use no mouse', () => {
    const acts = [
      () => page.mouse.move(1, 1),
      () => page.locator('body').click(),
      () => sideBarView(page, 'Prompts').first().hover(),
      () => page.mainFrame().locator('input').fill('text'),
    ];
    for (const act of acts) assert.throws(act, /cannot be done by keyboard/);
  });

  it('finds a prompt from anywhere and shows its newest version', async () => {
    await editorOf('1.3');
  });

  it('edits a draft in the panel and saves it', async () => {
    const frame = await editorOf('1.3');
    await tabTo(page, frame, 'Edit');
    await page.keyboard.press('Enter');
    await until(async () => /^Message 1 of 1/.test((await focusIn(frame)).name), 'the focus in the message');
    await page.keyboard.press('End');
    await page.keyboard.type(', edited');
    await editorTab(page, '● triage v1.3').waitFor();
    await page.keyboard.press('Control+s');
    await editorTab(page, /^triage v1\.3/).waitFor();
    assert.equal(vault.show({ ref: `${path}@1.3` }).messages[0]?.content, 'A draft, edited');
  });

  it('leads by Tab through all of the panel, showing where it is, and out of the text again', async () => {
    const frame = await editorOf('1.3');
    await tabTo(page, frame, /^Message 1 of 1/);
    const stops = await stopsOf(frame);
    for (const wanted of ['Add Message', 'Model', 'Why this version exists', 'Add a tag', 'Height of the preview'])
      assert.ok(stops.includes(wanted), `${wanted} is none of ${stops.join(', ')}`);
    await page.keyboard.press('Shift+Tab');
  });

  it('compares two versions selected in the Versions view', async () => {
    await chooseCommand(page, 'PromptVault: Focus on Versions View');
    const versions = sideBarView(page, 'Versions');
    await moveToRow(page, versions, 'v1.2');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+ArrowDown');
    await versions.locator('.monaco-list-row.selected').nth(1).waitFor();
    await chooseInKeyMenu(page, 'Compare…');
    await editorTab(page, `${path} v1.1 (PRD) ↔ v1.2 (TST)`).waitFor();
    await page.locator('.monaco-diff-editor .modified').getByText('The next text').waitFor();
  });

  it('promotes to production with the reason', async () => {
    await editorOf('1.3');
    await chooseCommand(page, 'PromptVault: Focus on Versions View');
    await moveToRow(page, sideBarView(page, 'Versions'), 'v1.2');
    // Enter selects this one alone; the two that were compared are still selected.
    await page.keyboard.press('Enter');
    await chooseInKeyMenu(page, 'Promote…');
    await typeAnswer(page, /to PRD/, 'Better answers');
    await dialog(page).getByText('v1.1, in production').waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'hidden' });
    await versionRow('v1.2 PRD').waitFor();
    const { version, rationale } = vault.show({ ref: `${path}@PRD` });
    assert.deepEqual([version, rationale], ['1.2', 'Better answers']);
  });

  it('rolls back in three decisions: version, reason, yes', async () => {
    await chooseCommand(page, 'PromptVault: Roll Back…');
    await typeAnswer(page, 'which version was good?', '1.0', 'v1.0');
    await typeAnswer(page, 'to the content of v1.0', 'Incident: wrong answers');
    await dialog(page).getByText('Serve the content of v1.0 again as v1.4?').waitFor();
    await page.locator('.monaco-diff-editor .modified').getByText('The good text').waitFor();
    await page.keyboard.press('Enter');
    await versionRow('v1.4 PRD').waitFor();
    const { version, rationale, messages } = vault.show({ ref: `${path}@PRD` });
    assert.deepEqual([version, rationale, messages[0]?.content], ['1.4', 'Incident: wrong answers', 'The good text']);
  });

  const versionRow = (name: string) => sideBarView(page, 'Versions').locator(`.monaco-list-row[aria-label^="${name}"]`);

  async function editorOf(version: string): Promise<Frame> {
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+g');
    await typeAnswer(page, 'Go to prompt', 'triage', path);
    await editorTab(page, `triage v${version}`).waitFor();
    return webviewFrame(page, new RegExp(`triage v${version.replace('.', '\\.')}`));
  }

  /** The names of all stops of Tab from here to the end of a panel; each shows a ring. */
  async function stopsOf(frame: Frame): Promise<string[]> {
    const stops: string[] = [];
    for (let stop = 0; stop < 80; stop += 1) {
      await page.keyboard.press('Tab');
      if (!(await frame.evaluate(() => document.hasFocus()))) break;
      const { name, ring } = await focusIn(frame);
      if (name === stops[0]) break;
      assert.ok(name && ring, `Stop ${stop}, after ${stops.at(-1)}: "${name}", ring ${ring}`);
      stops.push(name);
    }
    return stops;
  }
});
