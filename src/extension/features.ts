import { registerAgentCommands } from './agents/agentCommands.ts';
import { createCode, registerCode } from './code/registerCode.ts';
import { registerCareCommands } from './commands/careCommands.ts';
import { registerGateCommands } from './commands/gateCommands.ts';
import { registerHistoryCommands } from './commands/historyCommands.ts';
import { registerLabCommands } from './commands/labCommands.ts';
import { registerModelCommands } from './commands/modelCommands.ts';
import { registerPromptCommands } from './commands/promptCommands.ts';
import { registerSnippetCommands } from './commands/snippetCommands.ts';
import { registerSyncCommands } from './commands/syncCommands.ts';
import { registerVaultCommands } from './commands/vaultCommands.ts';
import { registerVersionCommands } from './commands/versionCommands.ts';
import type { Deps, EarlyDeps } from './deps.ts';
import { withTextEditors } from './draftEditors.ts';
import { registerDrafts } from './drafts.ts';
import { createEditorPanels, registerEditorPanels } from './editorPanels.ts';
import { registerChangeBar } from './history/changeBar.ts';
import { createKeyStore } from './keyStore.ts';
import { createLabPanels, registerLabPanels } from './labPanels.ts';
import { createOpenEngine } from './openEngine.ts';
import { registerPromptsView } from './promptsView.ts';
import { createPublishStore } from './publishing/publishStore.ts';
import { registerPublishing } from './publishing/registerPublishing.ts';
import { runCommand } from './registerCommands.ts';
import { registerRunsView } from './runsView.ts';
import { createSelection } from './selection.ts';
import { registerStageMarks } from './stageMarks.ts';
import { registerStatusBar } from './statusBar.ts';
import { registerTestExplorer } from './testing/testExplorer.ts';
import { createUnsavedDrafts } from './unsavedDrafts.ts';
import { createVersionDocuments, registerVersionDocuments } from './versionDocuments.ts';
import { registerVersionsView } from './versionsView.ts';
import { registerWalkthrough } from './walkthrough.ts';
import type { OpenEngine } from './workspaceVaults.ts';

// The status bar opens the vaults, which takes longest, so it is first.
const features: readonly ((deps: Deps) => { dispose(): unknown })[] = [
  registerStatusBar,
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
  registerGateCommands,
  registerTestExplorer,
  registerModelCommands,
  registerSnippetCommands,
  registerSyncCommands,
  registerPublishing,
  registerCode,
  registerAgentCommands,
  registerWalkthrough,
];

/** All features of a window, once something needs one of them. */
export type Features = { openEngine: OpenEngine; runCommand: typeof runCommand };

export function openFeatures(early: EarlyDeps): Features {
  const { context, log } = early;
  const deps = createDeps(early);
  for (const register of features) {
    try {
      context.subscriptions.push(register(deps));
    } catch (error) {
      log.error(`${register.name} failed`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  return { openEngine: createOpenEngine(deps), runCommand };
}

function createDeps(early: EarlyDeps): Deps {
  const { context, log, vaults } = early;
  const keys = createKeyStore(context, log);
  const publishing = createPublishStore(context);
  const documents = createVersionDocuments(vaults);
  const unsaved = createUnsavedDrafts(context.workspaceState);
  const code = createCode(vaults);
  const base = { ...early, selection: createSelection(), keys, publishing, documents, unsaved, code };
  const labs = createLabPanels(base);
  const editors = withTextEditors(createEditorPanels({ ...base, labs }));
  context.subscriptions.push(publishing, documents, labs, editors, code);
  return { ...base, labs, editors };
}
