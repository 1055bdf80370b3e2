import type * as vscode from 'vscode';
import { changeSummary } from '../../engine/changeSummary.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import type { VersionInfo } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';
import { previousVersion } from './previousVersion.ts';

/** Adds what a version changed to its tooltip: "Changed since v2.2: temperature 0.2 → 0.4". */
export async function tellChanges(
  tooltip: vscode.MarkdownString,
  { vaults }: Pick<Deps, 'vaults'>,
  { vault, info }: { vault: string; info: VersionInfo },
): Promise<vscode.MarkdownString> {
  const engine = await vaults.engine(vault);
  const versions = await allVersions(engine, info.path);
  const before = previousVersion(versions, info);
  if (!before) return tooltip;
  const refOf = ({ path, version }: VersionInfo) => `${path}@${version}`;
  const changes = await engine.diff({ from: refOf(before), to: refOf(info), words: true });
  if (changes.same) return tooltip.appendMarkdown('\n\n').appendText(`Says the same as v${before.version}`);
  tooltip.appendMarkdown('\n\n').appendText(`Changed since v${before.version}:`);
  return appendLines(tooltip, changeSummary(changes, 'words'));
}

const mostLines = 12;

/** A list of plain lines: nothing in them becomes markup. */
export function appendLines(text: vscode.MarkdownString, lines: readonly string[]): vscode.MarkdownString {
  for (const line of lines.slice(0, mostLines)) text.appendMarkdown('\n- ').appendText(line);
  if (lines.length > mostLines) text.appendMarkdown('\n- ').appendText(`and ${lines.length - mostLines} more`);
  return text;
}
