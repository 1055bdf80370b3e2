import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { openVault } from '../drafts/draftHelpers.ts';
import { eventually, lensTitles } from '../vault/helpers.ts';
import { ask, openFile, placeOf, release } from './codeHelpers.ts';

const path = 'support/triage';

describe('a prompt named in code', () => {
  let other: EngineClient;
  let script: vscode.TextDocument;

  before(async () => {
    other = await openVault();
    const variables = [
      { name: 'message', description: 'What *they* wrote' },
      { name: 'tone', default: 'friendly' },
    ];
    const hostile = '<img src=x> [run](command:promptvault.vault.backup) **bold** \u202e';
    const long = Array.from({ length: 40 }, (_, line) => `Line ${line}`).join('\n');
    await other.create({
      path,
      title: hostile,
      messages: [
        { role: 'system', content: `Sort {{message}} in a {{tone}} tone.\n${long}` },
        { role: 'user', content: '```\n{{message}}' },
      ],
      variables,
    });
    await release(other, `${path}@1.0`);
    await other.createVersion({ ref: `${path}@1.0` });
    await release(other, `${path}@1.1`, 'Shorter');
    await other.create({ path: 'support/tracking', messages: [{ role: 'user', content: 'Track' }] });
    script = await openFile('app.ts');
  });
  after(async () => other?.close());

  const labels = (items: vscode.CompletionItem[]) =>
    items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  const ours = (list: vscode.CompletionList, kind: vscode.CompletionItemKind) =>
    labels(list.items.filter((item) => item.kind === kind));
  const complete = (document: vscode.TextDocument, at: vscode.Position) =>
    ask<vscode.CompletionList>('executeCompletionItemProvider', document.uri, at);

  it('says above it what production serves, since when, and what tests of that text passed', async () => {
    const first = async () => (await lensTitles('app.ts'))[0] ?? '';
    await eventually('the line', async () => /^PRD v1\.1 · \w[\w ]+$/.test(await first()));
    const cases = ['Sort', 'Reply'].map((message) => ({
      id: message,
      name: message,
      variables: { message },
      checks: [{ type: 'contains' as const, value: 'Sort Sort' }],
    }));
    const { id } = await other.startRun({ refs: [`${path}@1.1`], models: ['echo:echo'], cases });
    await other.waitForRun({ runId: id });
    await eventually('the pass rate', async () => /^PRD v1\.1 · [\w ]+ · 50 %$/.test(await first()));
    // A place that is pinned to another version says both.
    assert.match(
      (await lensTitles('app.ts')).find((title) => title.startsWith('RET')) ?? '',
      /^RET v1\.0 · PRD v1\.1 · /,
    );
  });

  it('is explained on hover, and nothing of the vault becomes markup', async () => {
    const hovers = await eventually('the hover', async () => {
      const all = await ask<vscode.Hover[]>('executeHoverProvider', script.uri, placeOf(script, path, 3));
      return all.length > 0 ? all : undefined;
    });
    const text = hovers[0]!.contents[0] as vscode.MarkdownString;
    assert.notEqual(text.isTrusted, true);
    assert.notEqual(text.supportHtml, true);
    assert.match(text.value, /v1\.1\S*PRD/);
    assert.match(text.value, /Other/);
    assert.match(text.value, /Rationale/);
    assert.match(text.value, /\*\*tone\*\*.*friendly/);
    assert.doesNotMatch(text.value, /\]\(command:|\*\*bold|\u202e|Line 9/);
    // The fence is longer than the one in the text, which therefore does not end it.
    assert.match(text.value, /````/);
  });

  it('leads to the text it gets: production, or the version it is pinned to', async () => {
    const targets = await Promise.all(
      [`${path}'`, `${path}@1.0`].map(async (text) => {
        const links = await ask<vscode.LocationLink[]>(
          'executeDefinitionProvider',
          script.uri,
          placeOf(script, text, 3),
        );
        return links.flatMap(({ targetUri }) => targetUri?.path ?? []);
      }),
    );
    assert.deepEqual(
      targets.map((all) => all.map((one) => one.slice(one.lastIndexOf('/') + 1))),
      [['triage@1.1.prompt.md'], ['triage@1.0.prompt.md']],
    );
    const [link] = await ask<vscode.LocationLink[]>('executeDefinitionProvider', script.uri, placeOf(script, path, 3));
    const document = await vscode.workspace.openTextDocument(link!.targetUri);
    assert.match(document.getText(), /# SYSTEM\n\nSort \{\{message\}\}/);
  });

  it('is completed: its path, what follows @, and the names of its variables', async () => {
    const paths = await complete(script, placeOf(script, "support/tr'", 10));
    assert.deepEqual(ours(paths, vscode.CompletionItemKind.Reference), ['support/tracking', path]);
    const selectors = await complete(script, placeOf(script, `${path}@1.0`, path.length + 1));
    assert.deepEqual(ours(selectors, vscode.CompletionItemKind.EnumMember), ['PRD', '^1', '1.1', '1.0']);
    const variables = await complete(script, placeOf(script, '{ message }', '{ message'.length));
    assert.deepEqual(ours(variables, vscode.CompletionItemKind.Property), ['message', 'tone']);
  });
});
