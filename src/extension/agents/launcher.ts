import * as vscode from 'vscode';
import { cliOf } from './mcpLaunch.ts';

/**
 * A file whose place stays the same when the extension is updated, so that what a person pasted into an agent's configuration
 * goes on working. It starts the command line of the extension that wrote it last.
 */
const placeOf = (context: vscode.ExtensionContext) => vscode.Uri.joinPath(context.globalStorageUri, 'promptvault.cjs');

export async function writeLauncher(context: vscode.ExtensionContext): Promise<string> {
  const place = placeOf(context);
  const text = `require(${JSON.stringify(cliOf(context))});\n`;
  if ((await readText(place)) !== text) {
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    await vscode.workspace.fs.writeFile(place, Buffer.from(text));
  }
  return place.fsPath;
}

/** After an update: only where somebody has one. */
export async function refreshLauncher(context: vscode.ExtensionContext): Promise<void> {
  if ((await readText(placeOf(context))) !== undefined) await writeLauncher(context);
}

async function readText(place: vscode.Uri): Promise<string | undefined> {
  try {
    return Buffer.from(await vscode.workspace.fs.readFile(place)).toString('utf8');
  } catch {
    return undefined;
  }
}
