import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import type { commandIds } from '../../../src/extension/commandIds.ts';
import { parseVersionQuery, versionUriParts } from '../../../src/extension/versionUri.ts';
import { eventually, folder, openOtherProcess, tabCalled, tabs } from '../vault/helpers.ts';

const run = (id: keyof typeof commandIds | 'workbench.action.closeAllEditors', ...args: unknown[]) =>
  vscode.commands.executeCommand(id, ...args);
const say = (content: string) => [{ role: 'user' as const, content }];
const [triage, refunds] = ['support/triage', 'support/refunds'];

describe('history in a window', () => {
  let other: EngineClient;

  /** Triage: 1.0 retired, 1.1 in production, 1.2 a draft. Refunds: 1.0 in production, 1.1 and 1.2 drafts, the last without a change. */
  before(async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    const api = (await extension?.activate()) as { ready: Promise<void> };
    await api.ready;
    await run('promptvault.vault.create');
    other = await openOtherProcess();
    const release = async (ref: string) => {
      await other.promote({ ref });
      await other.promote({ ref });
    };
    await other.create({ path: triage, messages: say('Sort this mail. Be kind.'), rationale: 'first' });
    await release(`${triage}@1.0`);
    await other.createVersion({ ref: `${triage}@1.0` });
    await other.edit({
      ref: `${triage}@1.1`,
      messages: say('Sort this mail. Answer in *German*. Be kind.'),
      settings: { temperature: 0.4 },
      rationale: 'Berlin asked',
    });
    await release(`${triage}@1.1`);
    await other.createVersion({ ref: `${triage}@1.1` });
    await other.edit({ ref: `${triage}@1.2`, messages: say('Sort it.') });
    await other.create({ path: refunds, messages: say('Refund.') });
    await release(`${refunds}@1.0`);
    await other.createVersion({ ref: `${refunds}@1.0` });
    await other.edit({ ref: `${refunds}@1.1`, messages: say('Refund at once.') });
    await other.createVersion({ ref: `${refunds}@1.0` });
    await eventually('the prompts', async () => (await other.list({})).total === 2);
  });
  after(async () => other?.close());

  const textUri = (path: string, version: string) =>
    vscode.Uri.from(versionUriParts({ vault: folder().uri.toString(), path, version }));

  it('shows beside the text who brought a sentence, and hides it again', async () => {
    await run('promptvault.version.showBlame', { path: triage, version: '1.1' });
    const document = await vscode.workspace.openTextDocument(textUri(triage, '1.1'));
    assert.equal(vscode.window.activeTextEditor?.document, document);
    const hover = async (text: string) => {
      const position = document.positionAt(document.getText().indexOf(text) + 1);
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      return found
        .flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value))
        .join('')
        .replaceAll('&nbsp;', ' ');
    };
    const german = await hover('Answer in');
    assert.match(german, /^\*\*v1\.1 PRD\*\*/);
    assert.match(german, /Berlin asked/);
    assert.match(await hover('Be kind'), /v1\.0 RET[\s\S]*first/);
    await run('promptvault.version.hideBlame');
    assert.equal(await hover('Be kind'), '');
  });

  it('compares all drafts that differ from production in one editor', async () => {
    await run('promptvault.prompt.compareDrafts');
    const tab = await eventually('the multi-diff editor', () =>
      tabs().find(({ label }) => label.startsWith('drafts ↔ PRD')),
    );
    assert.deepEqual(pairsOf(tab), [`${refunds} 1.0 ↔ 1.1`, `${triage} 1.1 ↔ 1.2`]);
    await run('promptvault.prompt.compareDrafts', { path: triage });
    const one = await eventually('one prompt', () => tabs().find(({ label }) => label.startsWith(`${triage}: drafts`)));
    assert.deepEqual(pairsOf(one), [`${triage} 1.1 ↔ 1.2`]);
  });

  it('compares each version of a prompt with the one before', async () => {
    await run('promptvault.prompt.compareVersions', { path: triage });
    const tab = await eventually('the chain', () =>
      tabs().find(({ label }) => label.startsWith(`${triage}: each version`)),
    );
    // The first has nothing before it; VS Code shows it, and tells extensions of whole pairs only.
    assert.deepEqual(pairsOf(tab), [`${triage} 1.1 ↔ 1.2`, `${triage} 1.0 ↔ 1.1`]);
  });

  it('compares what two selected prompts serve', async () => {
    const both = [{ path: refunds }, { path: triage }];
    await run('promptvault.version.compare', both[0], both);
    await tabCalled(`${refunds} v1.0 (PRD) ↔ ${triage} v1.1 (PRD)`);
  });

  it('compares any two things, chosen one after the other', async () => {
    await run('promptvault.version.selectForCompare', { path: triage });
    await run('promptvault.version.compareWithSelected', { path: refunds, version: '1.1' });
    const prompts = await tabCalled(`${triage} v1.1 ↔ ${refunds} v1.1`);
    assert.ok(prompts.input instanceof vscode.TabInputTextDiff);
    await run('promptvault.version.selectForCompare', { path: triage, version: '1.1', revision: 1 });
    await run('promptvault.version.compareWithSelected', { path: triage, version: '1.1', revision: 2 });
    const { input } = await tabCalled(`${triage} v1.1 revision 1 ↔ ${triage} v1.1 revision 2`);
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const texts = await Promise.all(
      [input.original, input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
    );
    assert.deepEqual(
      texts.map((document) => document.getText().includes('German')),
      [false, true],
    );
  });

  it('rehearses a rollback and changes nothing', async () => {
    const { lastSeq } = await other.info();
    // It ends with a notification that waits for an answer, so the command is not waited for.
    void run('promptvault.version.rehearseRollback', { path: triage, version: '1.0' });
    await vscode.commands.executeCommand('notifications.showList');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal((await other.info()).lastSeq, lastSeq);
    assert.equal((await other.get({ ref: triage })).version, '1.1');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('lets nothing selected take the place of a row that went while its menu was open', async () => {
    await run('promptvault.version.open', { path: triage, version: '1.0' });
    await run('workbench.action.closeAllEditors');
    // What the menu of such a row hands over. Else these would open the selected prompt's text, or ask which of its versions.
    await run('promptvault.version.openText', undefined, undefined);
    await run('promptvault.version.create', undefined, undefined);
    assert.deepEqual(tabs(), []);
    assert.equal((await other.history({ path: triage })).versions.length, 3);
  });
});

/** "path from ↔ to" of each file in a multi-diff editor. */
function pairsOf({ input }: vscode.Tab): string[] {
  const { textDiffs = [] } = input as { textDiffs?: { original?: vscode.Uri; modified: vscode.Uri }[] };
  return textDiffs.map(({ original, modified }) => {
    const [from, to] = [original, modified].map((uri) => uri && parseVersionQuery(uri.query));
    return `${to?.path} ${from?.version ?? '-'} ↔ ${to?.version}`;
  });
}
