import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { fillVault, promoteToPrd, userMessage } from '../support/vaultBuilders.ts';
import {
  answerInput,
  chooseAnswer,
  chooseInMenu,
  openActivity,
  quickPickRow,
  sideBarView,
  told,
  treeRow,
} from '../support/workbench.ts';

const path = 'support/triage';
const skillFile = '.claude/skills/support-triage/SKILL.md';

/** 1.0 was replaced by 1.1. */
async function prepare(folder: string): Promise<void> {
  fillVault(folder, (vault) => {
    vault.create({ path, messages: [userMessage('First text')] });
    promoteToPrd(vault, `${path}@1.0`);
    vault.createVersion({ ref: path });
    vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Second text')] });
    promoteToPrd(vault, `${path}@1.1`);
  });
}

describe('a prompt that is exported to agents', () => {
  const window = useVsCode({ prepare });
  const skill = () => join(window().folder, skillFile);
  const reads = (text: RegExp) => until(() => existsSync(skill()) && text.test(readFileSync(skill(), 'utf8')));

  it('is chosen in the tree and written at once', async () => {
    const { page } = window();
    await openActivity(page, 'PromptVault');
    await treeRow(sideBarView(page, 'Prompts'), 'support').click();
    await chooseInMenu(page, treeRow(sideBarView(page, 'Prompts'), 'triage'), 'Export to Agents');
    await quickPickRow(page, 'Agent Skill').click();
    await page.keyboard.press('Enter');
    await reads(/support\/triage@1\.1 [\s\S]*Second text/);
  });

  it('is left alone after a rollback when somebody edited its file, until a person overwrites it', async () => {
    const { page } = window();
    writeFileSync(skill(), `${readFileSync(skill(), 'utf8')}By hand.\n`);
    await chooseInMenu(page, treeRow(sideBarView(page, 'Prompts'), 'triage'), 'Roll Back');
    await quickPickRow(page, 'v1.0').click();
    await answerInput(page, 'worse');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Roll Back' }).click();
    const warning = await told(page, /Not written for agents.*edited by hand/);
    assert.match(readFileSync(skill(), 'utf8'), /Second text[\s\S]*By hand/);
    await chooseAnswer(warning, 'Overwrite');
    await reads(/support\/triage@1\.2 [\s\S]*First text\n$/);
  });
});
