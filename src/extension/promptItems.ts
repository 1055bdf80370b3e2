import * as vscode from 'vscode';
import { highlights } from '../engine/highlights.ts';
import type { Evidence } from '../lab/evidence.ts';
import type { VersionInfo } from '../vault/types.ts';
import type { CommandId } from './commandIds.ts';
import { formatAgo } from './formatTime.ts';
import {
  type GroupNode,
  leadStage,
  type MoreNode,
  nodeId,
  type PromptNode,
  type PromptsNode,
  promptContext,
  stageBadges,
  type VersionNode,
  versionContext,
} from './promptNodes.ts';
import { stageIcon, stageUri, stageWords } from './stageMarks.ts';
import { folderOf, nameOf } from './targets.ts';
import { versionLine } from './versionLine.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
const groupIcons = { folder: 'folder', tag: 'tag', stage: 'layers' } as const;

/** A row of the Prompts view as VS Code shows it. Tooltips come later, when asked for. */
export function promptsItem(node: PromptsNode): vscode.TreeItem {
  const item = build(node);
  item.id = nodeId(node);
  return item;
}

function build(node: PromptsNode): vscode.TreeItem {
  if (node.kind === 'prompt') return promptItem(node);
  if (node.kind === 'version') return versionItem(node.info, { node, hasPrd: true });
  if (node.kind === 'group') return groupItem(node);
  if (node.kind === 'vault') {
    const item = new vscode.TreeItem(node.label, Expanded);
    item.description = node.problem ?? undefined;
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'vault';
    item.tooltip = [node.folder, node.problem].filter(Boolean).join('\n');
    item.accessibilityInformation = { label: [node.label, node.problem, 'vault'].filter(Boolean).join(', ') };
    return item;
  }
  return moreItem(node, 'promptvault.prompts.loadMore');
}

/** The last row of a level that has another page. */
export function moreItem({ left, group, what }: MoreNode, command: CommandId): vscode.TreeItem {
  const item = new vscode.TreeItem(left === null ? 'Load more…' : `Load more… (${left} left)`, None);
  item.command = { command, title: 'Load More', arguments: [group] };
  item.accessibilityInformation = { label: `${item.label}, ${what}` };
  return item;
}

function groupItem({ by, name, label, count }: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label, Collapsed);
  item.description = String(count);
  item.iconPath = new vscode.ThemeIcon(groupIcons[by]);
  item.contextValue = `group;by=${by}`;
  // Names begin with what is seen, so that voice control finds the row by it.
  item.accessibilityInformation = { label: `${label} ${count} prompts, ${by} ${name}` };
  return item;
}

function promptItem(node: PromptNode): vscode.TreeItem {
  const { summary, path, list } = node;
  const said = promptWords(node, new Date());
  const shown = list && list !== 'recent' ? highlights(said.label, list.search) : [];
  const item = new vscode.TreeItem({ label: said.label, highlights: shown }, Collapsed);
  item.description = said.description;
  item.iconPath = new vscode.ThemeIcon('comment', stageIcon(leadStage(summary.stages)).color);
  item.contextValue = promptContext(summary.stages);
  item.command = { command: 'promptvault.prompt.open', title: 'Open', arguments: [node] };
  item.accessibilityInformation = { label: `${said.label} ${said.description}, ${path}` };
  return item;
}

/** Below its folder a prompt needs its name only; hits show their path, and what changed last says when. */
function promptWords({ path, summary, list }: PromptNode, now: Date): { label: string; description: string } {
  const badges = stageBadges(summary);
  if (!list) return { label: nameOf(path), description: badges };
  if (list !== 'recent') return { label: path, description: badges };
  const parts = [formatAgo(summary.updatedAt, now), badges, folderOf(path)];
  return { label: nameOf(path), description: parts.filter(Boolean).join(' · ') };
}

/** One version, as both the Prompts and the Versions view show it. */
export function versionItem(
  info: VersionInfo,
  { node, hasPrd, evidence }: { node: VersionNode; hasPrd: boolean; evidence?: Evidence },
): vscode.TreeItem {
  const item = new vscode.TreeItem(`v${info.version}`, None);
  item.description = versionLine(info, { now: new Date(), evidence });
  item.iconPath = stageIcon(info.stage);
  item.resourceUri = stageUri(info.stage, `${info.path}@${info.version}`);
  item.contextValue = versionContext(info, hasPrd);
  item.command = { command: 'promptvault.version.open', title: 'Open', arguments: [node] };
  item.accessibilityInformation = {
    label: `${item.label} ${item.description}, ${stageWords(info.stage)} of ${info.path}`,
  };
  return item;
}
