import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import type { PromptsNode } from '../../../src/extension/promptNodes.ts';
import { createPromptTree, type PromptTree } from '../../../src/extension/promptTree.ts';
import type { ListQuery } from '../../../src/vault/types.ts';
import { folder, openOtherProcess } from '../vault/helpers.ts';

const page = 200;
const many = 450;

describe('the tree of a large vault', () => {
  let engine: EngineClient;
  let asked: ListQuery[];
  let tree: PromptTree;

  before(async function () {
    this.timeout(120_000);
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    const api = (await extension?.activate()) as { ready: Promise<void> };
    await api.ready;
    await vscode.commands.executeCommand('promptvault.vault.create');
    engine = await openOtherProcess();
    for (let i = 0; i < many; i += 1) {
      const path = `many/prompt-${String(i).padStart(4, '0')}`;
      await engine.create({ path, tags: ['all'], messages: [{ role: 'user', content: `Refund ${i}` }] });
    }
  });
  after(async () => engine?.close());
  beforeEach(() => {
    asked = [];
    const list = (query: ListQuery) => {
      asked.push(query);
      return engine.list(query);
    };
    const counting = new Proxy(engine, { get: (real, name) => (name === 'list' ? list : Reflect.get(real, name)) });
    const here = { key: folder().uri.toString(), folder: folder() };
    const vaults = { present: () => [here], engine: async () => counting };
    const tell = { failed: (error: unknown) => assert.fail(String(error)), found: () => undefined };
    tree = createPromptTree({ vaults } as unknown as Parameters<typeof createPromptTree>[0], tell);
  });

  const rows = async (node?: PromptsNode) => (await tree.getChildren(node)) as PromptsNode[];
  /** Loads more until there is no more; answers the paths in order. */
  async function readAll(node?: PromptsNode): Promise<string[]> {
    for (;;) {
      const shown = await rows(node);
      const last = shown.at(-1);
      if (last?.kind !== 'more') return shown.flatMap((one) => (one.kind === 'prompt' ? one.path : []));
      tree.loadMore(last.group);
    }
  }
  const sorted = () => Array.from({ length: many }, (_, i) => `many/prompt-${String(i).padStart(4, '0')}`);

  it('asks for one page of a level, and for the next only after the last row of it', async () => {
    const [group] = await rows();
    assert.equal(group?.kind, 'group');
    assert.deepEqual(
      asked.map(({ limit }) => limit),
      [page],
    );
    assert.deepEqual(await readAll(group), sorted());
    const pages = asked.filter(({ folder: name }) => name === 'many');
    assert.deepEqual(
      pages.map(({ limit, after, offset }) => [limit, after, offset ?? 0]),
      [
        [page, undefined, 0],
        [page, 'many/prompt-0199', 0],
        [page, 'many/prompt-0399', 0],
      ],
    );
  });

  it('says aloud what its last row loads', async () => {
    const [group] = await rows();
    const more = (await rows(group)).at(-1)!;
    const { label, accessibilityInformation } = await tree.getTreeItem(more);
    assert.deepEqual(
      [label, accessibilityInformation],
      ['Load more… (250 left)', { label: 'Load more… (250 left), prompts in many' }],
    );
  });

  for (const grouping of ['tag', 'stage'] as const) {
    it(`shows no prompt before a ${grouping} is opened, and a page of it then`, async () => {
      tree.setGrouping(grouping);
      const [group] = await rows();
      assert.equal(asked.length, 0);
      const shown = await rows(group);
      assert.equal(shown.filter(({ kind }) => kind === 'prompt').length, page);
      assert.deepEqual(
        asked.map(({ limit }) => limit),
        [page],
      );
    });
  }

  it('shows what changed last first, by a cursor that is no clock', async () => {
    await engine.tag({ path: 'many/prompt-0007', add: ['fresh'] });
    tree.setGrouping('recent');
    const paths = await readAll();
    assert.equal(paths[0], 'many/prompt-0007');
    assert.equal(new Set(paths).size, many);
    assert.ok(asked.slice(1).every(({ afterSeq, limit }) => limit === page && afterSeq !== undefined));
  });

  it('marks in the hits of a search what was typed, and asks for the pages of it', async () => {
    tree.setSearch('refund tag:all');
    const paths = await readAll();
    assert.equal(paths.length, many);
    assert.deepEqual(
      asked.map(({ limit, offset }) => [limit, offset ?? 0]),
      [
        [page, 0],
        [page, 200],
        [page, 400],
      ],
    );
    tree.setSearch('prompt-0007 stage:DEV');
    const [hit] = await rows();
    const { label } = (await tree.getTreeItem(hit!)) as { label: vscode.TreeItemLabel };
    assert.deepEqual(label, { label: 'many/prompt-0007', highlights: [[5, 16]] });
    const { tooltip } = (await tree.resolveTreeItem!(
      await tree.getTreeItem(hit!),
      hit!,
      new vscode.CancellationTokenSource().token,
    ))!;
    assert.match((tooltip as vscode.MarkdownString).value, /\*\*prompt\\?-0007\*\*/);
  });
});
