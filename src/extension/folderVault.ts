import { join } from 'node:path';
import * as vscode from 'vscode';
import type { VaultChange } from '../engine/engine.ts';
import type { EngineClient } from '../engine/engineClient.ts';
import type { RunProgress } from '../lab/types.ts';
import { VaultError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { VaultInfo } from '../vault/types.ts';
import { showError } from './showError.ts';
import { failedState, openState, type VaultState } from './vaultState.ts';

/** One workspace folder and the vault it may have. The vault's file is never opened here: only the engine process does. */
export type FolderVault = Disposable & {
  /** The folder's URI as text. */
  readonly key: string;
  readonly folder: vscode.WorkspaceFolder;
  /** `.promptvault/vault.db` in the folder. */
  readonly file: string;
  present(): boolean;
  state(): VaultState;
  /** What the vault said of itself last; undefined until it has been opened. */
  info(): VaultInfo | undefined;
  /** Why the state is what it is, in words, when something is wrong. */
  problem(): string | null;
  /** Forks the engine at the first call. */
  engine(): Promise<EngineClient>;
  create(): Promise<void>;
  /** Asks the file system whether there is a vault now. */
  look(): Promise<void>;
  /** Drops a failed engine, so that the next call opens again. */
  forget(): void;
  setFocused(focused: boolean): void;
};

type Request = {
  folder: vscode.WorkspaceFolder;
  open: (mode: 'create' | 'write') => Promise<EngineClient>;
  tell: {
    state(): void;
    change(change: VaultChange): void;
    run(progress: RunProgress): void;
    publish(): void;
  };
  log: vscode.LogOutputChannel;
};

export function createFolderVault({ folder, open, tell, log }: Request): FolderVault {
  const file = join(folder.uri.fsPath, '.promptvault', 'vault.db');
  let exists = false;
  let opening: Promise<EngineClient> | undefined;
  let opened: EngineClient | undefined;
  let info: VaultInfo | undefined;
  let failure: unknown;

  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, '.promptvault/vault.db'),
    false,
    true,
    false,
  );
  const lookAgain = () => void look().then(tell.state);
  watcher.onDidCreate(lookAgain);
  watcher.onDidDelete(lookAgain);

  async function look(): Promise<void> {
    exists = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
      () => true,
      () => false,
    );
    if (!exists) close();
  }

  function close(): void {
    const engine = opened;
    opening = undefined;
    opened = undefined;
    info = undefined;
    failure = undefined;
    engine?.close().catch((error) => log.debug('Closing the engine failed', error));
  }

  async function start(mode: 'create' | 'write'): Promise<EngineClient> {
    try {
      const engine = await open(mode);
      opened = engine;
      exists = true;
      engine.onDidChange((change) => {
        tell.change(change);
        if (change.events.some(({ kind }) => kind === 'prompt.created' || kind === 'prompt.deleted')) void readInfo();
      });
      engine.onDidFindDamage(({ message }) => void showError(new VaultError('DAMAGED', message, { file }), log));
      engine.onDidRun(tell.run);
      engine.onDidPublish(tell.publish);
      engine.onDidRestart(() => void restarted());
      engine.onDidDie((reason) => died(reason));
      await engine.setFocused({ focused: vscode.window.state.focused });
      info = await engine.info();
      if (info.placeWarning) void vscode.window.showWarningMessage(info.placeWarning);
      failure = undefined;
      return engine;
    } catch (error) {
      failure = error;
      log.error(`Opening ${file} failed`, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      tell.state();
    }
  }

  async function readInfo(): Promise<void> {
    info = await opened?.info().catch(() => info);
    tell.state();
  }

  async function restarted(): Promise<void> {
    log.warn('The engine process ended and was started again');
    await readInfo();
    tell.change({ events: [], own: false });
    void vscode.window.setStatusBarMessage('$(warning) PromptVault restarted its engine; saved work is safe', 10_000);
  }

  function died(reason: unknown): void {
    log.error('The engine process ended and did not come back', String(reason));
    failure = reason ?? new Error('The engine process ended');
    opened = undefined;
    tell.state();
  }

  function state(): VaultState {
    if (!exists) return 'noVault';
    if (failure) return failedState(failure);
    return info ? openState(info) : 'opening';
  }

  return {
    key: folder.uri.toString(),
    folder,
    file,
    present: () => exists,
    state,
    info: () => info,
    problem() {
      if (failure) return failure instanceof Error ? failure.message : String(failure);
      return info?.readOnly ? (info.readOnlyReason ?? 'This vault can only be read') : null;
    },
    engine() {
      opening ??= start('write');
      return opening;
    },
    async create() {
      opening = start('create');
      await opening;
    },
    look,
    forget() {
      if (failure) close();
    },
    setFocused(focused) {
      opened?.setFocused({ focused }).catch((error) => log.debug('setFocused failed', error));
    },
    dispose() {
      watcher.dispose();
      close();
    },
  };
}
