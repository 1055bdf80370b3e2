import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { draftAddress } from '../../../src/extension/draftAddress.ts';
import { eventually, folder, tabCalled, tabs } from '../vault/helpers.ts';
import { openVault, run, user } from './draftHelpers.ts';

const uriOf = (path: string) => vscode.Uri.from(draftAddress({ vault: folder().uri.toString(), path, version: '1.0' }));
const openTabs = () =>
  tabs()
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? input.uri.path.split('/') : []))
    .filter((_, at, parts) => parts[at - 1] === 'moving');
const documentOf = (path: string) =>
  vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === uriOf(path).toString());

describe('a text whose prompt is moved', () => {
  let other: EngineClient;

  before(async () => {
    other = await openVault();
    await other.create({ path: 'moving/first', messages: user('Written at home') });
    await run('promptvault.version.openText', { path: 'moving/first', version: '1.0' });
    await tabCalled('first@1.0.prompt.md');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await other?.close();
  });

  it('follows to the new address', async () => {
    await other.move({ path: 'moving/first', to: 'moving/second' });
    await eventually('the new tab alone', () => openTabs().join() === 'second@1.0.prompt.md');
    assert.match(documentOf('moving/second')!.getText(), /Written at home/);
  });

  it('takes along what was typed, and saves it over nothing it was not typed on', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uriOf('moving/second'), new vscode.Range(2, 0, 2, 7), 'Typed');
    await vscode.workspace.applyEdit(edit);
    await other.move({ path: 'moving/second', to: 'moving/third' });
    await eventually('the new tab alone', () => openTabs().join() === 'third@1.0.prompt.md');
    const document = documentOf('moving/third')!;
    assert.match(document.getText(), /Typed at home/);
    assert.equal(document.isDirty, true);
    await other.edit({ ref: 'moving/third@1.0', messages: user('Other at home') });
    assert.equal(await document.save(), false);
    assert.equal((await other.show({ ref: 'moving/third@1.0' })).messages[0]?.content, 'Other at home');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('the stored text', () => /Other at home/.test(document.getText()));
  });

  it('opens at the new address when the old one is opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('vscode.open', uriOf('moving/first'));
    await eventually('the new tab alone', () => openTabs().join() === 'third@1.0.prompt.md');
    assert.match(documentOf('moving/third')!.getText(), /Other at home/);
  });
});
