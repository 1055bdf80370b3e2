import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { VersionRecord } from '../../src/vault/types.ts';
import { openVault } from '../../src/vault/vault.ts';
import { jsonOf } from '../support/cliProcess.ts';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { fillVault, promoteToPrd, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerTitled,
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
const frozen = 'Cannot edit production versions';
const onlyDev = 'Only DEV versions can be deleted';

/** 1.0 RET, 1.1 PRD, 1.2 TST, 1.3 DEV. */
async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    vault.create({ path, messages: [userMessage('The first text')] });
    promoteToPrd(vault, `${path}@1.0`);
    for (const content of ['The second text', 'The third text', 'The fourth text']) {
      const { version } = vault.createVersion({ ref: `${path}@latest` });
      vault.edit({ ref: `${path}@${version}`, messages: [userMessage(content)] });
      if (version === '1.1') promoteToPrd(vault, `${path}@1.1`);
      if (version === '1.2') vault.promote({ ref: `${path}@1.2` });
    }
  });
}

/** The buttons of a panel: their words, with the reason where they are greyed. */
async function buttonsOf(frame: Frame): Promise<string[]> {
  const buttons = frame.getByRole('toolbar', { name: 'Actions' }).locator('vscode-button');
  await buttons.first().waitFor();
  return buttons.evaluateAll((all) =>
    all.map((one) => {
      const greyed = one.getAttribute('aria-disabled') === 'true';
      return `${one.textContent?.trim()}${greyed ? `: ${one.getAttribute('title')}` : ''}`;
    }),
  );
}

/** What DESIGN §3 says, as a person sees it. */
const expected: { [version: string]: string[] } = {
  '1.3': ['Save: Nothing to save', 'Edit', 'Test', 'Promote to TST', 'Create New Version', 'Delete', 'Roll Back…'],
  '1.2': [
    ...['Save: Nothing to save', 'Edit', 'Test', 'Promote to PRD', 'Create New Version'],
    ...[`Delete: ${onlyDev}`, 'Roll Back…'],
  ],
  '1.1': [`Edit: ${frozen}`, 'Test', 'Create New Version', `Delete: ${onlyDev}`, 'Roll Back…'],
  '1.0': [`Edit: ${frozen}`, 'Test', 'Create New Version', `Delete: ${onlyDev}`, 'Roll Back to v1.0'],
};

describe('the editor panel', () => {
  const window = useVsCode({ prepare });
  const stored = (version: string) =>
    jsonOf<VersionRecord>(['show', `${path}@${version}`, '--vault', vaultIn(window().folder)]);
  const versionRow = (version: string) => treeRow(sideBarView(window().page, 'Versions'), `v${version}`);
  const panelOf = async (version: string) => {
    await versionRow(version).click();
    const frame = await webviewFrame(window().page, new RegExp(`triage v${version.replace('.', '\\.')}`));
    await frame.locator('pv-editor-header .version', { hasText: `v${version}` }).waitFor();
    return frame;
  };

  before(async () => {
    const { page } = window();
    await selectPrompt(page, path, 'v1.0');
  });

  it('has the buttons of each stage, greyed with their reason or not there', async () => {
    for (const [version, buttons] of Object.entries(expected)) {
      assert.deepEqual(await buttonsOf(await panelOf(version)), buttons, version);
    }
  });

  it('says why production and retired versions are read-only, and since when', async () => {
    for (const [version, text, period] of [
      ['1.1', 'The second text', /In production since .+\. Cannot edit production versions/],
      ['1.0', 'The first text', /In production .+ → .+replaced by v1\.1\. Cannot edit production versions/],
    ] as const) {
      const frame = await panelOf(version);
      await frame.getByText(period).waitFor();
      await frame.locator('.cm-content').click();
      await window().page.keyboard.type('typed');
      assert.equal(await frame.locator('.cm-content').textContent(), text);
      assert.equal(await frame.getByRole('button', { name: 'Add Message' }).count(), 0);
    }
  });

  it('saves messages, variables, settings, rationale and tags at once with Ctrl+S', async () => {
    const { page } = window();
    const frame = await panelOf('1.3');
    await frame.locator('.cm-content').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' about {{topic');
    await page.keyboard.press('Escape');
    await page.keyboard.type('}}');
    await editorTab(page, '● triage v1.3 [DEV]').waitFor();
    await frame.getByLabel('Value of topic in Sample 1').fill('lost cards');
    await frame.locator('pv-preview').getByText('The fourth text about lost cards').waitFor();
    await frame.getByLabel('Temperature').fill('0.2');
    await frame.getByRole('textbox', { name: 'Why this version exists' }).fill('Names the topic');
    await frame.getByLabel('Add a tag').fill('cards, intent');
    await frame.getByLabel('Add a tag').press('Enter');
    await frame.getByRole('textbox', { name: 'Title' }).fill('Sorts mails');
    await page.keyboard.press('Control+s');
    await editorTab(page, /^triage v1\.3 \[DEV\]/).waitFor();
    const { messages, variables, settings, rationale, tags, title } = await stored('1.3');
    assert.deepEqual(messages, [userMessage('The fourth text about {{topic}}')]);
    assert.deepEqual(variables, [{ name: 'topic' }]);
    assert.deepEqual(settings, { temperature: 0.2 });
    assert.deepEqual([rationale, tags, title], ['Names the topic', ['cards', 'intent'], 'Sorts mails']);
  });

  it('undoes across fields, and is clean again when all is undone', async () => {
    const { page } = window();
    const frame = await panelOf('1.3');
    await frame.getByRole('textbox', { name: 'Title' }).fill('Another title');
    await frame.getByRole('button', { name: 'Remove tag cards' }).click();
    await editorTab(page, '● triage v1.3').waitFor();
    await frame.getByRole('button', { name: 'Undo' }).click();
    await frame.getByRole('button', { name: 'Remove tag cards' }).waitFor();
    await frame.getByRole('button', { name: 'Undo' }).click();
    await editorTab(page, /^triage v1\.3/).waitFor();
    assert.equal(await frame.getByRole('textbox', { name: 'Title' }).inputValue(), 'Sorts mails');
  });

  it('gives back a title, a rationale and tags of a panel that closed, too', async () => {
    const { page } = window();
    const frame = await panelOf('1.3');
    await frame.getByRole('textbox', { name: 'Title' }).fill('Typed, never saved');
    await frame.getByRole('button', { name: 'Remove tag cards' }).click();
    await runCommand(page, 'View: Close All Editors');
    const again = await panelOf('1.3');
    await again.getByText('What was typed before and not saved is back').waitFor();
    assert.equal(await again.getByRole('textbox', { name: 'Title' }).inputValue(), 'Typed, never saved');
    assert.equal(await again.getByRole('button', { name: 'Remove tag cards' }).count(), 0);
    assert.equal((await stored('1.3')).title, 'Sorts mails');
    await page.keyboard.press('Control+s');
    await editorTab(page, /^triage v1\.3/).waitFor();
    assert.equal((await stored('1.3')).title, 'Typed, never saved');
  });

  it('keeps samples with the prompt, as the dataset of its name, and labels with the version', async () => {
    const { page } = window();
    const frame = await panelOf('1.3');
    await frame.getByRole('button', { name: 'Add sample' }).click();
    await frame.getByLabel('Value of topic in Sample 2').fill('fees');
    await frame.locator('pv-preview').getByText('about fees').waitFor();
    await frame.getByRole('button', { name: 'Add a label' }).click();
    await frame.getByRole('menuitem', { name: 'Production Candidate' }).click();
    await frame.getByRole('button', { name: 'Remove label Production Candidate' }).waitFor();
    assert.deepEqual((await stored('1.3')).labels, ['Production Candidate']);
    await runCommand(page, 'View: Close All Editors');
    const other = await panelOf('1.2');
    await other.locator('.cm-content').waitFor();
    const again = await panelOf('1.3');
    await again.getByRole('button', { name: 'Sample 2', exact: true }).waitFor();
    assert.equal(await again.getByLabel('Value of topic in Sample 1').inputValue(), 'lost cards');
    const vault = openVault(vaultIn(window().folder), { actor: testActor, mode: 'read' });
    const saved = vault.eventsAfter({ seq: 0 }).filter(({ kind }) => kind === 'dataset.saved');
    vault.close();
    const { name, cases } = saved.at(-1)!.details as { name: string; cases: number };
    assert.deepEqual([name, cases], [path, 2]);
    await again.getByRole('button', { name: 'Test with these' }).click();
    const lab = await webviewFrame(page, 'Lab');
    const chosen = lab.getByLabel('Cases').locator('option:checked');
    await chosen.filter({ hasText: path }).waitFor({ state: 'attached' });
    await lab.getByText('2 rows').first().waitFor();
  });

  it('comes back after a restart with its folded messages and what was typed and never saved', async () => {
    const { page } = window();
    const frame = await panelOf('1.3');
    await frame.getByRole('button', { name: 'Collapse message 1' }).click();
    await frame.getByRole('textbox', { name: 'Title' }).fill('Typed before the restart');
    await editorTab(page, '● triage v1.3').waitFor();
    await window().reload();
    const again = await webviewFrame(page, /triage v1\.3/);
    await again.getByText('What was typed before and not saved is back').waitFor();
    assert.equal(await again.getByRole('textbox', { name: 'Title' }).inputValue(), 'Typed before the restart');
    await again.getByRole('button', { name: 'Expand message 1' }).click();
    await again.locator('.cm-content').waitFor();
    await page.keyboard.press('Control+s');
    await editorTab(page, /^triage v1\.3/).waitFor();
    assert.equal((await stored('1.3')).title, 'Typed before the restart');
    await treeRow(sideBarView(page, 'Prompts'), 'support').click();
    await treeRow(sideBarView(page, 'Prompts'), 'triage').click();
    await versionRow('1.0').waitFor();
  });

  it('shows versions one after another in one panel as long as nothing is typed', async () => {
    const { page } = window();
    await runCommand(page, 'View: Close All Editors');
    for (const [version, text] of [
      ['1.0', 'The first text'],
      ['1.2', 'The third text'],
      ['1.1', 'The second text'],
    ] as const) {
      const frame = await panelOf(version);
      await frame.locator('.cm-content').filter({ hasText: text }).waitFor();
      assert.equal(await page.locator('.tabs-container .tab').count(), 1);
    }
  });

  it('has the icons of its buttons, at the height of their words', async () => {
    const frame = await panelOf('1.3');
    const icon = frame.locator('vscode-button .codicon').first();
    const shown = () =>
      icon.evaluate((one) => {
        const fonts = [...document.fonts].map(({ family, status }) => `${family} ${status}`);
        return getComputedStyle(one, '::before').opacity === '1' && fonts.includes('codicon loaded');
      });
    await until(shown, 'the icons');
    const button = frame.locator('vscode-button', { hasText: 'Try It' });
    const middle = async (part: Locator) => {
      const { y, height } = (await part.boundingBox())!;
      return y + height / 2;
    };
    const apart = (await middle(button)) - (await middle(button.locator('.codicon')));
    assert.ok(Math.abs(apart) <= 1, `${apart} px`);
  });

  it('keeps the preview in sight, folds it and makes it higher by keyboard', async () => {
    const frame = await panelOf('1.3');
    const pane = frame.locator('pv-preview');
    const box = async () => (await pane.boundingBox())!;
    const before = await box();
    assert.ok(before.height > 150 && before.y + before.height <= 900, JSON.stringify(before));
    await frame.getByRole('separator', { name: 'Height of the preview' }).focus();
    await frame.page().keyboard.press('PageUp');
    await until(async () => (await box()).height > before.height + 50, 'a higher preview');
    await pane.getByRole('button', { name: 'Preview' }).click();
    await pane.locator('.body').waitFor({ state: 'detached' });
    await pane.getByRole('button', { name: 'Preview' }).click();
    await pane.locator('.body').waitFor();
  });

  it('compares two selected versions, and a draft with production, in the native diff', async () => {
    const { page } = window();
    const sides = page.locator('.monaco-diff-editor');
    await versionRow('1.0').click();
    await versionRow('1.2').click({ modifiers: ['ControlOrMeta'] });
    await chooseInMenu(page, versionRow('1.2'), 'Compare…');
    await editorTab(page, `${path} v1.0 (RET) ↔ v1.2 (TST)`).waitFor();
    await sides.locator('.original').getByText('The first text').waitFor();
    await sides.locator('.modified').getByText('The third text').waitFor();
    const frame = await panelOf('1.3');
    await frame.getByRole('button', { name: 'Compare' }).click();
    await frame.getByRole('menuitem', { name: /With production/ }).click();
    await editorTab(page, `${path} v1.1 (PRD) ↔ v1.3 (DEV)`).waitFor();
    await sides.locator('.original').getByText('The second text').waitFor();
    await sides.locator('.modified').getByText('The fourth text').waitFor();
  });

  it('makes a new version of a retired one, promotes it, and deletes a draft after a question', async () => {
    const { page } = window();
    const retired = await panelOf('1.0');
    await retired.getByRole('toolbar', { name: 'Actions' }).getByText('Create New Version').click();
    await quickPickRow(page, 'Minor version v1.4').click();
    await editorTab(page, 'triage v1.4 [DEV]').waitFor();
    const draft = await panelOf('1.4');
    await draft.getByRole('toolbar', { name: 'Actions' }).getByText('Promote to TST').click();
    // Escape calls it off.
    await page.locator('.quick-input-widget').getByText(`Promote ${path} v1.4 to TST`).waitFor();
    await page.keyboard.press('Escape');
    assert.equal((await stored('1.4')).stage, 'DEV');
    await draft.getByRole('toolbar', { name: 'Actions' }).getByText('Promote to TST').click();
    await answerTitled(page, `Promote ${path} v1.4 to TST`, 'The old one was better');
    await editorTab(page, 'triage v1.4 [TST]').waitFor();
    const { stage, copiedFrom, rationale } = await stored('1.4');
    assert.deepEqual([stage, copiedFrom, rationale], ['TST', '1.0', 'The old one was better']);
    const gone = await panelOf('1.3');
    await gone.getByRole('toolbar', { name: 'Actions' }).getByText('Delete').click();
    await dialog(page).getByText(`Delete ${path} v1.3?`).waitFor();
    await dialog(page).getByRole('button', { name: 'Delete' }).click();
    await gone.getByText(`${path} v1.3 was deleted`).waitFor();
    await versionRow('1.3').waitFor({ state: 'detached' });
  });
});
