import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { commandIds } from '../../../src/extension/commandIds.ts';
import { versionUriParts } from '../../../src/extension/versionUri.ts';
import { eventually, folder, lensTitles, openOtherProcess, tabCalled, tabLabels, tabs, vaultFile } from './helpers.ts';

const run = (id: keyof typeof commandIds, ...args: unknown[]) => vscode.commands.executeCommand(id, ...args);
const path = 'support/triage';

describe('a vault in a window', () => {
  let other: EngineClient;

  before(async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    const api = (await extension?.activate()) as { ready: Promise<void>; version: string };
    await api.ready;
    assert.match(api.version, /^\d+\.\d+\.\d+$/);
  });
  after(async () => other?.close());

  it('is made by a command', async () => {
    assert.equal(existsSync(vaultFile()), false);
    await run('promptvault.vault.create');
    assert.equal(existsSync(vaultFile()), true);
  });

  it('is backed up, checked and examined by commands, in a process of their own', async () => {
    await run('promptvault.vault.backup');
    await run('promptvault.vault.verify');
    await run('promptvault.vault.doctor');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /everything is as it was written/);
    assert.match(text, /\| Backups \| 1, the newest of .* \(manual\) in .*globalStorage/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows in code what another process puts into production', async () => {
    other = await openOtherProcess();
    await other.create({ path, messages: [{ role: 'user', content: 'Sort {{message}}' }] });
    const draft = 'Not in production (newest v1.0)';
    await eventually(draft, async () => (await lensTitles('app.ts')).includes(draft));
    await other.promote({ ref: `${path}@1.0` });
    await other.promote({ ref: `${path}@1.0`, rationale: 'first' });
    const titles = await eventually('the production version', async () => {
      const shown = await lensTitles('app.ts');
      return shown[0]?.startsWith('PRD v1.0') ? shown : undefined;
    });
    assert.deepEqual(titles.slice(1, 4), ['Open', 'Test', 'Insert fetch snippet']);
    assert.ok(titles.includes('$(question) No prompt support/nowhere in the vault'));
    assert.match((await lensTitles('app.py'))[0] ?? '', /^PRD v1\.0/);
  });

  it('shows a version as a read-only document', async () => {
    const source = { vault: folder().uri.toString(), path, version: '1.0' };
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(versionUriParts(source)));
    assert.match(document.getText(), /^# USER\n\nSort \{\{message\}\}\n/);
    assert.equal(document.languageId, 'markdown');
  });

  it('compares a draft with production in the native diff', async () => {
    await other.createVersion({ ref: `${path}@1.0` });
    await other.edit({ ref: `${path}@1.1`, messages: [{ role: 'user', content: 'Sort and answer {{message}}' }] });
    await run('promptvault.version.compareWithPrd', { path, version: '1.1' });
    const tab = await tabCalled(`${path} v1.0 (PRD) ↔ v1.1 (DEV)`);
    assert.ok(tab.input instanceof vscode.TabInputTextDiff);
    const [left, right] = await Promise.all(
      [tab.input.original, tab.input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
    );
    assert.match(left!.getText(), /Sort \{\{message\}\}/);
    assert.match(right!.getText(), /Sort and answer/);
    const later = { ref: `${path}@1.1`, messages: [{ role: 'user' as const, content: 'Changed elsewhere' }] };
    await other.edit(later);
    await eventually('the new text', () => right!.getText().includes('Changed elsewhere'));
  });

  it('opens a version in a panel whose title follows its stage', async () => {
    await run('promptvault.prompt.edit', { path, version: '1.1' });
    const tab = await tabCalled('triage v1.1 [DEV]');
    assert.ok(tab.input instanceof vscode.TabInputWebview);
    const promoted = run('promptvault.version.promote', { path, version: '1.1' });
    // It asks why the version exists, since nobody said so; the answer may be empty.
    await eventually('the tab [TST]', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return tabLabels().includes('triage v1.1 [TST]');
    });
    await promoted;
    const { stage, rationale } = await other.show({ ref: `${path}@1.1` });
    assert.deepEqual([stage, rationale], ['TST', '']);
  });

  it('refuses to edit production, and opens nothing', async () => {
    const before = tabLabels();
    // The reason comes as a notification; the command itself ends.
    await run('promptvault.prompt.edit', { path, version: '1.0' });
    assert.deepEqual(tabLabels(), before);
  });

  it('opens the Lab on the versions asked for', async () => {
    await run('promptvault.lab.open', { path, version: '1.1' });
    const tab = await tabCalled('Lab');
    assert.ok(tab.input instanceof vscode.TabInputWebview);
  });

  it('inserts a snippet that fetches the production version', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: 'print(1)\n' });
    await vscode.window.showTextDocument(document);
    const inserted = run('promptvault.snippet.insert', { path });
    // It asks where the prompt comes from; the vault is the first.
    await eventually('the snippet', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return document.getText().includes('subprocess');
    });
    await inserted;
    assert.match(document.getText(), /get_prompt\("support\/triage"/);
    assert.match(document.getText(), /print\(1\)\n$/);
  });

  it('shows nothing in code when the lines are switched off', async () => {
    const settings = vscode.workspace.getConfiguration('promptvault');
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lensTitles('app.ts'), []);
    await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    await eventually('the lines again', async () => (await lensTitles('app.ts')).length > 0);
  });

  it('cannot be sent elsewhere by a setting of the workspace', async () => {
    const settings = vscode.workspace.getConfiguration('promptvault');
    const { Workspace } = vscode.ConfigurationTarget;
    await assert.rejects(async () => settings.update('models.openai.baseUrl', 'https://evil.example', Workspace));
    await assert.rejects(async () => settings.update('sync.url', 'https://evil.example', Workspace));
  });

  it('changes nothing when its commands are called with anything', async () => {
    const { lastSeq } = await other.info();
    // These open dialogs of the system or other windows, which end a test run.
    const skipped = ['promptvault.prompt.import', 'promptvault.vault.trust', 'promptvault.codeLens.hide'];
    for (const id of Object.keys(commandIds).filter((one) => !skipped.includes(one))) {
      for (const odd of [
        { path: 7, vault: [] },
        { vault: 'file:///elsewhere', path: '../../etc/passwd', version: '0' },
      ]) {
        const answer = await Promise.race([vscode.commands.executeCommand(id, odd, [odd]), wait(150)]);
        assert.equal(answer, undefined, `${id} answers`);
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      }
    }
    assert.equal((await other.info()).lastSeq, lastSeq);
  }).timeout(60_000);

  it('follows a prompt that another process moves and one it deletes', async () => {
    await other.create({ path: 'drafts/idea', messages: [{ role: 'user', content: 'x' }] });
    await run('promptvault.prompt.edit', { path: 'drafts/idea', version: '1.0' });
    await tabCalled('idea v1.0 [DEV]');
    await other.move({ path: 'drafts/idea', to: 'drafts/thought' });
    await tabCalled('thought v1.0 [DEV]');
    assert.ok(tabs().length > 0);
  });
});
