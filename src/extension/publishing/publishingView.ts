import * as vscode from 'vscode';
import type { TokenInfo } from '../../publish/accessTokens.ts';
import type { Deps } from '../deps.ts';
import { createPromptPages } from '../promptPages.ts';
import { registerCommands } from '../registerCommands.ts';
import { vaultName } from '../vaultName.ts';
import { followAttention } from './attention.ts';
import { type DeliveryNode, type PublishingNode, publishingItem } from './publishingRows.ts';
import type { PublishingState } from './publishingState.ts';
import { tokenState } from './publishingText.ts';

type Needs = Pick<Deps, 'context' | 'vaults' | 'shell' | 'log'> & { state: PublishingState };
const page = 20;
/** Remembers that somebody asked for the view, who may have nothing to show in it yet. */
const wantedKey = 'promptvault.publishing.wanted';

/** Where prompts go from here, what was delivered and what failed, and who may fetch them. */
export function registerPublishingView({ context, vaults, shell, log, state }: Needs): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const pages = createPromptPages<DeliveryNode>();

  async function deliveries(vault: string, name: string): Promise<PublishingNode[]> {
    const engine = await vaults.engine(vault);
    const found = await pages.read(`${vault} ${name} more`, async (from) => {
      const all = await engine.deliveries({ target: name, limit: page, ...from });
      const rows = all.map((delivery): DeliveryNode => ({ kind: 'delivery', vault, id: delivery.id, delivery }));
      return { rows, next: all.length === page ? { before: all.at(-1)?.id } : null, total: null };
    });
    return found.more ? [...found.rows, { kind: 'more', vault, name }] : found.rows;
  }

  async function children(node: PublishingNode | undefined): Promise<PublishingNode[]> {
    if (!node) {
      return state
        .known()
        .flatMap(({ vault, targets, tokens }): PublishingNode[] => [
          ...targets.map((status): PublishingNode => ({ kind: 'target', vault, name: status.name, status })),
          ...(tokens.length > 0 ? [{ kind: 'tokens' as const, vault, tokens }] : []),
        ]);
    }
    const { vault } = node;
    if (node.kind === 'target') return deliveries(vault, node.name);
    if (node.kind === 'tokens') {
      const now = new Date();
      const isOver = (token: TokenInfo) => Number(tokenState(token, now) !== 'valid');
      const inOrder = node.tokens.toSorted((a, b) => isOver(a) - isOver(b));
      return inOrder.map((token) => ({ kind: 'token', vault, id: token.id, token }));
    }
    if (node.kind !== 'delivery') return [];
    return node.delivery.attempts.map((attempt) => ({ kind: 'attempt', vault, id: node.id, attempt }));
  }

  const filled = shell.fillView<PublishingNode>('promptvault.publishing', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (node) => {
        const busy = node.kind === 'target' && state.isBusy(node.vault, node.name);
        return publishingItem(node, vaultName(vaults, node.vault), busy);
      },
      async getChildren(node) {
        try {
          return await children(node);
        } catch (error) {
          log.debug('The Publishing view could not be read', String(error));
          return [];
        }
      },
    },
  });

  function show(): void {
    const any = state.known().some(({ targets, tokens }) => targets.length > 0 || tokens.length > 0);
    const wanted = any || context.workspaceState.get(wantedKey, false);
    void vscode.commands.executeCommand('setContext', 'promptvault.publishing', wanted);
    pages.forgetRows();
    changed.fire(undefined);
  }
  void state.refresh();
  return vscode.Disposable.from(
    filled,
    changed,
    state.onDidChange(show),
    followAttention({ view: filled.view, state, memory: context.workspaceState }),
    registerCommands(
      {
        'promptvault.publishing.show': async () => {
          await context.workspaceState.update(wantedKey, true);
          await vscode.commands.executeCommand('setContext', 'promptvault.publishing', true);
          await vscode.commands.executeCommand('promptvault.publishing.focus');
        },
        'promptvault.publishing.refresh': () => state.refresh(),
        'promptvault.publishing.loadMore': async (id) => {
          pages.loadMore(id ?? '');
          changed.fire(undefined);
        },
      },
      log,
    ),
  );
}
