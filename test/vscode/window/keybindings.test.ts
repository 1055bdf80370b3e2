import assert from 'node:assert/strict';
import * as vscode from 'vscode';

type Binding = { key: string; command: string; when?: string };

describe('the keys of the extension', () => {
  let all: Binding[] = [];
  const isOurs = ({ command }: Binding) => command.startsWith('promptvault.');

  before(async () => {
    const address = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(address)).getText();
    const list = text.slice(text.indexOf('['), text.indexOf('\n]') + 2).replaceAll(/^\s*\/\/.*$/gm, '');
    all = JSON.parse(list) as Binding[];
    assert.ok(all.length > 500 && all.some(isOurs), `${all.length} keys`);
  });

  it('take no key that VS Code uses, except to save what a panel holds', () => {
    const ours = all.filter(isOurs);
    // Keys with the clause `false` are never pressed.
    const theirs = all.filter((one) => !isOurs(one) && one.when !== 'false');
    // A key that begins with ours, or that ours begins with, would make the other unreachable.
    const clashes = ({ key }: Binding) =>
      theirs.filter((one) => key === one.key || key.startsWith(`${one.key} `) || one.key.startsWith(`${key} `));
    const elsewhere = ours.filter(({ when }) => !/activeWebviewPanelId|focusedView/.test(when ?? ''));
    assert.ok(elsewhere.length > 0);
    assert.deepEqual(elsewhere.flatMap(clashes), []);
  });

  it('work only where PromptVault is', () => {
    for (const { command, when = '' } of all.filter(isOurs)) assert.match(when, /promptvault\./, command);
  });
});
