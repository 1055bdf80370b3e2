import type * as vscode from 'vscode';
import type { Code } from './code/registerCode.ts';
import type { EditorPanels } from './editorPanels.ts';
import type { KeyStore } from './keyStore.ts';
import type { LabPanels } from './labPanels.ts';
import type { PublishStore } from './publishing/publishStore.ts';
import type { Selection } from './selection.ts';
import type { Shell } from './shell.ts';
import type { UnsavedDrafts } from './unsavedDrafts.ts';
import type { VersionDocuments } from './versionDocuments.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

/** What there is from activation on. */
export type EarlyDeps = {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  vaults: WorkspaceVaults;
  shell: Shell;
};

/** What the features share. Each takes the few it needs with `Pick`. */
export type Deps = EarlyDeps & {
  selection: Selection;
  keys: KeyStore;
  publishing: PublishStore;
  documents: VersionDocuments;
  unsaved: UnsavedDrafts;
  editors: EditorPanels;
  labs: LabPanels;
  code: Code;
};
