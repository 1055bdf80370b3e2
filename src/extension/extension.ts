import * as vscode from 'vscode';
import { registerAgents } from './agents/registerAgents.ts';
import type { EarlyDeps } from './deps.ts';
import type { Features } from './features.ts';
import { createShell } from './shell.ts';
import { createWorkspaceVaults } from './workspaceVaults.ts';

/** What other extensions may know: the version, and when the vaults of the window have been looked for. */
export type Api = { readonly version: string; readonly ready: Promise<void> };

/**
 * Registers what VS Code must know of and looks for vaults. Everything else is a file of its own, loaded when there is a
 * vault in the window or a person asks for something: most windows have no prompts, and wait for nothing here.
 */
export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('PromptVault', { log: true });
  let loading: Promise<Features> | undefined;
  const features = () => {
    loading ??= import('./features.ts').then(({ openFeatures }) => openFeatures(early));
    return loading;
  };

  const vaults = createWorkspaceVaults(async (folder, mode) => (await features()).openEngine(folder, mode), log);
  const whenNeeded = async () => {
    await vaults.ready;
    if (vaults.present().length > 0) await features();
  };
  const shell = createShell({ features, rows: whenNeeded });
  const early: EarlyDeps = { context, log, vaults, shell };
  const load = () => void whenNeeded().catch((error) => log.error('Loading the features failed', String(error)));
  context.subscriptions.push(log, vaults, shell, registerAgents(early), vaults.onDidChangeState(load));
  const { version } = context.extension.packageJSON as { version: string };
  return { version, ready: vaults.ready };
}
