import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { ListQuery, Stage } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { promptsItem, promptTooltip, versionTooltip } from './promptItems.ts';
import {
  type Grouping,
  type GroupNode,
  groupId,
  groupNodes,
  type PromptNode,
  type PromptsNode,
} from './promptNodes.ts';
import { folderOf } from './targets.ts';

const page = 200;

export type PromptTree = vscode.TreeDataProvider<PromptsNode> & {
  refresh(): void;
  grouping(): Grouping;
  setGrouping(grouping: Grouping): void;
  /** Shows only what matches; undefined shows everything. */
  setSearch(text: string | undefined): void;
  search(): string | undefined;
  loadMore(group: string): void;
};

/** `failed` hears what could not be read: the tree is then empty and the state says why. `found` hears the hits of a search. */
type Hearers = { failed(error: unknown): void; found(prompts: number, more: { capped: boolean }): void };

/** The Prompts view's data. */
export function createPromptTree({ vaults }: Pick<Deps, 'vaults'>, tell: Hearers): PromptTree {
  const changed = new vscode.EventEmitter<PromptsNode | undefined>();
  const limits = new Map<string, number>();
  let grouping: Grouping = 'folder';
  let search: string | undefined;

  async function promptRows(engine: EngineClient, group: { vault: string; id: string }, query: ListQuery) {
    const limit = limits.get(group.id) ?? page;
    const { prompts, total, capped = false } = await engine.list({ ...query, limit, offset: 0 });
    const rows: PromptsNode[] = prompts.map((summary) => ({
      kind: 'prompt',
      vault: group.vault,
      path: summary.path,
      under: group.id,
      summary,
    }));
    if (total > prompts.length || capped)
      rows.push({ kind: 'more', vault: group.vault, group: group.id, left: capped ? null : total - prompts.length });
    return { rows, total, capped };
  }

  /** One level of groups, a page at a time; `whole` once there is no other page. */
  async function levelRows(engine: EngineClient, level: { vault: string; by: Grouping; parent: string }) {
    const { vault, by, parent } = level;
    const id = `groups ${groupId({ vault, by, name: parent })}`;
    const { groups, more } = await engine.groups({ by, parent, limit: limits.get(id) ?? page });
    const rows: PromptsNode[] = groupNodes(vault, by, groups);
    if (more) rows.push({ kind: 'more', vault, group: id, left: null });
    return { rows, whole: !more };
  }

  /** The folders below one, and once all of them are there, the prompts in it. */
  async function folderRows(engine: EngineClient, { vault, name }: { vault: string; name: string }) {
    const folders = await levelRows(engine, { vault, by: 'folder', parent: name });
    if (!folders.whole) return folders.rows;
    const group = { vault, id: groupId({ vault, by: 'folder', name }) };
    const prompts = await promptRows(engine, group, { folder: name, direct: true });
    return [...folders.rows, ...prompts.rows];
  }

  async function vaultRows(vault: string): Promise<PromptsNode[]> {
    const engine = await vaults.engine(vault);
    if (search) {
      const { rows, total, capped } = await promptRows(engine, { vault, id: `search ${vault}` }, { search });
      tell.found(total, { capped });
      return rows;
    }
    if (grouping === 'folder') return folderRows(engine, { vault, name: '' });
    return (await levelRows(engine, { vault, by: grouping, parent: '' })).rows;
  }

  async function groupRows(node: GroupNode): Promise<PromptsNode[]> {
    const { vault, by, name } = node;
    const engine = await vaults.engine(vault);
    if (by === 'folder') return folderRows(engine, { vault, name });
    const query: ListQuery = by === 'tag' ? { tag: name } : { stage: name as Stage };
    return (await promptRows(engine, { vault, id: groupId(node) }, query)).rows;
  }

  async function versionRows({ vault, path, under }: PromptNode): Promise<PromptsNode[]> {
    const id = `versions ${vault} ${under} ${path}`;
    const versionLimit = limits.get(id) ?? page;
    const { versions, more } = await (await vaults.engine(vault)).history({ path, versionLimit, eventLimit: 0 });
    const rows = versions.map((info): PromptsNode => {
      return { kind: 'version', vault, path, version: info.version, under, info };
    });
    return more.versions ? [...rows, { kind: 'more', vault, group: id, left: null }] : rows;
  }

  async function rootRows(): Promise<PromptsNode[]> {
    const present = vaults.present();
    if (present.length > 1) {
      return present.map(({ key, folder }) => ({ kind: 'vault', vault: key, label: folder.name }));
    }
    return present[0] ? vaultRows(present[0].key) : [];
  }

  async function children(node?: PromptsNode): Promise<PromptsNode[]> {
    if (!node) return rootRows();
    if (node.kind === 'vault') return vaultRows(node.vault);
    if (node.kind === 'group') return groupRows(node);
    return node.kind === 'prompt' ? versionRows(node) : [];
  }

  function parent(node: PromptsNode): PromptsNode | undefined {
    if (node.kind !== 'prompt' || grouping !== 'folder' || search) return undefined;
    const name = folderOf(node.path);
    const label = name.slice(name.lastIndexOf('/') + 1);
    return name ? { kind: 'group', vault: node.vault, by: 'folder', name, label, count: 0 } : undefined;
  }

  return {
    onDidChangeTreeData: changed.event,
    getTreeItem: promptsItem,
    getParent: parent,
    async getChildren(node) {
      try {
        return await children(node);
      } catch (error) {
        tell.failed(error);
        return [];
      }
    },
    resolveTreeItem(item, node) {
      if (node.kind === 'prompt') item.tooltip = promptTooltip(node);
      if (node.kind === 'version') item.tooltip = versionTooltip(node.info);
      return item;
    },
    refresh: () => changed.fire(undefined),
    grouping: () => grouping,
    setGrouping(next) {
      grouping = next;
      changed.fire(undefined);
    },
    setSearch(text) {
      search = text;
      changed.fire(undefined);
    },
    search: () => search,
    loadMore(group) {
      limits.set(group, (limits.get(group) ?? page) + page);
      changed.fire(undefined);
    },
  };
}
