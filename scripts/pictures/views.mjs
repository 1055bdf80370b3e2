import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answerInput,
  chooseInMenu,
  dialog,
  editorTab,
  openActivity,
  openPalette,
  quickPickRow,
  runCommand,
  sideBarView,
  treeRow,
  webviewFrame,
} from '../../test/support/workbench.ts';
import { attempt, root } from '../install.mjs';

const prompts = (page) => sideBarView(page, 'Prompts');
const versionRow = (page, version) => treeRow(sideBarView(page, 'Versions'), version);

async function closeEditors(page) {
  await runCommand(page, 'View: Close All Editors');
}

/** Shows a prompt's versions; its newest one stands in the editor area, too. */
async function select(page, name) {
  const support = treeRow(prompts(page), 'support');
  if ((await support.getAttribute('aria-expanded')) !== 'true') await support.click();
  await treeRow(prompts(page), name).click();
  await versionRow(page, 'v1.0').waitFor();
}

const values = {
  company: 'Northwind Bank',
  policy: 'Refunds from shops take 3 to 5 working days after the shop has sent them.',
  message: 'My refund is missing from my statement.',
};

/** One picture for each way of grouping that the extension has. */
function groupings() {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const titles = contributes.commands.map(({ title }) => title).filter((title) => /^Group by /.test(title));
  const named = titles.map((title) => [title.toLowerCase().replaceAll(' ', '-'), title]);
  return Object.fromEntries(
    named.map(([name, title]) => [
      `prompts-${name}`,
      async (page) => {
        await runCommand(page, `PromptVault: ${title}`);
        const first = prompts(page).locator('.monaco-list-row').first();
        await first.waitFor();
        if ((await first.getAttribute('aria-expanded')) === 'false') await first.click();
      },
    ]),
  );
}

/** Each brings the window of the sample into the state it is named after. `folder` is the workspace. */
export const views = {
  ...groupings(),
  async 'editor-draft'(page) {
    await runCommand(page, 'PromptVault: Group by Folder');
    // The rows of the grouping before are still going.
    await page.waitForTimeout(1000);
    await select(page, 'reply');
    const frame = await webviewFrame(page, /reply/);
    for (const [name, text] of Object.entries(values)) {
      await frame
        .getByLabel(new RegExp(`^Value of ${name}\\b`))
        .first()
        .fill(text);
    }
    await frame.locator('pv-preview').getByText(values.message).waitFor();
    await frame.locator('.cm-content').first().click();
    await page.keyboard.press('Control+Home');
    // Reaching the values has scrolled the page.
    await frame.locator('.messages').evaluate((column) => column.scrollTo(0, 0));
  },
  async 'editor-production'(page) {
    await select(page, 'triage');
    await versionRow(page, 'v1.3').click();
    const frame = await webviewFrame(page, /triage v1\.3/);
    await frame.getByText('Cannot edit production versions').waitFor();
  },
  async 'editor-conflict'(page, folder) {
    await select(page, 'reply');
    const frame = await webviewFrame(page, /reply/);
    await frame.locator('.cm-content').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Sign with your first name.');
    await editorTab(page, '● reply').waitFor();
    const args = ['edit', 'support/reply@latest', '--actor', 'Tom Berg <tom@northwind.example>', '--rationale', 'Tone'];
    await attempt('node', [join(root, 'dist/cli.js'), ...args], { cwd: folder, capture: true, input: '{{message}}\n' });
    await frame.getByText('while you were editing').waitFor();
  },
  async text(page) {
    await closeEditors(page);
    await select(page, 'triage');
    await chooseInMenu(page, versionRow(page, 'v1.4'), 'Open as Text');
    await page.locator('.monaco-editor .view-line').first().waitFor();
  },
  async diff(page) {
    await select(page, 'triage');
    await closeEditors(page);
    await chooseInMenu(page, versionRow(page, 'v1.4'), 'Compare with PRD');
    await page.locator('.statusbar-item').filter({ hasText: 'words added' }).waitFor();
  },
  async 'diff-of-all-versions'(page) {
    await select(page, 'triage');
    await closeEditors(page);
    await chooseInMenu(page, versionRow(page, 'v1.3'), 'Compare All Versions');
    await page.locator('.multiDiffEntry .title').first().waitFor();
  },
  async blame(page) {
    await select(page, 'triage');
    await closeEditors(page);
    await chooseInMenu(page, versionRow(page, 'v1.3'), 'Show Blame');
    await editorTab(page, 'triage v1.3').waitFor();
  },
  async 'lab-setup'(page) {
    await select(page, 'triage');
    await closeEditors(page);
    await chooseInMenu(page, versionRow(page, 'v1.4'), 'Test in the Lab');
    const frame = await webviewFrame(page, 'Lab');
    await frame.getByRole('button', { name: 'Run', exact: true }).waitFor();
  },
  async 'lab-results'(page) {
    await closeEditors(page);
    await treeRow(sideBarView(page, 'Runs'), '2 models').click();
    const frame = await webviewFrame(page, 'Lab');
    await frame.getByText('passcode_forgotten').first().waitFor();
  },
  async 'lab-cell'(page) {
    const frame = await webviewFrame(page, 'Lab');
    await frame.getByRole('gridcell').nth(1).click();
    await page.keyboard.press('Enter');
    await frame.getByRole('complementary', { name: 'Cell' }).waitFor();
  },
  async codelens(page) {
    await closeEditors(page);
    const input = await openPalette(page);
    await input.fill('support.ts');
    await quickPickRow(page, 'support.ts').click();
    await page.locator('.codelens-decoration').filter({ hasText: 'PRD v1.3' }).first().waitFor();
  },
  async 'go-to-prompt'(page) {
    await closeEditors(page);
    await runCommand(page, 'PromptVault: Go to Prompt…');
    await page.locator('.quick-input-title').filter({ hasText: 'Go to' }).waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.type('support');
    await quickPickRow(page, 'triage').waitFor();
  },
  async walkthrough(page) {
    await page.keyboard.press('Escape');
    // The pictures of the steps need the room of the side bar.
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await runCommand(page, 'Welcome: Open Walkthrough...');
    await page.waitForTimeout(500);
    await page.keyboard.type('PromptVault');
    await quickPickRow(page, 'PromptVault').click();
    await page.getByText('Write a prompt').first().waitFor();
  },
  async settings(page) {
    await closeEditors(page);
    await openActivity(page, 'PromptVault');
    await runCommand(page, 'Preferences: Open Settings (UI)');
    await page.locator('.settings-header').waitFor();
    await page.waitForTimeout(1000);
    await page.keyboard.type('@ext:promptvault.promptvault base');
    await page.locator('.settings-editor').getByText('Base Url').first().waitFor();
  },
  async promote(page) {
    await closeEditors(page);
    await select(page, 'triage');
    await chooseInMenu(page, versionRow(page, 'v1.4'), 'Promote…');
    await answerInput(page, 'Close intents are told apart: 39 of 40 instead of 35');
    await dialog(page).getByText('to production?').waitFor();
  },
  async 'rollback-1-version'(page) {
    await page.keyboard.press('Escape');
    await closeEditors(page);
    await select(page, 'triage');
    await closeEditors(page);
    await runCommand(page, 'PromptVault: Roll Back…');
    await quickPickRow(page, 'v1.2').waitFor();
  },
  async 'rollback-2-reason'(page) {
    await quickPickRow(page, 'v1.2').click();
    await page.locator('.quick-input-title').filter({ hasText: 'to the content of v1.2' }).waitFor();
    await page.keyboard.type('Quality: the weekly review needs the explanations');
  },
  async 'rollback-3-question'(page) {
    await answerInput(page, 'Quality: the weekly review needs the explanations');
    await dialog(page).getByText('Serve the content of').waitFor();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
  },
};
