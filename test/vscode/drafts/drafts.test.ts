import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { draftAddress } from '../../../src/extension/draftAddress.ts';
import type { Message } from '../../../src/vault/types.ts';
import { eventually, folder, tabCalled, tabs } from '../vault/helpers.ts';
import { openVault, run, user } from './draftHelpers.ts';

const path = 'support/triage';
const ref = `${path}@1.0`;
const uriOf = (version = '1.0', scheme = 'promptvault') =>
  vscode.Uri.from(draftAddress({ vault: folder().uri.toString(), path, version }, scheme));

async function type(uri: vscode.Uri, from: string, to: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  const at = document.getText().indexOf(from);
  assert.ok(at >= 0, `${from} in ${document.getText()}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
  return document;
}
const isClean = (document: vscode.TextDocument) => eventually('a clean document', () => !document.isDirty);
/** The kind of a refusal stands in the code, the name or the stack, depending on which way VS Code carried it. */
const kinds = { NoPermissions: /NoPermissions/, FileNotFound: /FileNotFound|EntryNotFound/ };
const refused = async (call: Thenable<unknown>, kind: keyof typeof kinds) =>
  assert.rejects(Promise.resolve(call), (error: vscode.FileSystemError) =>
    kinds[kind].test(`${error.code} ${error.name} ${error.stack}`),
  );

describe('versions as documents of VS Code', () => {
  let other: EngineClient;

  before(async () => {
    other = await openVault();
    const messages: Message[] = [
      { role: 'system', content: 'You sort mail.\r\n# USER\r\n' },
      { role: 'user', content: 'Sort {{message}} for {{team}}' },
    ];
    const variables = [{ name: 'message' }, { name: 'team', default: 'sales', description: 'Who reads it' }];
    await other.create({ path, messages, variables, settings: { temperature: 0.2 }, rationale: 'first' });
  });
  after(async () => other?.close());

  it('opens a draft by its command, as a prompt', async () => {
    await run('promptvault.version.openText', { path, version: '1.0' });
    await tabCalled('triage@1.0.prompt.md');
    const { document } = (await eventually('the editor', () => vscode.window.activeTextEditor))!;
    assert.equal(document.languageId, 'promptvault-prompt');
    assert.equal(
      document.getText(),
      '# SYSTEM (CRLF)\n\nYou sort mail.\n\\# USER\n\n\n# USER\n\nSort {{message}} for {{team}}\n',
    );
    const stat = await vscode.workspace.fs.stat(document.uri);
    assert.deepEqual([stat.size, stat.mtime, stat.permissions], [Buffer.byteLength(document.getText()), 1, undefined]);
  });

  it('saves what was typed as the next revision, and nothing else', async () => {
    const document = await type(uriOf(), 'Sort', 'Answer {{tone}}:');
    assert.equal(document.isDirty, true);
    assert.equal(await document.save(), true);
    const saved = await other.show({ ref });
    assert.deepEqual(saved.messages, [
      { role: 'system', content: 'You sort mail.\r\n# USER\r\n' },
      { role: 'user', content: 'Answer {{tone}}: {{message}} for {{team}}' },
    ]);
    assert.deepEqual([saved.revision, saved.settings], [2, { temperature: 0.2 }]);
    assert.deepEqual(saved.variables.map(({ name }) => name).sort(), ['message', 'team', 'tone']);
    assert.equal((await vscode.workspace.fs.stat(uriOf())).mtime, 2);
  });

  it('shows what another process saves while nothing is typed', async () => {
    const document = await vscode.workspace.openTextDocument(uriOf());
    await other.edit({ ref, messages: user('Said elsewhere to {{team}}') });
    await eventually('the new text', () => document.getText().includes('Said elsewhere'));
    assert.equal(document.isDirty, false);
  });

  it('does not overwrite a text of the same length that another process saved, and says so', async () => {
    const document = await type(uriOf(), 'elsewhere', 'some-here');
    await other.edit({ ref, messages: user('Said ELSEWHERE to {{team}}') });
    // The two files have the same size, so VS Code itself lets this save through.
    assert.equal((await vscode.workspace.fs.stat(uriOf())).size, Buffer.byteLength(document.getText()));
    assert.equal(await document.save(), false);
    assert.equal((await other.show({ ref })).messages[0]?.content, 'Said ELSEWHERE to {{team}}');
    assert.match(document.getText(), /Said some-here/);
    assert.equal(document.isDirty, true);
  });

  it('does not take a look at the newer text for leave to overwrite it', async () => {
    const document = await vscode.workspace.openTextDocument(uriOf());
    assert.match(Buffer.from(await vscode.workspace.fs.readFile(uriOf())).toString(), /ELSEWHERE/);
    assert.equal(await document.save(), false);
    assert.equal((await other.show({ ref })).messages[0]?.content, 'Said ELSEWHERE to {{team}}');
  });

  it('takes up what is stored when the person reloads', async () => {
    const document = await vscode.workspace.openTextDocument(uriOf());
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await isClean(document);
    assert.match(document.getText(), /Said ELSEWHERE/);
    await type(uriOf(), 'ELSEWHERE', 'it again');
    assert.equal(await document.save(), true);
    assert.equal((await other.show({ ref })).messages[0]?.content, 'Said it again to {{team}}');
  });

  it('saves over a change of the settings, which the text does not hold', async () => {
    const document = await type(uriOf(), 'it again', 'it once more');
    await other.edit({ ref, settings: { temperature: 0.9 } });
    assert.equal(await document.save(), true);
    const { messages, settings } = await other.show({ ref });
    assert.deepEqual([messages, settings], [user('Said it once more to {{team}}'), { temperature: 0.9 }]);
  });

  it('saves over a longer text of somebody else once VS Code has shown the two and the person chose', async () => {
    const document = await type(uriOf(), 'it once', 'him once');
    await other.edit({ ref, messages: user('Something much longer from elsewhere') });
    const stored = async () => (await other.show({ ref })).messages[0]?.content;
    assert.equal(await document.save(), false);
    assert.equal(await stored(), 'Something much longer from elsewhere');
    // What "Compare" in VS Code's own message opens, and the button there that overwrites.
    const { scheme, query } = uriOf();
    const shown = uriOf().with({ scheme: 'conflictResolution', query: JSON.stringify({ scheme, query }) });
    await vscode.commands.executeCommand('vscode.diff', shown, uriOf(), 'theirs ↔ mine');
    assert.match((await vscode.workspace.openTextDocument(shown)).getText(), /Something much longer/);
    await vscode.commands.executeCommand('workbench.files.action.acceptLocalChanges', uriOf());
    await isClean(document);
    assert.equal(await stored(), 'Said him once more to {{team}}');
  });

  it('refuses a text that is no prompt, marks where, and loses nothing', async () => {
    const { revision } = await other.show({ ref });
    const document = await type(uriOf(), '# USER', '# PERSON');
    assert.equal(await document.save(), false);
    assert.equal(document.isDirty, true);
    assert.match(document.getText(), /# PERSON/);
    assert.equal((await other.show({ ref })).revision, revision);
    const [found] = await eventually('the error', () => {
      const all = vscode.languages.getDiagnostics(uriOf());
      return all.some(({ code }) => code === 'unreadable') ? all : undefined;
    });
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found?.range.start.line, 0);
    await type(uriOf(), '# PERSON', '# USER');
    assert.equal(await document.save(), true);
  });

  it('makes, moves and deletes nothing: the views do that', async () => {
    await refused(vscode.workspace.fs.delete(uriOf()), 'NoPermissions');
    await refused(vscode.workspace.fs.writeFile(uriOf('7.0'), Buffer.from('# USER\n')), 'FileNotFound');
  });

  it('saves a text before it is promoted, and refuses to write it from then on', async () => {
    const document = await type(uriOf(), 'once more', 'for good');
    await run('promptvault.version.promote', { path, version: '1.0' });
    await isClean(document);
    await eventually('TST', async () => (await other.show({ ref })).stage === 'TST');
    assert.match((await other.show({ ref })).messages[0]!.content, /for good/);
    await other.promote({ ref, rationale: 'ready' });
    await eventually('a read-only file', async () => (await vscode.workspace.fs.stat(uriOf())).permissions === 1);
    const write = vscode.workspace.fs.writeFile(uriOf(), Buffer.from('# USER\n\nnever\n'));
    await refused(write, 'NoPermissions');
  });

  it('shows production to read only', async () => {
    await run('promptvault.version.openText', { path, version: '1.0' });
    const uri = uriOf('1.0', 'promptvault-ro');
    await eventually('the tab', () =>
      tabs().find(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
    );
    assert.equal(vscode.workspace.fs.isWritableFileSystem('promptvault-ro'), false);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('promptvault'), true);
    const write = vscode.workspace.fs.writeFile(uri, Buffer.from('# USER\n\nnever\n'));
    await refused(write, 'NoPermissions');
    assert.match((await other.show({ ref })).messages[0]!.content, /for good/);
  });

  it('closes nothing and says that a file is gone when its version is deleted', async () => {
    await other.createVersion({ ref });
    await vscode.workspace.openTextDocument(uriOf('1.1'));
    await other.deleteVersion({ ref: `${path}@1.1` });
    await refused(vscode.workspace.fs.stat(uriOf('1.1')), 'FileNotFound');
  });
});
