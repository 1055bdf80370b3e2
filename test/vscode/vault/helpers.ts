import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type EngineClient, forkEngine } from '../../../src/engine/engineClient.ts';

export const folder = () => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'the window has a folder');
  return first;
};
export const vaultFile = () => join(folder().uri.fsPath, '.promptvault', 'vault.db');

/** Asks again until it answers something. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await wait(50);
  }
  throw new Error(`Waited in vain for ${what}; tabs: ${tabLabels().join(' | ')}`);
}

export const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
export const tabLabels = () => tabs().map(({ label }) => label);
export const tabCalled = (label: string) =>
  eventually(`the tab ${label}`, () => tabs().find((tab) => tab.label === label));

/** Another process on the same vault, as a second window or the CLI is. */
export async function openOtherProcess(file = vaultFile()): Promise<EngineClient> {
  const extension = vscode.extensions.getExtension('promptvault.promptvault');
  assert.ok(extension);
  return forkEngine({
    modulePath: join(extension.extensionPath, 'dist', 'engine.js'),
    file,
    mode: 'write',
    actor: 'Other <other@example.com>',
    host: { connection: async () => ({}), prices: async () => ({}) },
  });
}

export const lensTitles = async (name: string): Promise<string[]> => {
  const uri = vscode.Uri.joinPath(folder().uri, name);
  await vscode.workspace.openTextDocument(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return lenses.flatMap(({ command }) => command?.title ?? []);
};
