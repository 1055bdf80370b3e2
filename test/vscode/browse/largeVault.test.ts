import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import type { Deps } from '../../../src/extension/deps.ts';
import { pickPrompt } from '../../../src/extension/pickVersion.ts';
import type { PromptsNode } from '../../../src/extension/promptNodes.ts';
import { createPromptTree, type PromptTree } from '../../../src/extension/promptTree.ts';
import { createSelection } from '../../../src/extension/selection.ts';
import type { TimelineNode } from '../../../src/extension/versionRows.ts';
import { registerVersionsView } from '../../../src/extension/versionsView.ts';
import { folder, openOtherProcess } from '../vault/helpers.ts';

const size = { prompts: 100_000, folders: 300, tags: 1000, versions: 450 };
const repository = join(import.meta.dirname, '../../..');
const first = 'folder-000001/prompt-000001';

/** A call of the engine, and how many rows came back. */
type Call = { name: string; rows: number };
const rowsOf = (answer: unknown): number => {
  if (Array.isArray(answer)) return answer.length;
  if (typeof answer !== 'object' || answer === null) return 1;
  return Math.max(0, ...Object.values(answer).map((value) => (Array.isArray(value) ? value.length : 0)));
};

describe('a vault of 100 000 prompts', () => {
  let home: string;
  let engine: EngineClient;
  let calls: Call[];
  const vault = 'large';
  const vaults = {
    present: () => [],
    find: () => ({ key: vault }),
    engine: async () => counting,
  } as unknown as Deps['vaults'];
  let counting: EngineClient;

  before(async function () {
    this.timeout(60_000);
    home = await mkdtemp(join(tmpdir(), 'promptvault-large-'));
    const file = join(home, '.promptvault', 'vault.db');
    const script = join(repository, 'test/support/largeVault.ts');
    const numbers = Object.values(size).map(String);
    await promisify(execFile)(join(repository, 'node_modules/.bin/node'), [script, file, ...numbers]);
    engine = await openOtherProcess(file);
    counting = new Proxy(engine, {
      get(real, name) {
        const value = Reflect.get(real, name);
        if (typeof value !== 'function' || String(name).startsWith('on')) return value;
        return async (...given: unknown[]) => {
          const answer = await value.apply(real, given);
          calls.push({ name: String(name), rows: rowsOf(answer) });
          return answer;
        };
      },
    });
  });
  after(async () => {
    await engine?.close();
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    calls = [];
  });

  /** What was asked since the last look. */
  const asked = (): Call[] => calls.splice(0);
  const kinds = (rows: readonly { kind: string }[]) => rows.map(({ kind }) => kind);
  function openTree(): PromptTree {
    const here = { key: vault, folder: folder() };
    const tell = { failed: (error: unknown) => assert.fail(String(error)), found: () => undefined };
    return createPromptTree({ vaults: { ...vaults, present: () => [here] } as unknown as Deps['vaults'] }, tell);
  }
  const read = async (tree: PromptTree, node?: PromptsNode) => (await tree.getChildren(node)) as PromptsNode[];
  const page = (kind: string) => [...Array(200).fill(kind), 'more'];

  it('shows folders and the prompts in one a page at a time', async () => {
    const tree = openTree();
    const top = await read(tree);
    assert.deepEqual(kinds(top), page('group'));
    assert.deepEqual(asked(), [{ name: 'groups', rows: 200 }]);
    assert.deepEqual(kinds(await read(tree, top[1])), page('prompt'));
    assert.deepEqual(asked(), [
      { name: 'groups', rows: 0 },
      { name: 'list', rows: 200 },
    ]);
    tree.loadMore((top.at(-1) as { group: string }).group);
    assert.equal((await read(tree)).length, size.folders);
    assert.deepEqual(asked(), [
      { name: 'groups', rows: 100 },
      { name: 'list', rows: 0 },
    ]);
  });

  it('shows tags, and the prompts of the tag that all have, a page at a time', async () => {
    const tree = openTree();
    tree.setGrouping('tag');
    const tags = await read(tree);
    assert.deepEqual(kinds(tags), page('group'));
    const all = await read(tree, tags[0]);
    assert.deepEqual(kinds(all), page('prompt'));
    assert.deepEqual(all.at(-1), { ...all.at(-1), left: size.prompts - 200 });
    assert.deepEqual(asked(), [
      { name: 'groups', rows: 200 },
      { name: 'list', rows: 200 },
    ]);
  });

  it('shows a stage, what changed last and what a search finds a page at a time', async () => {
    const tree = openTree();
    tree.setGrouping('stage');
    const [dev] = await read(tree);
    assert.deepEqual(kinds(await read(tree, dev)), page('prompt'));
    tree.setGrouping('recent');
    assert.deepEqual(kinds(await read(tree)), page('prompt'));
    tree.setSearch('refund tag:all stage:DEV');
    const hits = await read(tree);
    assert.deepEqual(kinds(hits), page('prompt'));
    tree.loadMore((hits.at(-1) as { group: string }).group);
    assert.equal((await read(tree)).length, 401);
    assert.deepEqual(
      asked().map(({ rows }) => rows),
      [4, 200, 200, 200, 200],
    );
  });

  it('shows the versions below a prompt a page at a time', async () => {
    const tree = openTree();
    const top = await read(tree);
    const prompts = await read(tree, top[1]);
    asked();
    assert.deepEqual(kinds(await read(tree, prompts[0])), page('version'));
    assert.deepEqual(asked(), [{ name: 'history', rows: 200 }]);
  });

  it('shows the timeline of a prompt a page at a time', async () => {
    const selection = createSelection();
    let provider: vscode.TreeDataProvider<TimelineNode> | undefined;
    const shell = {
      fillView: (_id: string, filling: { treeDataProvider: vscode.TreeDataProvider<TimelineNode> }) => {
        provider = filling.treeDataProvider;
        return { view: { onDidChangeSelection: new vscode.EventEmitter().event }, dispose: () => undefined };
      },
    };
    const never = () => new vscode.Disposable(() => undefined);
    const deps = { vaults: { ...vaults, onDidChange: never, onDidChangeState: never }, selection, shell, log: console };
    const view = registerVersionsView(deps as unknown as Parameters<typeof registerVersionsView>[0]);
    selection.set({ vault, path: first });
    const rows = (await provider?.getChildren()) as TimelineNode[];
    assert.deepEqual(kinds(rows), [...Array(100).fill('version'), 'more']);
    const revisions = (await provider?.getChildren(rows[0])) as TimelineNode[];
    assert.deepEqual(kinds(revisions), ['revision']);
    assert.ok(asked().every(({ rows: count }) => count <= 200));
    view.dispose();
  });

  it('offers a page of prompts in Go to Prompt', async () => {
    const picked = pickPrompt({ vaults, selection: createSelection() }, 'Go to prompt');
    for (let attempt = 0; attempt < 100 && calls.length === 0; attempt += 1) await wait(50);
    assert.deepEqual(asked(), [{ name: 'list', rows: 200 }]);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(await picked, undefined);
  });
});
