import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import type { commandIds } from '../../../src/extension/commandIds.ts';
import type { Message } from '../../../src/vault/types.ts';
import { openOtherProcess, vaultFile } from '../vault/helpers.ts';

export const run = (id: keyof typeof commandIds, ...args: unknown[]) => vscode.commands.executeCommand(id, ...args);
export const user = (content: string): Message[] => [{ role: 'user', content }];

/** The window's vault, made by whichever test file comes first, and another process on it. */
export async function openVault(): Promise<EngineClient> {
  const extension = vscode.extensions.getExtension('promptvault.promptvault');
  assert.ok(extension);
  const api = (await extension.activate()) as { ready: Promise<void> };
  await api.ready;
  if (!existsSync(vaultFile())) await run('promptvault.vault.create');
  return openOtherProcess();
}
