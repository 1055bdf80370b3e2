import * as vscode from 'vscode';
import type { ImportReport } from '../../exchange/types.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { withAbort } from '../withAbort.ts';

type Needs = Pick<Deps, 'vaults' | 'log'>;

/** Imports what was chosen in the Explorer or in a dialog; the log lists every prompt, the message the totals. */
export async function importPrompts({ vaults, log }: Needs, given: { fsPath: string }[] | undefined): Promise<void> {
  const vault = await chooseVault({ vaults }, 'Import Prompts');
  if (!vault) return;
  const engine = await vaults.engine(vault);
  const sources = (given ?? (await askSources()))?.map(({ fsPath }) => fsPath);
  if (!sources) return;
  const options = { location: vscode.ProgressLocation.Notification, title: 'Importing prompts', cancellable: true };
  const report = await vscode.window.withProgress(options, async (progress, token) => {
    let said = 0;
    const listening = engine.onDidImport(({ done, total }) => {
      if (total === 0) return;
      const percent = (done / total) * 100;
      progress.report({ message: `${done} of ${total}`, increment: percent - said });
      said = percent;
    });
    try {
      return await withAbort(token, (signal) => engine.importPrompts({ sources }, signal));
    } finally {
      listening.dispose();
    }
  });
  await tell(report, log);
}

async function askSources(): Promise<vscode.Uri[] | undefined> {
  const kinds = [
    { label: '$(folder) A folder…', description: 'folders with system.md, Markdown and text files', folder: true },
    { label: '$(file) Files…', description: 'Markdown, text, CSV, JSON, YAML', folder: false },
  ];
  // Dialogs of Linux and Windows choose either files or folders, so the kind is asked first.
  const kind = await vscode.window.showQuickPick(kinds, { title: 'Import prompts from' });
  if (!kind) return undefined;
  return vscode.window.showOpenDialog({
    canSelectFolders: kind.folder,
    canSelectFiles: !kind.folder,
    canSelectMany: true,
    openLabel: 'Import',
    ...(!kind.folder && { filters: { Prompts: ['md', 'txt', 'csv', 'json', 'yaml', 'yml'] } }),
  });
}

async function tell(report: ImportReport, log: vscode.LogOutputChannel): Promise<void> {
  const { created, updated, unchanged, skipped } = report;
  for (const path of created) log.info(`imported ${path}`);
  for (const path of updated) log.info(`updated ${path}`);
  for (const { source, reason } of skipped) log.warn(`skipped ${source}: ${reason}`);
  const counts = [
    `${created.length} created`,
    ...(updated.length > 0 ? [`${updated.length} updated`] : []),
    ...(unchanged.length > 0 ? [`${unchanged.length} unchanged`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  const show = 'Show Log';
  const say = skipped.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await say(`Import: ${counts.join(', ')}.`, show)) === show) log.show();
}
