import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import { offerCodeUpdate } from './code/codeMoves.ts';
import type { Deps } from './deps.ts';
import { type Move, moveAll, movedText, pathIn, reversed } from './movePrompts.ts';
import type { PromptsNode } from './promptNodes.ts';
import { dragMimeType as mime } from './shellTable.ts';
import { showError } from './showError.ts';
import { addTagTo } from './tagPrompts.ts';
import { folderOf } from './targets.ts';
import { tellUndo } from './tellUndo.ts';

const page = 500;
type Dragged = { path: string; from: string };
type Needs = Pick<Deps, 'vaults' | 'code' | 'log'>;

/** Dropping prompts on a folder moves them there, on a tag adds the tag; a folder takes everything below it along. */
export function promptDragAndDrop(deps: Needs): vscode.TreeDragAndDropController<PromptsNode> {
  const { vaults, log } = deps;
  async function drop(target: PromptsNode | undefined, nodes: readonly PromptsNode[]): Promise<void> {
    const vault = target?.vault ?? nodes[0]?.vault;
    const engine = await vaults.engine(vault);
    // Prompts of two clients never mix by a slip of the mouse: export and import say so on purpose.
    const own = nodes.filter((node) => node.vault === vault);
    const dragged = (await Promise.all(own.map((node) => collect(engine, node)))).flat();
    if (own.length < nodes.length) {
      void vscode.window.showWarningMessage('A prompt stays in its vault: export it there and import it here');
    }
    if (target?.kind === 'group' && target.by === 'tag') {
      return addTagTo(engine, { tag: target.name, paths: unique(dragged.map(({ path }) => path)), log });
    }
    const folder = folderUnder(target);
    if (folder === undefined) return;
    const moves = unique(dragged.map(({ path }) => path)).flatMap((path): Move[] => {
      const { from } = dragged.find((one) => one.path === path)!;
      const to = pathIn(folder, path, from);
      return to === path ? [] : [{ path, to }];
    });
    const done = await moveAll(engine, moves, (error) => void showError(error, log));
    const undo = async () => {
      const back = await moveAll(engine, reversed(done), (error) => void showError(error, log));
      if (vault) await offerCodeUpdate(deps, { vault, moves: back });
    };
    if (done.length > 0) tellUndo(movedText(done, folder), undo, log);
    // The drop is done; whether the code follows is a question of its own.
    if (vault) offerCodeUpdate(deps, { vault, moves: done }).catch((error) => void showError(error, log));
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

/** The prompts of a row, with the folder they are taken out of. */
async function collect(engine: EngineClient, node: PromptsNode): Promise<Dragged[]> {
  if (node.kind === 'prompt') return [{ path: node.path, from: folderOf(node.path) }];
  if (node.kind !== 'group' || node.by !== 'folder') return [];
  const found: Dragged[] = [];
  for (let after: string | undefined; ; after = found.at(-1)?.path) {
    const { prompts, next } = await engine.list({ folder: node.name, limit: page, after });
    found.push(...prompts.map(({ path }) => ({ path, from: folderOf(node.name) })));
    if (!next) return found;
  }
}

const unique = (paths: readonly string[]) => [...new Set(paths)];

/** The folder a drop lands in; undefined where a drop means nothing. */
function folderUnder(target: PromptsNode | undefined): string | undefined {
  if (!target || target.kind === 'vault') return '';
  if (target.kind === 'prompt') return target.list ? undefined : folderOf(target.path);
  return target.kind === 'group' && target.by === 'folder' ? target.name : undefined;
}
