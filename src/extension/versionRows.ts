import * as vscode from 'vscode';
import type { Evidence } from '../lab/evidence.ts';
import type { Revision, VersionInfo } from '../vault/types.ts';
import { formatAgo } from './formatTime.ts';
import { moreItem, versionItem } from './promptItems.ts';
import type { MoreNode, VersionNode } from './promptNodes.ts';
import { nameOf } from './targets.ts';
import { personOf } from './versionLine.ts';

export type RevisionNode = {
  kind: 'revision';
  vault: string;
  path: string;
  version: string;
  revision: number;
  saved: Revision;
  newest: boolean;
};
export type TimelineVersion = VersionNode & { hasPrd: boolean; evidence?: Evidence };
/** Rows of the Versions view: versions, the saved states below drafts, and what loads more of either. */
export type TimelineNode = TimelineVersion | RevisionNode | MoreNode;

export const isDraft = ({ stage }: VersionInfo) => stage === 'DEV' || stage === 'TST';

export function timelineItem(node: TimelineNode): vscode.TreeItem {
  if (node.kind === 'revision') return revisionItem(node);
  if (node.kind === 'more') return moreItem(node, 'promptvault.versions.loadMore');
  const item = versionItem(node.info, { node, hasPrd: node.hasPrd, evidence: node.evidence });
  item.id = `${node.vault} ${node.path}@${node.version}`;
  if (isDraft(node.info)) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  return item;
}

function revisionItem(node: RevisionNode): vscode.TreeItem {
  const { saved, revision, newest } = node;
  const item = new vscode.TreeItem(newest ? `Revision ${revision} (stored)` : `Revision ${revision}`);
  item.id = `${node.vault} ${node.path}@${node.version}#${revision}`;
  item.description = [formatAgo(saved.at, new Date()), personOf(saved.actor), saved.rationale]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon('history');
  item.contextValue = newest ? 'revision;newest' : 'revision';
  item.command = { command: 'promptvault.revision.compare', title: 'Compare', arguments: [node] };
  item.accessibilityInformation = { label: `${item.label} ${item.description}, ${nameOf(node.path)}` };
  return item;
}
