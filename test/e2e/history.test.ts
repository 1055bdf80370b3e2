import assert from 'node:assert/strict';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { fillVault, promoteToPrd, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import {
  answerInput,
  chooseAnswer,
  chooseInMenu,
  dialog,
  editorTab,
  selectPrompt,
  sideBarView,
  told,
  treeRow,
} from '../support/workbench.ts';

const path = 'support/triage';

/** 1.0 was replaced by 1.1; 1.2 is a draft, saved twice. */
async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    const save = (version: string, text: string, temperature: number) =>
      vault.edit({ ref: `${path}@${version}`, messages: [userMessage(text)], settings: { temperature } });
    vault.create({ path, messages: [userMessage('Sort this mail. Be kind.')], settings: { temperature: 0.2 } });
    promoteToPrd(vault, `${path}@1.0`);
    vault.createVersion({ ref: `${path}@1.0` });
    save('1.1', 'Sort this letter. Be kind.', 0.4);
    promoteToPrd(vault, `${path}@1.1`);
    vault.createVersion({ ref: `${path}@1.1` });
    save('1.2', 'Sort this message. Be kind.', 0.4);
    save('1.2', 'Sort this parcel. Be kind.', 0.7);
  });
}

describe('the history of a prompt', () => {
  const window = useVsCode({ prepare });
  let vault: Vault;
  const versionRow = (text: string) => treeRow(sideBarView(window().page, 'Versions'), text);
  const sides = (side: 'original' | 'modified') => window().page.locator(`.monaco-diff-editor .${side}`);

  before(async () => {
    const { page, folder } = window();
    vault = openVault(vaultIn(folder), { actor: testActor, mode: 'write' });
    await selectPrompt(page, path, 'v1.2');
  });
  after(() => vault?.close());

  it('marks in a diff the word that changed, not its line, and tells of settings first', async () => {
    const { page } = window();
    await chooseInMenu(page, versionRow('v1.2'), 'Compare with PRD');
    await editorTab(page, `${path} v1.1 (PRD) ↔ v1.2 (DEV)`).waitFor();
    await sides('modified').getByText('Sort this parcel.').waitFor();
    const told = 'temperature 0.4 → 0.7, message 1 (user): 1 word added, 1 removed';
    await page.locator('.statusbar-item').filter({ hasText: told }).waitFor();
    // A diff draws its marks anew while it lays itself out.
    await page.waitForFunction(() => {
      const width = (mark: string) => document.querySelector(`.modified ${mark}`)?.getBoundingClientRect().width ?? 0;
      return width('.char-insert') > 0 && width('.char-insert') * 3 < width('.line-insert');
    });
  });

  it('compares a saved state with what is stored, and with another version', async () => {
    const { page } = window();
    await versionRow('v1.2').locator('.monaco-tl-twistie').click();
    await versionRow('Revision 2').click();
    await editorTab(page, `${path} v1.2: revision 2 ↔ stored`).waitFor();
    await sides('original').getByText('Sort this message.').waitFor();
    await chooseInMenu(page, versionRow('Revision 2'), 'Select for Compare');
    await chooseInMenu(page, versionRow('v1.0'), 'Compare with Selected');
    await editorTab(page, `${path} v1.2 revision 2 ↔ ${path} v1.0`).waitFor();
    await sides('modified').getByText('Sort this mail.').waitFor();
  });

  it('restores a saved state as the next one', async () => {
    const { page } = window();
    await chooseInMenu(page, versionRow('Revision 2'), 'Restore This Revision');
    await versionRow('Revision 4 (stored)').waitFor();
    assert.equal(vault.show({ ref: `${path}@1.2` }).messages[0]?.content, 'Sort this message. Be kind.');
  });

  it('shows all versions in one editor, each beside the one before', async () => {
    const { page } = window();
    await chooseInMenu(page, versionRow('v1.1'), 'Compare All Versions');
    await editorTab(page, `${path}: each version ↔ the one before`).waitFor();
    for (const name of ['triage v1.2', 'triage v1.1', 'triage v1.0'])
      await page.locator('.multiDiffEntry .title').filter({ hasText: name }).first().waitFor();
  });

  it('tells how long a rehearsed rollback took, and offers to do it', async () => {
    const { page } = window();
    await chooseInMenu(page, versionRow('v1.0'), 'Rehearse Rollback');
    const rehearsed = await told(page, /Rehearsed on a copy in (\d+ ms|\d+\.\d s); nothing was changed/);
    await chooseAnswer(rehearsed, 'Show Difference');
    await editorTab(page, `${path} v1.1 (PRD) ↔ v1.0 (RET)`).waitFor();
    assert.equal(vault.get({ ref: path }).version, '1.1');
  });

  it('rolls back, says how to undo it, and undoes it', async () => {
    const { page } = window();
    await chooseInMenu(page, versionRow('v1.0'), 'Roll Back');
    const confirm = async (reason: string) => {
      await answerInput(page, reason);
      await dialog(page).getByText('Undo: roll back to v1.').waitFor();
      await dialog(page).getByRole('button', { name: 'Roll Back' }).click();
    };
    await confirm('Incident: letters get lost');
    const done = await told(page, /v1\.3 is in production.*Undo: roll back to v1\.1/);
    assert.equal(vault.get({ ref: path }).messages[0]?.content, 'Sort this mail. Be kind.');
    await chooseAnswer(done, 'Undo…');
    await confirm('It was not that');
    await versionRow('v1.4').waitFor();
    const { version, rollbackOf, rationale, messages } = vault.show({ ref: `${path}@PRD` });
    assert.deepEqual([version, rollbackOf, rationale], ['1.4', '1.1', 'It was not that']);
    assert.equal(messages[0]?.content, 'Sort this letter. Be kind.');
  });
});
