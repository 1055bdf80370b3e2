import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useVsCode } from '../support/useVsCode.ts';
import { createReleased, fillVault, userMessage } from '../support/vaultBuilders.ts';
import {
  chooseAnswer,
  editorTab,
  openPalette,
  quickPickRow,
  runCommand,
  told,
  webviewFrame,
} from '../support/workbench.ts';

const path = 'support/triage';
const sources = {
  'app.ts': `// promptvault: ${path}\nexport const served = getPrompt('${path}', { message: 'x' });\n`,
  'app.js': `const served = await vault.get('${path}');\n`,
  'app.py': `# promptvault: ${path}\nserved = get_prompt("${path}", message="x")\n`,
};
/** What an inserted snippet begins and ends with. */
const snippets = {
  'app.ts': [
    /^import \{ execFile \} from 'node:child_process';/,
    /const prompt = await getPrompt\('support\/triage', \{ message: /,
  ],
  'app.js': [
    /^import \{ execFile \} from 'node:child_process';/,
    /const prompt = await getPrompt\('support\/triage', \{ message: /,
  ],
  'app.py': [/^import json\nimport subprocess/, /prompt = get_prompt\("support\/triage", \{"message": /],
} as const;

describe('the line above a prompt in code', () => {
  const window = useVsCode({
    settings: { 'files.autoSave': 'off' },
    async prepare(folder) {
      for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
      fillVault(folder, (vault) => {
        createReleased(vault, { path, messages: [userMessage('Sort: {{message}}')] });
        vault.createVersion({ ref: `${path}@1.0` });
      });
    },
  });
  const lens = (title: string | RegExp) =>
    window().page.locator('.codelens-decoration').locator('a').filter({ hasText: title }).first();

  async function openFile(name: string): Promise<void> {
    const { page } = window();
    const input = await openPalette(page);
    await input.fill(name);
    await quickPickRow(page, name).click();
    await editorTab(page, name).waitFor();
    await lens('PRD v1.0').waitFor();
  }

  for (const [name, text] of Object.entries(sources)) {
    it(`opens, tests and fetches the prompt from ${name}`, async () => {
      const { page, folder } = window();
      await openFile(name);
      // A comment directly above a call to the same prompt does not say it twice.
      const titles = await window().page.locator('.codelens-decoration').allInnerTexts();
      assert.equal(titles.length, 1);
      assert.match(
        titles[0]!.replaceAll(/\s+/g, ' '),
        /^PRD v1\.0 · [\w ]+ \| Open \| Test \| Insert fetch snippet \|/,
      );

      await lens('PRD v1.0').click();
      await editorTab(page, 'triage v1.0 [PRD]').waitFor();
      await openFile(name);
      await lens(/^Open$/).click();
      await editorTab(page, 'triage v1.1 [DEV]').waitFor();
      await openFile(name);
      await lens(/^Test$/).click();
      await (await webviewFrame(page, 'Lab')).getByRole('button', { name: `Remove ${path}@1.1` }).waitFor();
      await openFile(name);
      await lens('Insert fetch snippet').click();
      await quickPickRow(page, 'from the vault of the working folder').click();
      await editorTab(page, name).and(page.locator('.dirty')).waitFor();
      await runCommand(page, 'File: Save');
      await editorTab(page, name).and(page.locator(':not(.dirty)')).waitFor();
      const saved = await readFile(join(folder, name), 'utf8');
      for (const pattern of snippets[name as keyof typeof snippets]) assert.match(saved, pattern);
      assert.ok(saved.endsWith(text));
    });
  }

  it('goes by a click on it, and comes back by the notification', async () => {
    const { page } = window();
    await lens('Hide').click();
    await page.locator('.codelens-decoration').first().waitFor({ state: 'hidden' });
    // A driven window shows few toasts.
    const said = await told(page, 'Prompt lines in code are hidden');
    await chooseAnswer(said, 'Show Again');
    await lens('PRD v1.0').waitFor();
  });
});
