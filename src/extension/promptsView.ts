import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { promptDragAndDrop } from './promptDragAndDrop.ts';
import { type Grouping, groupings } from './promptNodes.ts';
import { createPromptTree, type PromptTree } from './promptTree.ts';
import { registerCommands } from './registerCommands.ts';
import { searchExample, searchHint } from './searchHint.ts';

const memoryKey = 'promptvault.grouping';
type Needs = Pick<Deps, 'context' | 'vaults' | 'selection' | 'shell' | 'code' | 'log'>;
/** What a search found, by vault. */
type Hits = Map<string, { prompts: number; capped: boolean }>;

export function registerPromptsView(deps: Needs): vscode.Disposable {
  const { vaults, selection, shell, log } = deps;
  const hits: Hits = new Map();
  // The state of the vault tells the person; a second message for each expanded row would be noise.
  const tree = createPromptTree(deps, {
    failed: (error) => log.warn('The Prompts view could not be read', String(error)),
    found: ({ vault, ...found }) => {
      hits.set(vault, found);
      say();
    },
  });
  const filled = shell.fillView('promptvault.prompts', {
    treeDataProvider: tree,
    dragAndDropController: promptDragAndDrop(deps),
  });
  const { view } = filled;
  const say = () => describe(view, { tree, hits }, deps);
  const refresh = coalesce(() => {
    tree.refresh();
    say();
  });
  restoreGrouping(deps, tree);
  say();
  return vscode.Disposable.from(
    filled,
    vaults.onDidChange(refresh),
    vaults.onDidChangeState(refresh),
    view.onDidChangeSelection(({ selection: nodes }) => {
      const [node] = nodes;
      selection.setRows(nodes.filter((one) => one.kind === 'prompt' || one.kind === 'version'));
      if (node) vaults.prefer(node.vault);
      if (node?.kind === 'prompt') selection.set({ vault: node.vault, path: node.path });
      if (node?.kind === 'version') selection.set({ vault: node.vault, path: node.path, version: node.version });
    }),
    registerCommands(viewCommands(deps, { tree, hits, say }), log),
  );
}

type View = { tree: PromptTree; hits: Hits; say(): void };

function viewCommands({ context, vaults }: Needs, { tree, hits, say }: View) {
  const group = (grouping: Grouping) => async () => {
    tree.setGrouping(grouping);
    await context.workspaceState.update(memoryKey, grouping);
    await vscode.commands.executeCommand('setContext', 'promptvault.grouping', grouping);
  };
  const search = async (text: string | undefined) => {
    hits.clear();
    tree.setSearch(text);
    await vscode.commands.executeCommand('setContext', 'promptvault.searching', text !== undefined);
    say();
  };
  return {
    'promptvault.prompts.groupByFolder': group('folder'),
    'promptvault.prompts.groupByTag': group('tag'),
    'promptvault.prompts.groupByStage': group('stage'),
    'promptvault.prompts.groupByRecent': group('recent'),
    'promptvault.prompts.refresh': async () => vaults.refresh(),
    'promptvault.prompts.loadMore': async (id: string | undefined) => tree.loadMore(id ?? ''),
    'promptvault.prompts.clearSearch': async () => search(undefined),
    'promptvault.prompts.search': async (given: string | undefined) => {
      const text = given ?? (await askSearch(tree.search()));
      if (text === undefined) return;
      await search(text.trim() || undefined);
      await vscode.commands.executeCommand('promptvault.prompts.focus');
    },
  };
}

async function askSearch(value: string | undefined): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Search prompts',
    prompt: `${searchHint} Empty shows all prompts.`,
    placeHolder: searchExample,
    value,
  });
}

/** With nothing found the view says so itself, with a way back. */
function describe(view: vscode.TreeView<unknown>, { tree, hits }: { tree: PromptTree; hits: Hits }, { vaults }: Needs) {
  const search = tree.search();
  const present = vaults.present();
  const problem = present.map((vault) => vault.problem()).find((text) => text !== null);
  const readOnly = vaults.state() === 'readonly' && problem ? `Read-only: ${problem}` : undefined;
  const found = present.flatMap(({ key }) => hits.get(key) ?? []);
  const prompts = found.reduce((sum, one) => sum + one.prompts, 0);
  const more = found.some(({ capped }) => capped) ? '+' : '';
  const filtered = prompts > 0 ? `${search} — ${prompts}${more} prompt${prompts === 1 ? '' : 's'}` : undefined;
  view.message = search ? filtered : readOnly;
  view.description = search ? 'filtered' : undefined;
}

function restoreGrouping({ context }: Needs, tree: PromptTree): void {
  const known = context.workspaceState.get<Grouping>(memoryKey);
  const grouping = known && groupings.includes(known) ? known : 'folder';
  tree.setGrouping(grouping);
  void vscode.commands.executeCommand('setContext', 'promptvault.grouping', grouping);
}
