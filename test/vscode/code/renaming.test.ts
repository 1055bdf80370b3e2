import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { openVault, user } from '../drafts/draftHelpers.ts';
import { eventually, folder } from '../vault/helpers.ts';
import { ask, placeOf, uriOf } from './codeHelpers.ts';

const path = 'renamed/first';
const files = {
  'renamed/one.ts': `export {};\nawait getPrompt('${path}');\nawait getPrompt('${path}@^1');\nawait getPrompt('renamed/other');\n`,
  'renamed/two.py': `# promptvault: ${path}\nget_prompt("${path}")\n`,
};

describe('a prompt that is renamed in code', () => {
  let other: EngineClient;
  let document: vscode.TextDocument;

  const rename = (to: string) =>
    ask<vscode.WorkspaceEdit>('executeDocumentRenameProvider', document.uri, placeOf(document, path, 3), to);
  const exists = (named: string) =>
    other.show({ ref: named }).then(
      () => true,
      () => false,
    );

  before(async () => {
    other = await openVault();
    for (const one of [path, 'renamed/other']) await other.create({ path: one, messages: user('x') });
    for (const [name, text] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(uriOf(name), Buffer.from(text));
    }
    document = await vscode.workspace.openTextDocument(uriOf('renamed/one.ts'));
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder().uri, 'renamed'), { recursive: true });
    await other?.close();
  });

  it('is not renamed to what is no path, or to another prompt', async () => {
    await assert.rejects(rename('two//slashes'));
    await assert.rejects(rename('renamed/other'));
    assert.equal(await exists(path), true);
  });

  it('has a new path in all code, and moves in the vault once that is written', async () => {
    const edit = await rename('renamed/second');
    const texts = edit.entries().map(([uri, edits]) => [vscode.workspace.asRelativePath(uri), edits.length]);
    assert.deepEqual(texts.sort(), [
      ['renamed/one.ts', 2],
      ['renamed/two.py', 2],
    ]);
    // Nothing is done by asking: the preview of a rename can be thrown away.
    assert.equal(await exists(path), true);
    await vscode.workspace.applyEdit(edit);
    await eventually('the move', async () => !(await exists(path)));
    assert.equal(await exists('renamed/second'), true);
    assert.equal(document.getText(), files['renamed/one.ts'].replaceAll(path, 'renamed/second'));
    const python = await vscode.workspace.openTextDocument(uriOf('renamed/two.py'));
    assert.equal(python.getText(), files['renamed/two.py'].replaceAll(path, 'renamed/second'));
    for (const one of [document, python]) {
      await one.save();
      await eventually('what is saved', () => !one.isDirty);
    }
  });
});
