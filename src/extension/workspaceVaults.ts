import * as vscode from 'vscode';
import type { VaultChange } from '../engine/engine.ts';
import type { EngineClient } from '../engine/engineClient.ts';
import type { RunProgress } from '../lab/types.ts';
import { VaultError } from '../shared/errors.ts';
import { createEmitter, type Disposable } from '../shared/events.ts';
import { createFolderVault, type FolderVault } from './folderVault.ts';
import { joinStates, type VaultState } from './vaultState.ts';

export type OpenEngine = (folder: vscode.WorkspaceFolder, mode: 'create' | 'write') => Promise<EngineClient>;

/** The vaults of this window: one per workspace folder that has one. */
export type WorkspaceVaults = Disposable & {
  /** Settles when the folders of the window have been looked at. */
  ready: Promise<void>;
  all(): FolderVault[];
  /** Those with a vault file, whatever its state. */
  present(): FolderVault[];
  /** The vault named, else the one of the active editor's folder, else the first. */
  find(key?: string): FolderVault | undefined;
  /** The engine of that vault; NOT_FOUND with the next step when there is none. */
  engine(key?: string): Promise<EngineClient>;
  state(): VaultState;
  /** Makes the vault of a folder that has none, and opens it. */
  create(folder: vscode.WorkspaceFolder): Promise<FolderVault>;
  /** Looks again for vault files and opens what failed. */
  refresh(): Promise<void>;
  /** The vault commands fall back to: that of what was selected last. */
  prefer(key: string): void;
  onDidChangeState(listener: () => void): Disposable;
  onDidChange(listener: (value: { vault: string; change: VaultChange }) => void): Disposable;
  /** Deliveries, or how a target of a vault stands, changed. */
  onDidPublish(listener: () => void): Disposable;
  onDidRun(listener: (value: { vault: string; progress: RunProgress }) => void): Disposable;
};

export function createWorkspaceVaults(openEngine: OpenEngine, log: vscode.LogOutputChannel): WorkspaceVaults {
  const vaults = new Map<string, FolderVault>();
  const stateChanged = createEmitter<void>();
  const changed = createEmitter<{ vault: string; change: VaultChange }>();
  const published = createEmitter<void>();
  const ran = createEmitter<{ vault: string; progress: RunProgress }>();
  const subscriptions: Disposable[] = [];
  let preferred: string | undefined;

  const present = () => [...vaults.values()].filter((vault) => vault.present());

  function state(): VaultState {
    if (!vscode.workspace.isTrusted) return 'untrusted';
    if (vaults.size === 0) return 'noWorkspace';
    return joinStates([...vaults.values()].map((vault) => vault.state()));
  }

  function find(key?: string): FolderVault | undefined {
    if (key) return vaults.get(key);
    const editing = vscode.window.activeTextEditor?.document.uri;
    const folder = editing && vscode.workspace.getWorkspaceFolder(editing)?.uri.toString();
    const candidates = [preferred, folder].map((one) => (one ? vaults.get(one) : undefined));
    return candidates.find((vault) => vault?.present()) ?? present()[0] ?? [...vaults.values()][0];
  }

  function announce(): void {
    void vscode.commands.executeCommand('setContext', 'promptvault.state', state());
    void vscode.commands.executeCommand('setContext', 'promptvault.vaults', present().length);
    stateChanged.fire();
  }

  async function syncFolders(): Promise<void> {
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    const wanted = new Map(folders.filter((one) => one.uri.scheme === 'file').map((one) => [one.uri.toString(), one]));
    for (const [key, vault] of vaults) {
      if (wanted.has(key)) continue;
      vaults.delete(key);
      vault.dispose();
    }
    for (const [key, folder] of wanted) {
      if (vaults.has(key)) continue;
      const open = (mode: 'create' | 'write') => openEngine(folder, mode);
      const tell = {
        state: announce,
        change: (change: VaultChange) => changed.fire({ vault: key, change }),
        publish: published.fire,
        run: (progress: RunProgress) => ran.fire({ vault: key, progress }),
      };
      vaults.set(key, createFolderVault({ folder, open, tell, log }));
    }
    await Promise.all([...vaults.values()].map((vault) => vault.look()));
    announce();
  }

  const sync = () => void syncFolders().catch((error) => log.error('Looking for vaults failed', error));
  subscriptions.push(
    vscode.workspace.onDidChangeWorkspaceFolders(sync),
    vscode.workspace.onDidGrantWorkspaceTrust(sync),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      for (const vault of vaults.values()) vault.setFocused(focused);
    }),
  );
  const ready = syncFolders();
  ready.catch((error) => log.error('Looking for vaults failed', error));

  return {
    ready,
    all: () => [...vaults.values()],
    present,
    find,
    async engine(key) {
      await ready;
      const vault = find(key);
      if (!vault?.present()) {
        throw new VaultError('NOT_FOUND', 'There is no vault here yet: run "PromptVault: Create Vault"', {
          vault: key,
        });
      }
      return vault.engine();
    },
    state,
    async create(folder) {
      await syncFolders();
      const vault = vaults.get(folder.uri.toString());
      if (!vault) throw new VaultError('NOT_FOUND', 'A vault needs a trusted folder on this machine');
      await vault.create();
      return vault;
    },
    async refresh() {
      for (const vault of vaults.values()) vault.forget();
      await syncFolders();
    },
    prefer(key) {
      preferred = key;
    },
    onDidChangeState: stateChanged.on,
    onDidChange: changed.on,
    onDidPublish: published.on,
    onDidRun: ran.on,
    dispose() {
      for (const one of subscriptions) one.dispose();
      for (const vault of vaults.values()) vault.dispose();
      vaults.clear();
    },
  };
}
