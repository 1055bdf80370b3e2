import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { openVault, user } from '../drafts/draftHelpers.ts';
import { eventually } from '../vault/helpers.ts';
import { ask, placeOf, release } from './codeHelpers.ts';

const path = 'calls/letter';

describe('what is wrong where code names a prompt', () => {
  let other: EngineClient;
  let document: vscode.TextDocument;

  const open = async (language: string, content: string) => {
    document = await vscode.workspace.openTextDocument({ language, content });
  };
  const marks = () => vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'PromptVault');
  const found = () => marks().map(({ code, range }) => `${code} ${document.getText(range)}`);
  const become = async (expected: string[]) =>
    eventually(`${expected} instead of ${found()}`, () => found().join() === expected.join());
  const fixesAt = async (text: string) => {
    const at = placeOf(document, text, 1);
    const all = await ask<vscode.CodeAction[]>('executeCodeActionProvider', document.uri, new vscode.Range(at, at));
    return all.filter(({ kind }) => kind?.value === 'quickfix');
  };
  const titles = (fixes: vscode.CodeAction[]) => fixes.map(({ title }) => title);
  /** Applies the fix with this title and answers the line it stands in. */
  const use = async (fixes: vscode.CodeAction[], title: RegExp) => {
    const fix = fixes.find((one) => title.test(one.title));
    assert.ok(fix?.edit, titles(fixes).join(' | '));
    await vscode.workspace.applyEdit(fix.edit);
  };

  before(async () => {
    other = await openVault();
    await other.create({ path, messages: user('Dear {{name}}'), variables: [{ name: 'name' }] });
    await release(other, `${path}@1.0`);
    await other.createVersion({ ref: `${path}@1.0`, major: true });
    await release(other, `${path}@2.0`);
    await other.create({ path: 'calls/draft', messages: user('Later') });
  });
  after(async () => other?.close());

  it('is marked by what it is and how much it harms', async () => {
    await open(
      'typescript',
      [
        "getPrompt('calls/leter');",
        "getPrompt('calls/draft');",
        `getPrompt('${path}@1.0');`,
        `getPrompt('${path}@1.7');`,
        `getPrompt('${path}@^1');`,
        `getPrompt('${path}');`,
        '// promptvault: calls/nothing',
      ].join('\n'),
    );
    await become([
      'unknown calls/leter',
      'no-prd calls/draft',
      'retired 1.0',
      'no-such-version 1.7',
      'retired ^1',
      'unknown calls/nothing',
    ]);
    assert.deepEqual(
      marks().map(({ severity }) => vscode.DiagnosticSeverity[severity]),
      ['Error', 'Error', 'Warning', 'Error', 'Information', 'Warning'],
    );
  });

  it('is mended by the path that was meant, and by asking for what production serves', async () => {
    const unknown = await fixesAt('calls/leter');
    assert.equal(titles(unknown)[0], `Change to ${path}`);
    await use(unknown, /calls\/letter/);
    assert.deepEqual(titles(await fixesAt('calls/draft')), ['Promote calls/draft…']);
    await use(await fixesAt('1.0'), /@PRD/);
    await use(await fixesAt('1.7'), /@\^2/);
    await become(['no-prd calls/draft', 'retired ^1', 'unknown calls/nothing']);
    const lines = document.getText().split('\n');
    assert.equal(lines[2], `getPrompt('${path}@PRD');`);
    assert.equal(lines[3], `getPrompt('${path}@^2');`);
  });

  it('is also what is passed: too little, too much, or by a wrong name', async () => {
    await open('python', `get_prompt("${path}", {"nam": who})\nget_prompt("${path}", {})\n`);
    await become([`missing-variable ${path}`, 'unknown-variable nam', `missing-variable ${path}`]);
    const wrong = await fixesAt('nam"');
    assert.deepEqual(titles(wrong), ['Change to name', 'Remove the variable nam']);
    await use(wrong, /Change to name/);
    const second = document.positionAt(document.getText().lastIndexOf(path) + 1);
    const at = new vscode.Range(second, second);
    const missing = await ask<vscode.CodeAction[]>('executeCodeActionProvider', document.uri, at);
    await use(missing, /Add the variable name/);
    await become([]);
    const expected = `get_prompt("${path}", {"name": who})\nget_prompt("${path}", {"name": name})\n`;
    assert.equal(document.getText(), expected);
  });

  it('goes when the vault changes, and when the setting says so', async () => {
    await open('typescript', `getPrompt('calls/draft');\ngetPrompt('${path}@^1');\ngetPrompt('calls/nothing');`);
    await become(['no-prd calls/draft', 'retired ^1', 'unknown calls/nothing']);
    await release(other, 'calls/draft@1.0');
    await other.create({ path: 'calls/nothing', messages: user('Now') });
    await become(['retired ^1', 'no-prd calls/nothing']);
    const settings = vscode.workspace.getConfiguration('promptvault');
    await settings.update('codeDiagnostics.enabled', false, vscode.ConfigurationTarget.Global);
    await become([]);
    assert.deepEqual(await fixesAt('^1'), []);
    await settings.update('codeDiagnostics.enabled', undefined, vscode.ConfigurationTarget.Global);
    await become(['retired ^1', 'no-prd calls/nothing']);
  });
});
