import * as vscode from 'vscode';
import { highlights } from '../engine/highlights.ts';
import { rulesFor } from '../engine/rules.ts';
import type { Evidence } from '../lab/evidence.ts';
import type { VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { type PromptNode, stageBadges } from './promptNodes.ts';
import { evidenceText, versionFacts } from './versionLine.ts';

/** Labels of older versions are in the Versions view. */
const looked = 20;

/** Vault text never becomes markup: it goes in as text, and nothing in it can run a command. */
export async function promptTooltip(node: PromptNode, vaults: Deps['vaults']): Promise<vscode.MarkdownString> {
  const { path, summary, list, vault } = node;
  const text = new vscode.MarkdownString();
  bold(text, summary.title || path);
  text.appendMarkdown('\n\n').appendText(path);
  if (summary.description) text.appendMarkdown('\n\n').appendText(summary.description);
  if (summary.tags.length > 0) text.appendMarkdown('\n\nTags: ').appendText(summary.tags.join(', '));
  text.appendMarkdown('\n\n').appendText(stageBadges(summary));
  for (const { version, labels } of await labelled(vaults, { vault, path })) {
    text.appendMarkdown('\n\n').appendText(`v${version}: ${labels.join(', ')}`);
  }
  if (summary.snippet && list && list !== 'recent') {
    text.appendMarkdown('\n\n---\n\n');
    appendMatches(text, summary.snippet, list.search);
  }
  return text;
}

async function labelled(vaults: Deps['vaults'], { vault, path }: { vault: string; path: string }) {
  const engine = await vaults.engine(vault);
  // The prompt may just have been moved or deleted: the tooltip then says the rest.
  const none = { versions: [] as VersionInfo[] };
  const { versions } = await engine.history({ path, versionLimit: looked, eventLimit: 0 }).catch(() => none);
  return versions.filter(({ labels }) => labels.length > 0);
}

const bold = (text: vscode.MarkdownString, words: string) =>
  text.appendMarkdown('**').appendText(words).appendMarkdown('**');

/** A text with what was searched in bold. */
function appendMatches(text: vscode.MarkdownString, snippet: string, search: string): void {
  let from = 0;
  for (const [start, end] of highlights(snippet, search)) {
    text.appendText(snippet.slice(from, start));
    bold(text, snippet.slice(start, end));
    from = end;
  }
  text.appendText(snippet.slice(from));
}

export function versionTooltip(info: VersionInfo, evidence?: Evidence): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const now = new Date();
  bold(text, `${info.path} v${info.version} ${info.stage}`);
  const lines = [
    info.labels.length > 0 && `Labels: ${info.labels.join(', ')}`,
    versionFacts(info, now),
    evidence && evidenceText(evidence, now),
    info.rationale,
    info.copiedFrom && `Copied from v${info.copiedFrom}`,
    info.rollbackOf && `Rollback to v${info.rollbackOf}`,
    `Created by ${info.createdBy}, ${info.hash.slice(0, 19)}…`,
    ...refusals(info),
  ];
  for (const line of lines) if (line) text.appendMarkdown('\n\n').appendText(line);
  return text;
}

/** Why its buttons are greyed, each reason once. */
function refusals({ stage }: VersionInfo): Set<string> {
  const answers = Object.values(rulesFor(stage).actions);
  return new Set(answers.flatMap((one) => (one.allowed || one.hidden ? [] : one.reason)));
}
