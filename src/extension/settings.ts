import * as vscode from 'vscode';
import type { PriceOverrides } from '../models/types.ts';
import type { KeyVendor } from './modelKeys.ts';

const read = <T>(name: string, otherwise: T): T =>
  vscode.workspace.getConfiguration('promptvault').get<T>(name) ?? otherwise;

/** The settings of package.json. Addresses and prices have the scope `application`, so no workspace can set them. */
export const settings = {
  codeLens: () => read('codeLens.enabled', true),
  codeDiagnostics: () => read('codeDiagnostics.enabled', true),
  baseUrl: (vendor: KeyVendor) => read(`models.${vendor}.baseUrl`, '').trim(),
  prices: () => read<PriceOverrides>('models.prices', {}),
  /** Scope `application`: no workspace lets agents write. */
  mcpDrafts: () => read('mcp.allowDrafts', false),
  /** As they stand there; `readTargetSettings` and `readWebhookSettings` make sense of them. */
  targets: () => read<unknown>('sync.targets', []),
  webhooks: () => read<unknown>('webhooks', []),
  syncUrl: () => read('sync.url', '').trim(),
};

/** Writes one for this person, never for the workspace. */
export async function setForUser(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('promptvault').update(name, value, vscode.ConfigurationTarget.Global);
}

export function onDidChangeSetting(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`promptvault.${name}`)) listener();
  });
}
