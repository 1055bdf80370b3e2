import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { openVault, run, user } from '../drafts/draftHelpers.ts';
import { eventually, folder } from '../vault/helpers.ts';
import { ask, openFile, placeOf, retype, uriOf } from './codeHelpers.ts';

const path = 'support/triage';

describe('the places that name a prompt', () => {
  let other: EngineClient;
  let script: vscode.TextDocument;

  before(async () => {
    other = await openVault();
    await other.create({ path, messages: user('Sort {{message}}') }).catch(() => undefined);
    script = await openFile('app.ts');
  });
  after(async () => other?.close());

  /** `file:line:column` of each, without what lies in excluded folders. */
  const places = async () => {
    const found = await ask<vscode.Location[]>('executeReferenceProvider', script.uri, placeOf(script, path, 2));
    return found
      .map(({ uri, range }) => `${vscode.workspace.asRelativePath(uri)}:${range.start.line}:${range.start.character}`)
      .sort();
  };
  const expected = ['app.ts:2:54', 'app.ts:3:54', 'built/app.js:1:25', 'web/app.py:2:15', 'web/app.py:3:21'];

  it('are found in all files but those that a search leaves out, whatever their line ends', async () => {
    assert.deepEqual(await places(), expected);
  });

  it('are those of what is typed and not saved', async () => {
    const before = await retype(script, `\n${script.getText()}`);
    assert.deepEqual((await places()).slice(0, 2), ['app.ts:3:54', 'app.ts:4:54']);
    await retype(script, before);
    assert.deepEqual(await places(), expected);
  });

  it('are those of a file that was changed on disk a moment ago', async () => {
    const uri = uriOf('web/app.py');
    const text = await vscode.workspace.fs.readFile(uri);
    await vscode.workspace.fs.writeFile(uri, Buffer.from(`# ä\n${Buffer.from(text)}`));
    assert.deepEqual((await places()).slice(3), ['web/app.py:3:15', 'web/app.py:4:21']);
    await vscode.workspace.fs.writeFile(uri, text);
    assert.deepEqual(await places(), expected);
  });

  it('are shown from the row of the prompt', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('promptvault.prompt.findReferences', { vault: folder().uri.toString(), path });
    const editor = await eventually('the first place', () => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.path, script.uri.path);
    await vscode.commands.executeCommand('closeReferenceSearch');
  });
});
