import * as vscode from 'vscode';
import type { RunExportFormat } from '../engine/engine.ts';
import type { EngineClient } from '../engine/engineClient.ts';

const kinds: Record<RunExportFormat, { label: string; extension: string }> = {
  csv: { label: 'CSV', extension: 'csv' },
  json: { label: 'JSON', extension: 'json' },
  junit: { label: 'JUnit XML', extension: 'xml' },
  markdown: { label: 'Markdown (for a pull request)', extension: 'md' },
  html: { label: 'HTML report', extension: 'html' },
};

/** Writes a run as a file the person chooses. */
export async function exportRun(
  engine: EngineClient,
  { runId, format }: { runId: string; format: RunExportFormat },
): Promise<void> {
  const { label, extension } = kinds[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await vscode.window.showSaveDialog({
    filters: { [label]: [extension] },
    saveLabel: 'Export',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `run-${runId}.${extension}`) }),
  });
  if (!file) return;
  const text = await engine.exportRun({ runId, format });
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(
    `Exported to ${vscode.workspace.asRelativePath(file)}`,
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', file);
}
