import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { ListQuery, Stage } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { promptsItem } from './promptItems.ts';
import {
  folderNode,
  type GroupBy,
  type Grouping,
  type GroupNode,
  groupId,
  groupNodes,
  type PromptNode,
  type PromptsNode,
} from './promptNodes.ts';
import { createPromptPages, type Level } from './promptPages.ts';
import { promptTooltip, versionTooltip } from './promptTooltips.ts';
import { folderOf } from './targets.ts';
import { vaultName } from './vaultName.ts';

const page = 200;

export type PromptTree = vscode.TreeDataProvider<PromptsNode> & {
  refresh(): void;
  grouping(): Grouping;
  setGrouping(grouping: Grouping): void;
  /** Shows only what matches; undefined shows everything. */
  setSearch(text: string | undefined): void;
  search(): string | undefined;
  loadMore(level: string): void;
};

/** `failed` hears what could not be read: the tree is then empty and the state says why. `found` hears the hits of a search in a vault. */
type Hearers = {
  failed(error: unknown): void;
  found(hits: { vault: string; prompts: number; capped: boolean }): void;
};

/** The Prompts view's data: every level a page at a time, each page after the one before. */
export function createPromptTree({ vaults }: Pick<Deps, 'vaults'>, tell: Hearers): PromptTree {
  const changed = new vscode.EventEmitter<PromptsNode | undefined>();
  const pages = createPromptPages<PromptsNode>();
  let grouping: Grouping = 'folder';
  let search: string | undefined;

  const withMore = (
    { vault, id, what }: { vault: string; id: string; what: string },
    { rows, more, left }: Level<PromptsNode>,
  ): PromptsNode[] => (more ? [...rows, { kind: 'more', vault, group: id, left, what }] : rows);

  async function promptRows(
    engine: EngineClient,
    level: { vault: string; id: string; what: string; list?: PromptNode['list'] },
    query: ListQuery,
  ): Promise<PromptsNode[]> {
    const { vault, id, list } = level;
    const read = await pages.read(id, async (from) => {
      const { prompts, total, capped = false, next } = await engine.list({ ...query, limit: page, ...from });
      if (query.search) tell.found({ vault, prompts: total, capped });
      const rows = prompts.map((summary): PromptNode => {
        return { kind: 'prompt', vault, path: summary.path, under: id, summary, ...(list && { list }) };
      });
      return { rows, next, total: capped ? null : total };
    });
    return withMore(level, read);
  }

  /** One level of groups; `whole` once there is no other page. */
  async function levelRows(
    engine: EngineClient,
    { vault, by, parent }: { vault: string; by: GroupBy; parent: string },
  ) {
    const id = `groups ${groupId({ vault, by, name: parent })}`;
    const read = await pages.read(id, async (from) => {
      const { groups, more } = await engine.groups({ by, parent, limit: page, ...from });
      return { rows: groupNodes(vault, by, groups), next: more ? { after: groups.at(-1)?.name } : null, total: null };
    });
    const what = by === 'folder' ? `folders in ${parent || 'the top'}` : `${by}s`;
    return { rows: withMore({ vault, id, what }, read), whole: !read.more };
  }

  /** The folders below one, and once all of them are there, the prompts in it. */
  async function folderRows(engine: EngineClient, { vault, name }: { vault: string; name: string }) {
    const folders = await levelRows(engine, { vault, by: 'folder', parent: name });
    if (!folders.whole) return folders.rows;
    const level = { vault, id: groupId({ vault, by: 'folder', name }), what: `prompts in ${name || 'the top'}` };
    return [...folders.rows, ...(await promptRows(engine, level, { folder: name, direct: true }))];
  }

  async function vaultRows(vault: string): Promise<PromptsNode[]> {
    const engine = await vaults.engine(vault);
    if (search) {
      const level = { vault, id: `search ${vault}`, what: `prompts found for ${search}`, list: { search } };
      return promptRows(engine, level, { search });
    }
    if (grouping === 'folder') return folderRows(engine, { vault, name: '' });
    if (grouping === 'recent') {
      const level = { vault, id: `recent ${vault}`, what: 'recently changed prompts', list: 'recent' as const };
      return promptRows(engine, level, { order: 'recent' });
    }
    return (await levelRows(engine, { vault, by: grouping, parent: '' })).rows;
  }

  async function groupRows(node: GroupNode): Promise<PromptsNode[]> {
    const { vault, by, name } = node;
    const engine = await vaults.engine(vault);
    if (by === 'folder') return folderRows(engine, { vault, name });
    const query: ListQuery = by === 'tag' ? { tag: name } : { stage: name as Stage };
    return promptRows(engine, { vault, id: groupId(node), what: `prompts of ${by} ${name}` }, query);
  }

  async function versionRows({ vault, path, under }: PromptNode): Promise<PromptsNode[]> {
    const id = `versions ${vault} ${under} ${path}`;
    const engine = await vaults.engine(vault);
    const read = await pages.read(id, async (from) => {
      const { versions, more } = await engine.history({ path, versionLimit: page, eventLimit: 0, ...from });
      const rows = versions.map((info): PromptsNode => {
        return { kind: 'version', vault, path, version: info.version, under, info };
      });
      return { rows, next: more.versions ? { versionsBefore: versions.at(-1)?.version } : null, total: null };
    });
    return withMore({ vault, id, what: `versions of ${path}` }, read);
  }

  async function rootRows(): Promise<PromptsNode[]> {
    const present = vaults.present();
    if (present.length > 1) {
      return present.map(({ key, folder, problem }) => {
        const label = vaultName(vaults, key) ?? folder.name;
        return { kind: 'vault', vault: key, label, folder: folder.uri.fsPath, problem: problem() ?? null };
      });
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
    if (grouping !== 'folder' || search) return undefined;
    if (node.kind === 'prompt') return folderNode(node.vault, folderOf(node.path));
    return node.kind === 'group' ? folderNode(node.vault, folderOf(node.name)) : undefined;
  }

  function show(change: () => void): void {
    change();
    changed.fire(undefined);
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
    async resolveTreeItem(item, node) {
      if (node.kind === 'prompt') item.tooltip = await promptTooltip(node, vaults);
      if (node.kind === 'version') item.tooltip = versionTooltip(node.info);
      return item;
    },
    refresh: () => show(pages.forgetRows),
    grouping: () => grouping,
    setGrouping: (next) =>
      show(() => {
        grouping = next;
        pages.forgetLevels();
      }),
    setSearch: (text) =>
      show(() => {
        search = text;
        pages.forgetLevels();
      }),
    search: () => search,
    loadMore: (level) => show(() => pages.loadMore(level)),
  };
}
