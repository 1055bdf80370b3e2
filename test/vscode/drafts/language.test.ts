import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { draftAddress } from '../../../src/extension/draftAddress.ts';
import { eventually, folder } from '../vault/helpers.ts';
import { openVault } from './draftHelpers.ts';

const path = 'language/letter';
const uri = () => vscode.Uri.from(draftAddress({ vault: folder().uri.toString(), path, version: '1.0' }));
const text = 'Dear {{name}}, {{name}} of {{ town }} and {{not a name}} {{}}';

describe('variables in the text of a version', () => {
  let other: EngineClient;
  let document: vscode.TextDocument;

  before(async () => {
    other = await openVault();
    const variables = [
      { name: 'name', description: 'Whom to *greet*' },
      { name: 'town', default: 'Bonn' },
      { name: 'left_over' },
    ];
    await other.create({ path, messages: [{ role: 'user', content: text }], variables });
    document = await vscode.workspace.openTextDocument(uri());
  });
  after(async () => other?.close());

  const at = (what: string, more = 0) => document.positionAt(document.getText().indexOf(what) + more);
  const found = () =>
    vscode.languages.getDiagnostics(uri()).map(({ code, range }) => `${code} ${document.getText(range)}`);

  it('are completed inside braces, with the braces that close them', async () => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri(),
      at('{{}}', 2),
    );
    const ours = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Variable);
    assert.deepEqual(
      ours.map(({ insertText }) => insertText),
      ['left_over}}', 'name}}', 'town}}'],
    );
    const range = ours[0]!.range as { replacing: vscode.Range };
    assert.equal(document.getText(range.replacing ?? ours[0]!.range), '}}');
  });

  it('offer the headings of messages at the beginning of a line', async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri(),
      new vscode.Position(0, 1),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const heading of ['# SYSTEM', '# USER', '# ASSISTANT']) assert.ok(labels.includes(heading), labels.join());
  });

  it('are marked when they are malformed, new or unused', async () => {
    await eventually('marks', () => found().length > 0);
    assert.deepEqual(found().sort(), ['malformed {{not a name}}', 'malformed {{}}', 'unused # USER']);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri(), at('{{ town }}'), '{{fresh}} ');
    await vscode.workspace.applyEdit(edit);
    await eventually('the new one', () => found().includes('declaredOnSave {{fresh}}'));
    assert.equal(await document.save(), true);
    await eventually('its declaration', () => !found().some((one) => one.startsWith('declaredOnSave')));
  });

  it('are mended by quick fixes, in the text and in the vault', async () => {
    const fixesAt = async (what: string) => {
      const range = new vscode.Range(at(what), at(what, what.length));
      const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri(),
        range,
      );
      return all.filter(({ kind }) => kind?.value === 'quickfix');
    };
    const titles = (actions: vscode.CodeAction[]) => actions.map(({ title }) => title);
    assert.deepEqual(titles(await fixesAt('{{not a name}}')), ['Change to {{not_a_name}}', 'Keep as text', 'Remove']);
    const declared = async () => (await other.show({ ref: `${path}@1.0` })).variables.map(({ name }) => name);
    const use = async ({ edit, command }: vscode.CodeAction) => {
      if (edit) await vscode.workspace.applyEdit(edit);
      if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    };
    const unused = (await fixesAt('# USER')).find(({ title }) => title === 'Remove the variable left_over')!;
    await use(unused);
    assert.equal((await declared()).includes('left_over'), false);
    // A placeholder that stood there undeclared before is not declared by a save.
    await other.edit({
      ref: `${path}@1.0`,
      variables: (await other.show({ ref: `${path}@1.0` })).variables.filter(({ name }) => name !== 'town'),
    });
    const declare = await eventually('the fix', async () =>
      (await fixesAt('{{ town }}')).find(({ title }) => title === 'Declare town'),
    );
    await use(declare!);
    assert.equal((await declared()).includes('town'), true);
    await other.edit({
      ref: `${path}@1.0`,
      variables: (await other.show({ ref: `${path}@1.0` })).variables.map((one) =>
        one.name === 'town' ? { ...one, default: 'Bonn' } : one,
      ),
    });
  });

  it('are explained by their default and description, as plain text', async () => {
    const say = async (position: vscode.Position) => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri(),
        position,
      );
      return hovers.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join();
    };
    assert.match(await say(at('{{name}}', 3)), /Whom.+to.+\\\*greet\\\*[\s\S]+no default/);
    assert.match(await say(at('{{ town }}', 4)), /Default:[\s\S]+Bonn/);
    assert.equal(await say(at('Dear', 1)), '');
  });

  it('are renamed everywhere in the text, and keep their default and description', async () => {
    const rename = (position: vscode.Position, to: string) =>
      vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', uri(), position, to);
    const edit = await rename(at('{{name}}', 4), 'person');
    assert.equal(edit.get(uri()).length, 2);
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /Dear \{\{person\}\}, \{\{person\}\} of/);
    assert.equal(await document.save(), true);
    const { variables } = await other.show({ ref: `${path}@1.0` });
    assert.deepEqual(
      variables.find(({ name }) => name === 'person'),
      { name: 'person', description: 'Whom to *greet*' },
    );
    assert.equal(
      variables.some(({ name }) => name === 'name'),
      false,
    );
    await assert.rejects(Promise.resolve(rename(at('Dear', 1), 'x')));
    await assert.rejects(Promise.resolve(rename(at('{{person}}', 4), 'two words')));
  });

  it('stand in messages that the outline lists', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri(),
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['user'],
    );
  });
});
