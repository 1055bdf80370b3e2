import * as vscode from 'vscode';
import type { TokenInfo } from '../../publish/accessTokens.ts';
import type { Delivery, TargetStatus } from '../../publish/types.ts';
import {
  attemptFacts,
  deliveryAction,
  deliveryFacts,
  deliveryLabel,
  deliveryName,
  isHere,
  needsAttention,
  targetFacts,
  tokenFacts,
  tokenState,
} from './publishingText.ts';

export type TargetNode = { kind: 'target'; vault: string; name: string; status: TargetStatus };
export type DeliveryNode = { kind: 'delivery'; vault: string; id: number; delivery: Delivery };
type AttemptNode = { kind: 'attempt'; vault: string; id: number; attempt: Delivery['attempts'][number] };
type MoreNode = { kind: 'more'; vault: string; name: string };
type TokensNode = { kind: 'tokens'; vault: string; tokens: TokenInfo[] };
export type TokenNode = { kind: 'token'; vault: string; id: string; token: TokenInfo };
export type PublishingNode = TargetNode | DeliveryNode | AttemptNode | MoreNode | TokensNode | TokenNode;

const { None, Collapsed } = vscode.TreeItemCollapsibleState;
const colour = (id: string) => new vscode.ThemeColor(id);
const warning = () => new vscode.ThemeIcon('warning', colour('problemsWarningIcon.foreground'));

/** `where` is the vault's name in a window with several; `busy` while something is sent there. */
export function publishingItem(node: PublishingNode, where: string | null, busy: boolean): vscode.TreeItem {
  const now = new Date();
  if (node.kind === 'target') return targetItem(node, { where, busy, now });
  if (node.kind === 'delivery') return deliveryItem(node, now);
  if (node.kind === 'attempt') return attemptItem(node, now);
  if (node.kind === 'more') {
    const item = new vscode.TreeItem('Load more…', None);
    item.id = `${node.vault} ${node.name} more`;
    item.command = { command: 'promptvault.publishing.loadMore', title: 'Load More', arguments: [item.id] };
    return item;
  }
  if (node.kind === 'token') return tokenItem(node, now);
  const item = new vscode.TreeItem('Access tokens', Collapsed);
  item.id = `${node.vault} tokens`;
  const valid = node.tokens.filter((one) => tokenState(one, now) === 'valid').length;
  item.description = [where, `${valid} valid`].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon('key');
  item.contextValue = 'tokens';
  item.accessibilityInformation = { label: `Access tokens ${item.description}, of the served API` };
  return item;
}

type Shown = { where: string | null; busy: boolean; now: Date };

function targetItem({ vault, name, status }: TargetNode, { where, busy, now }: Shown): vscode.TreeItem {
  const { kind, state, address, problem, stateReason, lastError } = status;
  const item = new vscode.TreeItem(name, Collapsed);
  item.id = `${vault} target ${name}`;
  item.description = [where, targetFacts(status, now)].filter(Boolean).join(' · ');
  item.iconPath = targetIcon(status, busy);
  item.contextValue = `target;kind=${kind};state=${state};${isHere(status) ? 'here' : 'away'}`;
  const told = [address, problem ?? stateReason, lastError].filter(Boolean).map((one) => `${one}`);
  item.tooltip = [`${name}: ${kind === 'sync' ? 'sync target' : 'webhook'}`, ...told].join('\n');
  const words = kind === 'sync' ? 'sync target' : 'webhook';
  item.accessibilityInformation = { label: [`${name} ${item.description}`, words, problem].filter(Boolean).join(', ') };
  return item;
}

function targetIcon(status: TargetStatus, busy: boolean): vscode.ThemeIcon {
  if (busy) return new vscode.ThemeIcon('sync~spin');
  if (needsAttention(status)) return warning();
  if (status.state === 'off' || !isHere(status)) return new vscode.ThemeIcon('circle-slash');
  const icon = status.kind === 'sync' ? 'cloud-upload' : 'broadcast';
  return new vscode.ThemeIcon(icon, status.lastDeliveredAt ? colour('testing.iconPassed') : undefined);
}

function deliveryItem({ vault, id, delivery }: DeliveryNode, now: Date): vscode.TreeItem {
  const { state, attempts, target } = delivery;
  const item = new vscode.TreeItem(deliveryName(delivery), attempts.length > 0 ? Collapsed : None);
  const facts = deliveryFacts(delivery, now);
  item.id = `${vault} delivery ${id}`;
  item.description = [deliveryAction(delivery), facts].filter(Boolean).join(' · ');
  item.iconPath = deliveryIcon(state);
  item.contextValue = `delivery;state=${state}`;
  item.tooltip = [deliveryLabel(delivery), facts, `Key ${delivery.key}`].join('\n');
  const path = delivery.path ? `, ${delivery.path}` : '';
  item.accessibilityInformation = { label: `${item.label} ${item.description}${path}, delivery to ${target}` };
  return item;
}

function deliveryIcon(state: Delivery['state']): vscode.ThemeIcon {
  if (state === 'delivered') return new vscode.ThemeIcon('pass', colour('testing.iconPassed'));
  if (state === 'failed') return new vscode.ThemeIcon('error', colour('testing.iconFailed'));
  return new vscode.ThemeIcon(state === 'pending' ? 'clock' : 'circle-slash');
}

function attemptItem({ vault, id, attempt }: AttemptNode, now: Date): vscode.TreeItem {
  const item = new vscode.TreeItem(`Attempt ${attempt.attempt}`, None);
  item.id = `${vault} delivery ${id} attempt ${attempt.attempt}`;
  item.description = attemptFacts(attempt, now);
  item.iconPath = deliveryIcon(attempt.error === null ? 'delivered' : 'failed');
  item.contextValue = 'attempt';
  item.tooltip = `${attempt.at}${attempt.error ? `\n${attempt.error}` : ''}`;
  item.accessibilityInformation = { label: `${item.label} ${item.description}` };
  return item;
}

function tokenItem({ vault, id, token }: TokenNode, now: Date): vscode.TreeItem {
  const state = tokenState(token, now);
  const item = new vscode.TreeItem(token.name, None);
  item.id = `${vault} token ${id}`;
  item.description = tokenFacts(token, now);
  item.iconPath = new vscode.ThemeIcon(state === 'valid' ? 'key' : 'circle-slash');
  item.contextValue = `token;state=${state}`;
  item.tooltip = `pv_${id}_…\nMade ${token.createdAt} by ${token.createdBy}`;
  item.accessibilityInformation = { label: `${token.name} ${item.description}, access token` };
  return item;
}
