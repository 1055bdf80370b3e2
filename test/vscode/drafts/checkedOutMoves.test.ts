import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { eventually, folder, tabCalled, tabLabels } from '../vault/helpers.ts';
import { openVault, run, user } from './draftHelpers.ts';

const fileOf = (path: string) => join(folder().uri.fsPath, '.promptvault/drafts', `${path}@1.0.prompt.md`);

describe('a checked-out file whose prompt is moved', () => {
  let other: EngineClient;
  const becomes = (path: string, text: string) =>
    eventually(`${path} "${text}"`, async () => {
      const { messages } = await other.show({ ref: `${path}@1.0` });
      return messages[0]!.content === text;
    });

  before(async () => {
    other = await openVault();
    await other.create({ path: 'going/first', messages: user('Dear {{name}}') });
    await run('promptvault.version.checkOut', { path: 'going/first', version: '1.0' });
    await tabCalled('first@1.0.prompt.md');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await other?.close();
  });

  it('goes to the new path with its editor, and is kept in step there', async () => {
    await other.move({ path: 'going/first', to: 'gone/second' });
    await tabCalled('second@1.0.prompt.md');
    assert.equal(tabLabels().includes('first@1.0.prompt.md'), false);
    assert.equal(existsSync(fileOf('going/first')), false);
    assert.equal(readFileSync(fileOf('gone/second'), 'utf8'), '# USER\n\nDear {{name}}\n');
    writeFileSync(fileOf('gone/second'), '# USER\n\nHello {{name}}\n');
    await becomes('gone/second', 'Hello {{name}}');
    await other.edit({ ref: 'gone/second@1.0', messages: user('From elsewhere {{name}}') });
    await eventually('the file', () => /From elsewhere/.test(readFileSync(fileOf('gone/second'), 'utf8')));
  });

  it('takes along what is typed and not saved', async () => {
    const document = await vscode.workspace.openTextDocument(fileOf('gone/second'));
    await eventually('the text from elsewhere', () => /From elsewhere/.test(document.getText()));
    // On a busy machine VS Code may not have noticed yet how the file was written last, and would not save over it.
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 0), 'Typed. ');
    await vscode.workspace.applyEdit(edit);
    await other.move({ path: 'gone/second', to: 'gone/third' });
    await tabCalled('third@1.0.prompt.md');
    const moved = await vscode.workspace.openTextDocument(fileOf('gone/third'));
    await eventually('the typed text', () => moved.isDirty && /Typed\. From elsewhere/.test(moved.getText()));
    assert.equal((await other.show({ ref: 'gone/third@1.0' })).messages[0]!.content, 'From elsewhere {{name}}');
    assert.equal(await moved.save(), true);
    await becomes('gone/third', 'Typed. From elsewhere {{name}}');
  });

  it('stays where another file has its new name, and overwrites nothing from then on', async () => {
    mkdirSync(dirname(fileOf('taken/fourth')), { recursive: true });
    writeFileSync(fileOf('taken/fourth'), 'somebody else wrote this\n');
    await other.move({ path: 'gone/third', to: 'taken/fourth' });
    await wait(700);
    assert.equal(readFileSync(fileOf('taken/fourth'), 'utf8'), 'somebody else wrote this\n');
    writeFileSync(fileOf('gone/third'), '# USER\n\nToo late {{name}}\n');
    await wait(500);
    assert.equal(
      (await other.show({ ref: 'taken/fourth@1.0' })).messages[0]!.content,
      'Typed. From elsewhere {{name}}',
    );
  });
});
