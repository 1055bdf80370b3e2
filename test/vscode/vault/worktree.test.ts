import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { draftAddress } from '../../../src/extension/draftAddress.ts';
import { versionUriParts } from '../../../src/extension/versionUri.ts';
import { eventually, folder, openOtherProcess } from './helpers.ts';

const path = 'branches/text';
const say = (content: string) => [{ role: 'user' as const, content }];
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: folder().uri.fsPath,
    stdio: 'pipe',
  });

/** After the tests of the vault in this window, which make it. */
describe('git under the vault of a window', () => {
  let other: EngineClient;
  const stored = async () => (await other.show({ ref: `${path}@1.0` })).messages[0]?.content;

  before(async () => {
    other = await openOtherProcess();
    await other.create({ path, messages: say('Said on main') });
    git('init', '-q', '-b', 'main');
    git('add', '.promptvault');
    git('commit', '-qm', 'main');
    git('checkout', '-q', '-b', 'side');
    await other.edit({ ref: `${path}@1.0`, messages: say('Said on side') });
    git('commit', '-qam', 'side');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await other?.close();
  });

  it('shows in an open text what the branch holds that is checked out', async () => {
    const source = { vault: folder().uri.toString(), path, version: '1.0' };
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(versionUriParts(source)));
    await vscode.window.showTextDocument(document);
    await eventually('the text of side', () => /Said on side/.test(document.getText()));
    git('checkout', '-q', 'main');
    await eventually('the text of main', () => /Said on main/.test(document.getText()));
  });

  it('saves nothing that was typed on one branch over the text of the other', async () => {
    await vscode.commands.executeCommand('promptvault.version.openText', { path, version: '1.0' });
    const address = draftAddress({ vault: folder().uri.toString(), path, version: '1.0' });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(address));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(2, 0, 2, 4), 'Typed');
    await vscode.workspace.applyEdit(edit);
    git('checkout', '-q', 'side');
    await eventually('the other branch', async () => (await stored()) === 'Said on side');
    assert.match(document.getText(), /Typed on main/);
    assert.equal(await document.save(), false);
    assert.equal(await stored(), 'Said on side');
    assert.equal(git('status', '--porcelain', '.promptvault').toString(), '');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('the stored text', () => /Said on side/.test(document.getText()));
  });
});
