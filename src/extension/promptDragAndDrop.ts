import * as vscode from 'vscode';
import type { Deps } from './deps.ts';
import type { PromptsNode } from './promptNodes.ts';
import { dragMimeType as mime } from './shellTable.ts';
import { showError } from './showError.ts';
import { folderOf, nameOf } from './targets.ts';

const page = 500;
type Moved = { vault: string; path: string };

/** Dropping prompts on a folder moves them there, on a tag adds the tag; a folder takes everything below it along. */
export function promptDragAndDrop({
  vaults,
  log,
}: Pick<Deps, 'vaults' | 'log'>): vscode.TreeDragAndDropController<PromptsNode> {
  async function collect(node: PromptsNode): Promise<(Moved & { from: string })[]> {
    if (node.kind === 'prompt') return [{ vault: node.vault, path: node.path, from: folderOf(node.path) }];
    if (node.kind !== 'group' || node.by !== 'folder') return [];
    const engine = await vaults.engine(node.vault);
    const found: (Moved & { from: string })[] = [];
    for (let after: string | undefined; ; after = found.at(-1)?.path) {
      const { prompts } = await engine.list({ folder: node.name, limit: page, after });
      found.push(...prompts.map(({ path }) => ({ vault: node.vault, path, from: folderOf(node.name) })));
      if (prompts.length < page) return found;
    }
  }

  async function drop(target: PromptsNode | undefined, nodes: readonly PromptsNode[]): Promise<void> {
    const moved = (await Promise.all(nodes.map(collect))).flat();
    const vault = target?.vault ?? moved[0]?.vault;
    const engine = await vaults.engine(vault);
    for (const { path, vault: home, from } of moved) {
      // Prompts of two clients never mix by a slip of the mouse: export and import say so on purpose.
      if (home !== vault) continue;
      if (target?.kind === 'group' && target.by === 'tag') {
        await engine.tag({ path, add: [target.name] });
        continue;
      }
      const folder = folderUnder(target);
      if (folder === undefined) continue;
      const below = from === '' ? path : path.slice(from.length + 1);
      const to = folder === '' ? below : `${folder}/${below}`;
      if (to !== path && nameOf(to) !== '') await engine.move({ path, to });
    }
  }

  return {
    dragMimeTypes: [mime],
    dropMimeTypes: [mime],
    handleDrag(nodes, data) {
      data.set(mime, new vscode.DataTransferItem([...nodes]));
    },
    async handleDrop(target, data) {
      const nodes = data.get(mime)?.value as PromptsNode[] | undefined;
      if (!nodes) return;
      try {
        await drop(target, nodes);
      } catch (error) {
        void showError(error, log);
      }
    },
  };
}

/** The folder a drop lands in; undefined where a drop means nothing. */
function folderUnder(target: PromptsNode | undefined): string | undefined {
  if (!target || target.kind === 'vault') return '';
  if (target.kind === 'prompt') return folderOf(target.path);
  return target.kind === 'group' && target.by === 'folder' ? target.name : undefined;
}
