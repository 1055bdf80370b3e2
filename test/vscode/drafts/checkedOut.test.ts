import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { eventually, folder, tabCalled } from '../vault/helpers.ts';
import { openVault, run, user } from './draftHelpers.ts';

const path = 'files/letter';
const ref = `${path}@1.0`;
const place = (name: string) => join(folder().uri.fsPath, '.promptvault/drafts/files', name);
const file = () => place('letter@1.0.prompt.md');
/** An editor keeps the line ends a file has; they are no part of the prompt. */
const written = () => readFileSync(file(), 'utf8').replaceAll('\r\n', '\n');
/** As an agent or a script does: no editor is involved. */
const write = (text: string) => writeFileSync(file(), text);

describe('a draft checked out as a file', () => {
  let other: EngineClient;
  const stored = async () => (await other.show({ ref })).messages[0]!.content;
  const becomes = (text: string) => eventually(`the draft "${text}"`, async () => (await stored()) === text);
  const fileBecomes = (text: string) => eventually(`the file "${text}"`, () => written() === text);

  before(async () => {
    other = await openVault();
    await other.create({ path, messages: user('Dear {{name}}'), settings: { temperature: 0.5 } });
  });
  after(async () => other?.close());

  it('is written by its command and opened, with the language of prompts', async () => {
    await run('promptvault.version.checkOut', { path, version: '1.0' });
    await tabCalled('letter@1.0.prompt.md');
    assert.equal(written(), '# USER\n\nDear {{name}}\n');
    const document = await vscode.workspace.openTextDocument(file());
    assert.equal(document.languageId, 'promptvault-prompt');
  });

  it('has the same help with variables', async () => {
    const at = new vscode.Position(2, 7);
    const items = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      vscode.Uri.file(file()),
      at,
    );
    assert.ok(items.items.some(({ insertText }) => insertText === 'name}}' || insertText === 'name'));
  });

  it('saves into its draft what a tool writes into the file', async () => {
    write('# USER\n\nHello {{name}}, {{greeting}}\n');
    await becomes('Hello {{name}}, {{greeting}}');
    const { revision, settings, variables } = await other.show({ ref });
    assert.deepEqual([revision, settings], [2, { temperature: 0.5 }]);
    assert.deepEqual(variables.map(({ name }) => name).sort(), ['greeting', 'name']);
  });

  it('follows a file that is replaced by another', async () => {
    const beside = place('new.txt');
    writeFileSync(beside, '# USER\r\n\r\nReplaced {{name}}\r\n');
    renameSync(beside, file());
    await becomes('Replaced {{name}}');
  });

  it('takes up what another process saves into the draft', async () => {
    await other.edit({ ref, messages: user('From elsewhere {{name}}') });
    await fileBecomes('# USER\n\nFrom elsewhere {{name}}\n');
    const { revision } = await other.show({ ref });
    await wait(300);
    assert.equal((await other.show({ ref })).revision, revision, 'and saves it not once more');
  });

  it('takes it up under an editor that has not noticed how the file was written last', async () => {
    const at = place('unwatched/letter@1.0.prompt.md');
    const unnoticed = { path: 'files/unwatched/letter', version: '1.0' };
    await other.create({ path: unnoticed.path, messages: user('Dear {{name}}') });
    await run('promptvault.version.checkOut', unnoticed);
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(at));
    // The same text in more bytes. The settings of this window keep VS Code from looking there.
    writeFileSync(at, '# USER\r\n\r\nDear {{name}}\r\n');
    await other.edit({ ref: `${unnoticed.path}@1.0`, messages: user('From elsewhere {{name}}') });
    await eventually('the file', () => readFileSync(at, 'utf8') === '# USER\n\nFrom elsewhere {{name}}\n');
    await eventually('a saved editor', () => !document.isDirty);
  });

  it('keeps both sides when both were changed', async () => {
    const document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 0), 'Typed here. ');
    await vscode.workspace.applyEdit(edit);
    await other.edit({ ref, messages: user('Saved elsewhere {{name}}') });
    await wait(500);
    assert.equal(written(), '# USER\n\nFrom elsewhere {{name}}\n', 'nothing is written under unsaved text');
    assert.equal(await document.save(), true);
    await wait(700);
    assert.equal(written(), '# USER\n\nTyped here. From elsewhere {{name}}\n');
    assert.equal(await stored(), 'Saved elsewhere {{name}}');
  });

  it('does not save a text that is no prompt, and goes on when it is one again', async () => {
    // Ends the conflict: the file says again what is stored.
    write('# USER\n\nSaved elsewhere {{name}}\n');
    // Answers once file and draft have been compared.
    await run('promptvault.version.checkOut', { path, version: '1.0' });
    const { revision } = await other.show({ ref });
    write('no heading at all\n');
    await wait(500);
    assert.equal((await other.show({ ref })).revision, revision);
    assert.equal(written(), 'no heading at all\n');
    write('# USER\n\nBack again {{name}}\n');
    await becomes('Back again {{name}}');
  });

  it('comes back when it is deleted and checked out again', async () => {
    rmSync(file());
    await other.edit({ ref, messages: user('While it was away {{name}}') });
    await wait(300);
    await run('promptvault.version.checkOut', { path, version: '1.0' });
    await fileBecomes('# USER\n\nWhile it was away {{name}}\n');
    write('# USER\n\nOnce more {{name}}\n');
    await becomes('Once more {{name}}');
  });

  it('leaves files alone that were not checked out', async () => {
    const { revision } = await other.show({ ref });
    await other.createVersion({ ref });
    mkdirSync(dirname(place('x')), { recursive: true });
    writeFileSync(place('letter@1.1.prompt.md'), '# USER\n\nNot asked for\n');
    await wait(500);
    assert.equal((await other.show({ ref: `${path}@1.1` })).messages[0]!.content, 'Once more {{name}}');
    assert.equal((await other.show({ ref })).revision, revision);
  });

  it('changes nothing once its version is in production', async () => {
    await other.promote({ ref });
    await other.promote({ ref, rationale: 'good' });
    write('# USER\n\nToo late {{name}}\n');
    await wait(500);
    assert.equal(await stored(), 'Once more {{name}}');
    assert.equal(written(), '# USER\n\nToo late {{name}}\n');
  });
});
