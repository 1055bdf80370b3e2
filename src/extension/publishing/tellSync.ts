import * as vscode from 'vscode';
import type { SyncReport } from '../../publish/types.ts';

type Next = { where: string; log: vscode.LogOutputChannel; again(): unknown; secret(): unknown };

/** Says how a sync went, and what can be done where something failed. */
export async function tellSync(report: SyncReport, { where, log, again, secret }: Next): Promise<void> {
  const { sent, unchanged, failed, removed, items } = report;
  for (const { path, version, status, error } of items) {
    if (status === 'failed') log.error(`sync ${where}: ${path} v${version} failed: ${error}`);
    if (status === 'sent') log.info(`sync ${where}: ${path} v${version} sent`);
    if (status === 'removed') log.info(`sync ${where}: ${path} taken away`);
  }
  const parts = [`${sent} sent`, `${unchanged} unchanged`];
  if (removed > 0) parts.push(`${removed} removed`);
  if (failed > 0) parts.push(`${failed} failed`);
  const counts = parts.join(', ');
  if (failed === 0) {
    void vscode.window.showInformationMessage(`Sync with ${where}: ${counts}.`);
    return;
  }
  const [retry, token, show] = ['Try Again', 'Set Token…', 'Show Log'] as const;
  const message = `Sync with ${where}: ${counts}. What was sent stays sent; trying again sends the rest.`;
  const chosen = await vscode.window.showWarningMessage(message, retry, token, show);
  if (chosen === retry) await again();
  if (chosen === token) await secret();
  if (chosen === show) log.show();
}
