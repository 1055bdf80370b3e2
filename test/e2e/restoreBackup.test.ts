import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../src/vault/vault.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, testActor, userMessage, vaultIn } from '../support/vaultBuilders.ts';
import { dialog, openActivity, quickPickRow, runCommand, sideBarView, told, treeRow } from '../support/workbench.ts';

describe('going back to a backup, by clicks', () => {
  const window = useVsCode({
    async prepare(folder) {
      fillVault(folder, (vault) => {
        createReleased(vault);
      });
      execFileSync('git', ['init', '-q'], { cwd: folder });
    },
  });
  const prompts = () => sideBarView(window().page, 'Prompts');
  const paths = () => {
    const vault = openVault(vaultIn(window().folder), { actor: testActor, mode: 'read' });
    const found = vault.list({ limit: 10 }).prompts.map(({ path }) => path);
    vault.close();
    return found;
  };
  before(async () => {
    const { page, folder } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(prompts(), 'support').waitFor();
    await runCommand(page, 'PromptVault: Back Up Vault');
    await told(page, 'Made and checked a backup');
    const vault = openVault(vaultIn(folder), { actor: testActor });
    vault.create({ path: 'later', messages: [userMessage('Made after the backup')] });
    vault.close();
    await treeRow(prompts(), 'later').waitFor();
  });

  it('changes nothing when the list or the question is dismissed', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Restore Backup…');
    await quickPickRow(page, 'Choose a file…').waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'PromptVault: Restore Backup…');
    await quickPickRow(page, 'manual').click();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    assert.deepEqual(paths(), ['later', 'support/triage']);
  });

  it('puts the chosen one back after a confirmation; the tree shows it, and what was there is kept', async () => {
    const { page } = window();
    await runCommand(page, 'PromptVault: Restore Backup…');
    await quickPickRow(page, 'manual').click();
    await dialog(page).getByText('what is there now is kept as a backup').waitFor();
    await dialog(page).getByRole('button', { name: 'Restore' }).click();
    const said = (await (await told(page, 'Restored a vault with 1 prompts')).textContent()) ?? '';
    await treeRow(prompts(), 'later').waitFor({ state: 'detached' });
    assert.deepEqual(paths(), ['support/triage']);
    const [, kept = ''] = /kept as (\S+\.db)/.exec(said) ?? [];
    assert.ok(readdirSync(join(kept, '..')).length >= 2, said);
  });

  it('sets git up, so that git diff shows the vault as text', async () => {
    const { page, folder } = window();
    await runCommand(page, 'PromptVault: Set Up Git for the Vault');
    await told(page, 'git log -p show the prompts');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
    git('add', '.promptvault');
    assert.match(git('diff', '--cached'), /^\+# support\/triage$/m);
    assert.match(readFileSync(join(folder, '.promptvault', '.gitattributes'), 'utf8'), /diff=promptvault/);
  });
});
