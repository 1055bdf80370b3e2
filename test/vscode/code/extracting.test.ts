import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import type { VersionRecord } from '../../../src/vault/types.ts';
import { openVault } from '../drafts/draftHelpers.ts';
import { eventually } from '../vault/helpers.ts';
import { ask, placeOf } from './codeHelpers.ts';

const source = [
  'def triage(mail):',
  '    return call([{"role": "system", "content": f"Sort the mail of {sender} now"}])',
  '',
  'name = "word"',
  '',
].join('\n');

const goSource = 'package main\n\nconst prompt = `Sort the mail now`\n\nfunc main() { println(prompt) }\n';

describe('a string that is extracted to the vault', () => {
  let other: EngineClient;
  let document: vscode.TextDocument;

  before(async () => {
    other = await openVault();
    document = await vscode.workspace.openTextDocument({ language: 'python', content: source });
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await other?.close();
  });

  const actionsAt = async (text: string) => {
    const at = placeOf(document, text, 2);
    const range = new vscode.Range(at, at);
    const all = await ask<vscode.CodeAction[]>('executeCodeActionProvider', document.uri, range, 'refactor.extract');
    return all.filter(({ title }) => title === 'Extract to Vault…');
  };
  const shown = (path: string): Promise<VersionRecord | undefined> =>
    other.show({ ref: `${path}@latest` }).catch(() => undefined);

  /** Takes the suggestions as they are. */
  async function extract(path: string): Promise<{ made: VersionRecord; done: Thenable<unknown> }> {
    const [action] = await actionsAt('Sort the mail');
    const { command, arguments: given = [] } = action!.command!;
    const done = vscode.commands.executeCommand(command, ...given);
    const made = await eventually(path, async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await wait(100);
      return shown(path);
    });
    return { made, done };
  }

  it('is offered where a string says something', async () => {
    assert.equal((await actionsAt('Sort the mail')).length, 1);
    assert.equal((await actionsAt('word')).length, 0);
    assert.equal((await actionsAt('def triage')).length, 0);
  });

  it('becomes a draft with its substitutions as variables, and the code fetches it', async () => {
    const path = `${vscode.workspace.asRelativePath(document.uri).toLowerCase()}/system`;
    const { made, done } = await extract(path);
    assert.equal(made.version, '1.0');
    assert.equal(made.stage, 'DEV');
    assert.deepEqual(made.messages, [{ role: 'system', content: 'Sort the mail of {{sender}} now' }]);
    assert.deepEqual(made.variables, [{ name: 'sender' }]);
    const fetch = `get_prompt("${path}", {"sender": sender})["messages"][0]["content"]`;
    const expected = source.replace('f"Sort the mail of {sender} now"', fetch);
    await eventually('the fetch', () => document.getText() === expected);
    assert.equal((await actionsAt(path)).length, 0);

    await vscode.commands.executeCommand('undo');
    await eventually('the text as it was', () => document.getText() === source);
    assert.ok(await shown(path));
    await vscode.commands.executeCommand('notifications.clearAll');
    await done;
  });

  it('is no constant any more in a language whose constants hold no call', async () => {
    document = await vscode.workspace.openTextDocument({ language: 'go', content: goSource });
    await vscode.window.showTextDocument(document);
    const path = `${vscode.workspace.asRelativePath(document.uri).toLowerCase()}/prompt`;
    const { done } = await extract(path);
    const expected = goSource.replace(
      'const prompt = `Sort the mail now`',
      `var prompt = getPromptText("${path}", nil)`,
    );
    await eventually('the fetch', () => document.getText() === expected);
    await vscode.commands.executeCommand('notifications.clearAll');
    await done;
  });
});
