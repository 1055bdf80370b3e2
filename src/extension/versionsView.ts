import * as vscode from 'vscode';
import { allRevisions, allVersions } from '../engine/wholeHistory.ts';
import type { Revision, VersionInfo } from '../vault/types.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { formatAgo } from './formatTime.ts';
import { tellChanges } from './history/changedSince.ts';
import { versionItem, versionTooltip } from './promptItems.ts';
import { newestFirst, type VersionNode } from './promptNodes.ts';
import { nameOf } from './targets.ts';
import { vaultName } from './vaultName.ts';

type RevisionNode = {
  kind: 'revision';
  vault: string;
  path: string;
  version: string;
  revision: number;
  saved: Revision;
  newest: boolean;
};
type Node = VersionNode | RevisionNode;
type Needs = Pick<Deps, 'vaults' | 'selection' | 'shell' | 'log'>;

/** The versions of the selected prompt, newest first, with the saved states of drafts below them. */
export function registerVersionsView({ vaults, selection, shell, log }: Needs): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  let hasPrd = false;

  async function versions(): Promise<Node[]> {
    const current = selection.current();
    if (!current) return [];
    const { vault, path } = current;
    const all = await allVersions(await vaults.engine(vault), path);
    hasPrd = all.some(({ stage }) => stage === 'PRD');
    return newestFirst(all).map((info) => versionNode(vault, info));
  }

  async function revisions({ vault, path, version, info }: VersionNode): Promise<Node[]> {
    if (!isDraft(info)) return [];
    const saved = await allRevisions(await vaults.engine(vault), `${path}@${version}`);
    return saved.map((one, index) => ({
      kind: 'revision',
      vault,
      path,
      version,
      revision: one.revision,
      saved: one,
      newest: index === 0,
    }));
  }

  const filled = shell.fillView<Node>('promptvault.versions', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (node) => (node.kind === 'revision' ? revisionItem(node) : draftItem(node, hasPrd)),
      async getChildren(node) {
        try {
          if (!node) return await versions();
          return node.kind === 'version' ? await revisions(node) : [];
        } catch (error) {
          // The prompt may just have been deleted or moved: an empty view says so.
          log.debug('The Versions view could not be read', String(error));
          return [];
        }
      },
      async resolveTreeItem(item, node) {
        if (node.kind !== 'version') return item;
        item.tooltip = versionTooltip(node.info);
        // What changed is an extra: without it the tooltip still says the rest.
        await tellChanges(item.tooltip, { vaults }, node).catch((error) => log.debug('No changes told', String(error)));
        return item;
      },
    },
  });

  const { view } = filled;
  function refresh(): void {
    const { path, vault } = selection.current() ?? {};
    const where = vault && vaultName(vaults, vault);
    view.description = [where, path].filter(Boolean).join(' · ');
    view.message = undefined;
    void vscode.commands.executeCommand('setContext', 'promptvault.selected', path !== undefined);
    changed.fire(undefined);
  }

  const later = coalesce(refresh);
  return vscode.Disposable.from(
    filled,
    changed,
    selection.onDidChange(later),
    vaults.onDidChangeState(later),
    vaults.onDidChange(({ vault, change }) => {
      const current = selection.current();
      if (current?.vault !== vault) return;
      const touched = change.events.some(({ path }) => path === current.path || path === null);
      if (touched || change.events.length === 0) later();
    }),
  );
}

const isDraft = ({ stage }: VersionInfo) => stage === 'DEV' || stage === 'TST';

function versionNode(vault: string, info: VersionInfo): VersionNode {
  return { kind: 'version', vault, path: info.path, version: info.version, under: 'versions', info };
}

function draftItem(node: VersionNode, hasPrd: boolean): vscode.TreeItem {
  const item = versionItem(node.info, { node, hasPrd });
  item.id = `${node.vault} ${node.path}@${node.version}`;
  if (isDraft(node.info)) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  return item;
}

function revisionItem(node: RevisionNode): vscode.TreeItem {
  const { saved, revision, newest } = node;
  const item = new vscode.TreeItem(newest ? `Revision ${revision} (stored)` : `Revision ${revision}`);
  const who = saved.actor.replace(/\s*<.*>$/, '');
  item.id = `${node.vault} ${node.path}@${node.version}#${revision}`;
  item.description = [formatAgo(saved.at, new Date()), who, saved.rationale].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = newest ? 'revision;newest' : 'revision';
  item.command = { command: 'promptvault.revision.compare', title: 'Compare', arguments: [node] };
  item.accessibilityInformation = { label: `${item.label} ${item.description}, ${nameOf(node.path)}` };
  return item;
}
