import * as vscode from 'vscode';
import { changeSummary } from '../../engine/changeSummary.ts';
import { coalesce } from '../coalesce.ts';
import type { Deps } from '../deps.ts';
import { type DocumentSource, parseVersionQuery, versionScheme } from '../versionUri.ts';
import { barText } from './barText.ts';
import { appendLines } from './changedSince.ts';

/** Below the diff of two versions, in the status bar: what changed, settings and variables before the words. */
export function registerChangeBar({ vaults, log }: Pick<Deps, 'vaults' | 'log'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('promptvault.changes', vscode.StatusBarAlignment.Left, 10);
  item.name = 'PromptVault: What Changed';
  let asked = 0;

  async function refresh(): Promise<void> {
    const mine = ++asked;
    const sides = activeSides();
    if (!sides) return item.hide();
    const [from, to] = sides;
    const engine = await vaults.engine(from.vault);
    const changes = await engine.diff({
      from: refOf(from),
      to: refOf(to),
      fromRevision: from.revision,
      toRevision: to.revision,
      words: true,
    });
    if (mine !== asked) return;
    const lines = changes.same ? ['the two say the same'] : changeSummary(changes, 'words');
    item.text = `$(diff) ${barText(lines)}`;
    item.tooltip = appendLines(
      new vscode.MarkdownString().appendText(`${nameOf(from)} → ${nameOf(to)}`).appendMarkdown('\n'),
      lines,
    );
    item.accessibilityInformation = { label: `What changed: ${lines.join(', ')}` };
    item.show();
  }
  const later = coalesce(() => {
    refresh().catch((error) => {
      // One of the two may be gone by now; the diff says so itself.
      log.debug('What changed could not be told', String(error));
      item.hide();
    });
  });
  later();
  return vscode.Disposable.from(
    item,
    vscode.window.tabGroups.onDidChangeTabs(later),
    vscode.window.tabGroups.onDidChangeTabGroups(later),
    vaults.onDidChange(later),
  );
}

const refOf = ({ path, version }: DocumentSource) => `${path}@${version}`;
const nameOf = ({ path, version, revision }: DocumentSource) =>
  `${path} v${version}${revision === undefined ? '' : ` revision ${revision}`}`;

/** Both sides of the diff that is looked at, when both are stored in one vault. */
function activeSides(): [DocumentSource, DocumentSource] | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
  const [from, to] = [input.original, input.modified].map((uri) =>
    uri.scheme === versionScheme ? parseVersionQuery(uri.query) : undefined,
  );
  const stored = (side: DocumentSource) => side.unsaved === undefined;
  return from && to && stored(from) && stored(to) && from.vault === to.vault ? [from, to] : undefined;
}
