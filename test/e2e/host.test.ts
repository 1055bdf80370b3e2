import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repository } from '../support/npmTool.ts';
import { useVsCode } from '../support/useVsCode.ts';
import { editorTab, runCommand, webviewFrame } from '../support/workbench.ts';

describe('the VS Code the tests drive', () => {
  const vscode = useVsCode({
    development: join(repository, 'test/fixtures/panelExtension'),
    settings: { 'editor.fontSize': 21 },
    theme: 'highContrast',
  });

  it('renders webview panels, and a test reaches inside the visible one', async () => {
    const { page } = vscode();
    await runCommand(page, 'Fixture: Open Two Panels');
    const second = await webviewFrame(page, 'Second Panel');
    await second.locator('#count').click();
    await second.locator('#count').click();
    await second.getByText('host saw 2').waitFor();
    await editorTab(page, 'First Panel').click();
    const first = await webviewFrame(page, 'First Panel');
    assert.equal(await first.locator('#count').textContent(), '0');
  });

  it('takes the theme and the user settings a test asks for, and others after a reload', async () => {
    const { page, reload } = vscode();
    const before = await webviewFrame(page, 'First Panel');
    assert.match((await before.locator('body').getAttribute('class')) ?? '', /vscode-high-contrast/);
    await before.locator('#count').click();
    await before.getByText('font size 21').waitFor();
    await reload({ 'editor.fontSize': 19 });
    await runCommand(page, 'Fixture: Open Two Panels');
    const after = await webviewFrame(page, 'Second Panel');
    await after.locator('#count').click();
    await after.getByText('font size 19').waitFor();
  });
});
