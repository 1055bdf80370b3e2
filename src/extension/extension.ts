import * as vscode from 'vscode';
import { registerCodeLens } from './codeLens.ts';
import { registerCareCommands } from './commands/careCommands.ts';
import { registerHistoryCommands } from './commands/historyCommands.ts';
import { registerLabCommands } from './commands/labCommands.ts';
import { registerModelCommands } from './commands/modelCommands.ts';
import { registerPromptCommands } from './commands/promptCommands.ts';
import { registerSnippetCommands } from './commands/snippetCommands.ts';
import { registerSyncCommands } from './commands/syncCommands.ts';
import { registerVaultCommands } from './commands/vaultCommands.ts';
import { registerVersionCommands } from './commands/versionCommands.ts';
import type { Deps } from './deps.ts';
import { withTextEditors } from './draftEditors.ts';
import { registerDrafts } from './drafts.ts';
import { createEditorPanels, registerEditorPanels } from './editorPanels.ts';
import { registerChangeBar } from './history/changeBar.ts';
import { createKeyStore } from './keyStore.ts';
import { createLabPanels, registerLabPanels } from './labPanels.ts';
import { createOpenEngine } from './openEngine.ts';
import { registerPromptsView } from './promptsView.ts';
import { registerRunsView } from './runsView.ts';
import { createSelection } from './selection.ts';
import { registerStageMarks } from './stageMarks.ts';
import { registerStatusBar } from './statusBar.ts';
import { createUnsavedDrafts } from './unsavedDrafts.ts';
import { createVersionDocuments, registerVersionDocuments } from './versionDocuments.ts';
import { registerVersionsView } from './versionsView.ts';
import { createWorkspaceVaults } from './workspaceVaults.ts';

const features: readonly ((deps: Deps) => vscode.Disposable)[] = [
  registerVaultCommands,
  registerCareCommands,
  registerPromptsView,
  registerVersionsView,
  registerRunsView,
  registerStageMarks,
  registerVersionDocuments,
  registerDrafts,
  registerEditorPanels,
  registerLabPanels,
  registerPromptCommands,
  registerVersionCommands,
  registerHistoryCommands,
  registerChangeBar,
  registerLabCommands,
  registerModelCommands,
  registerSnippetCommands,
  registerSyncCommands,
  registerCodeLens,
  registerStatusBar,
];

/** What other extensions may know: the version, and when the vaults of the window have been looked for. */
export type Api = { readonly version: string; readonly ready: Promise<void> };

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('PromptVault', { log: true });
  context.subscriptions.push(log);
  const deps = createDeps(context, log);
  for (const register of features) {
    try {
      context.subscriptions.push(register(deps));
    } catch (error) {
      log.error(`${register.name} failed`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  const { version } = context.extension.packageJSON as { version: string };
  return { version, ready: deps.vaults.ready };
}

function createDeps(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Deps {
  const keys = createKeyStore(context, log);
  const vaults = createWorkspaceVaults(createOpenEngine({ context, keys, log }), log);
  const selection = createSelection();
  const documents = createVersionDocuments(vaults);
  const unsaved = createUnsavedDrafts(context.workspaceState);
  context.subscriptions.push(vaults, documents);
  const base = { context, log, vaults, selection, keys, documents, unsaved };
  const labs = createLabPanels(base);
  const editors = withTextEditors(createEditorPanels({ ...base, labs }));
  context.subscriptions.push(labs, editors);
  return { ...base, labs, editors };
}
