import * as vscode from 'vscode';
import { rulesFor } from '../engine/rules.ts';
import type { VersionInfo } from '../vault/types.ts';
import { formatAgo, formatPeriod } from './formatTime.ts';
import {
  type GroupNode,
  leadStage,
  nodeId,
  type PromptNode,
  type PromptsNode,
  promptContext,
  stageBadges,
  type VersionNode,
  versionContext,
} from './promptNodes.ts';
import { stageIcon, stageUri, stageWords } from './stageMarks.ts';
import { nameOf } from './targets.ts';

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
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'vault';
    return item;
  }
  const item = new vscode.TreeItem(node.left === null ? 'Load more…' : `Load more… (${node.left} left)`, None);
  item.command = { command: 'promptvault.prompts.loadMore', title: 'Load More', arguments: [node.group] };
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
  const { summary, path } = node;
  const item = new vscode.TreeItem(nameOf(path), Collapsed);
  const badges = stageBadges(summary);
  item.description = badges;
  const stage = leadStage(summary.stages);
  item.iconPath = new vscode.ThemeIcon('comment', stageIcon(stage).color);
  item.contextValue = promptContext(summary.stages);
  item.command = { command: 'promptvault.prompt.open', title: 'Open', arguments: [node] };
  item.accessibilityInformation = { label: `${nameOf(path)} ${badges}, ${path}` };
  return item;
}

/** One version, as both the Prompts and the Versions view show it. */
export function versionItem(
  info: VersionInfo,
  { node, hasPrd }: { node: VersionNode; hasPrd: boolean },
): vscode.TreeItem {
  const item = new vscode.TreeItem(`v${info.version}`, None);
  const why = info.rationale ? ` · ${firstLine(info.rationale)}` : '';
  item.description = `${info.stage}  ${versionFacts(info, new Date())}${why}`;
  item.iconPath = stageIcon(info.stage);
  item.resourceUri = stageUri(info.stage, `${info.path}@${info.version}`);
  item.contextValue = versionContext(info, hasPrd);
  item.command = { command: 'promptvault.version.open', title: 'Open', arguments: [node] };
  item.accessibilityInformation = {
    label: `${item.label} ${item.description}, ${stageWords(info.stage)} of ${info.path}`,
  };
  return item;
}

/** "edited 5 min ago · Priya" for drafts, the period in production for the others. */
export function versionFacts(info: VersionInfo, now: Date): string {
  const period = formatPeriod(info, now);
  const who = info.updatedBy.replace(/\s*<.*>$/, '');
  const replaced = info.replacedBy ? ` · Replaced by v${info.replacedBy}` : '';
  return period ? `${period}${replaced}` : `edited ${formatAgo(info.updatedAt, now)} · ${who}`;
}

const firstLine = (text: string) => text.split('\n', 1)[0]!;

/** Vault text never becomes markup: it goes in as text, and nothing in it can run a command. */
export function promptTooltip({ path, summary }: PromptNode): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text
    .appendMarkdown('**')
    .appendText(summary.title || path)
    .appendMarkdown('**\n\n')
    .appendText(path);
  if (summary.description) text.appendMarkdown('\n\n').appendText(summary.description);
  if (summary.tags.length > 0) text.appendMarkdown('\n\nTags: ').appendText(summary.tags.join(', '));
  text.appendMarkdown('\n\n').appendText(stageBadges(summary));
  if (summary.snippet) text.appendMarkdown('\n\n').appendText(`… ${summary.snippet} …`);
  return text;
}

export function versionTooltip(info: VersionInfo): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(`${info.path} v${info.version} ${info.stage}`).appendMarkdown('**\n\n');
  text.appendText(versionFacts(info, new Date()));
  if (info.rationale) text.appendMarkdown('\n\n').appendText(info.rationale);
  if (info.copiedFrom) text.appendMarkdown('\n\n').appendText(`Copied from v${info.copiedFrom}`);
  if (info.rollbackOf) text.appendMarkdown('\n\n').appendText(`Rollback to v${info.rollbackOf}`);
  text.appendMarkdown('\n\n').appendText(`Created by ${info.createdBy}, ${info.hash.slice(0, 19)}…`);
  const refused = Object.values(rulesFor(info.stage).actions).flatMap((one) =>
    one.allowed || one.hidden ? [] : one.reason,
  );
  for (const reason of new Set(refused)) text.appendMarkdown('\n\n').appendText(reason);
  return text;
}
