import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { promptDragAndDrop } from './promptDragAndDrop.ts';
import { type Grouping, groupings } from './promptNodes.ts';
import { createPromptTree, type PromptTree } from './promptTree.ts';
import { registerCommands } from './registerCommands.ts';

const memoryKey = 'promptvault.grouping';
type Needs = Pick<Deps, 'context' | 'vaults' | 'selection' | 'shell' | 'log'>;

export function registerPromptsView(deps: Needs): vscode.Disposable {
  const { vaults, selection, shell, log } = deps;
  // The state of the vault tells the person; a second message for each expanded row would be noise.
  const tree = createPromptTree(deps, {
    failed: (error) => log.warn('The Prompts view could not be read', String(error)),
    found: (prompts, { capped }) => {
      // With nothing found the view says so itself, with a way back.
      const hits =
        prompts > 0
          ? `Search: “${tree.search()}” — ${prompts}${capped ? '+' : ''} prompt${prompts === 1 ? '' : 's'}`
          : undefined;
      if (tree.search()) view.message = hits;
    },
  });
  const filled = shell.fillView('promptvault.prompts', {
    treeDataProvider: tree,
    dragAndDropController: promptDragAndDrop(deps),
  });
  const { view } = filled;
  const say = () => describe(view, tree, deps);
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
    view.onDidChangeSelection(({ selection: [node] }) => {
      if (node) vaults.prefer(node.vault);
      if (node?.kind === 'prompt') selection.set({ vault: node.vault, path: node.path });
      if (node?.kind === 'version') selection.set({ vault: node.vault, path: node.path, version: node.version });
    }),
    registerCommands(viewCommands(deps, tree, say), log),
  );
}

function viewCommands({ context, vaults }: Needs, tree: PromptTree, say: () => void) {
  const group = (grouping: Grouping) => async () => {
    tree.setGrouping(grouping);
    await context.workspaceState.update(memoryKey, grouping);
    await vscode.commands.executeCommand('setContext', 'promptvault.grouping', grouping);
  };
  const search = async (text: string | undefined) => {
    tree.setSearch(text);
    await vscode.commands.executeCommand('setContext', 'promptvault.searching', text !== undefined);
    say();
  };
  return {
    'promptvault.prompts.groupByFolder': group('folder'),
    'promptvault.prompts.groupByTag': group('tag'),
    'promptvault.prompts.groupByStage': group('stage'),
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
    prompt: 'Looks in paths, titles, descriptions, tags and contents. Empty shows all prompts.',
    value,
  });
}

function describe(view: vscode.TreeView<unknown>, tree: PromptTree, { vaults }: Needs): void {
  const search = tree.search();
  const problem = vaults
    .present()
    .map((vault) => vault.problem())
    .find((text) => text !== null);
  const readOnly = vaults.state() === 'readonly' && problem ? `Read-only: ${problem}` : undefined;
  if (!search) view.message = readOnly;
  view.description = search ? 'filtered' : undefined;
}

function restoreGrouping({ context }: Needs, tree: PromptTree): void {
  const known = context.workspaceState.get<Grouping>(memoryKey);
  const grouping = known && groupings.includes(known) ? known : 'folder';
  tree.setGrouping(grouping);
  void vscode.commands.executeCommand('setContext', 'promptvault.grouping', grouping);
}
