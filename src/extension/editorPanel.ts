import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EditorContract, EditorState, EditorUnsaved } from '../engine/panels.ts';
import { codeOf } from '../shared/errors.ts';
import type { VaultEvent } from '../vault/types.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { editorHandlers } from './editorHandlers.ts';
import { loadEditorState } from './editorState.ts';
import { connectPanel } from './panelConnection.ts';
import { panelPage } from './panelPage.ts';
import { nameOf } from './targets.ts';
import { vaultName } from './vaultName.ts';

export type EditorTarget = { vault: string; path: string; version: string };
export type EditorPanel = {
  readonly view: vscode.WebviewPanel;
  target(): EditorTarget;
  /** Something was typed in it, even if it is saved by now. */
  touched(): boolean;
  /** Shows another version in the same page, which is there at once. Only while nothing was typed in it. */
  show(target: EditorTarget): Promise<void>;
  requestSave(): void;
  settle(): Promise<boolean>;
  dispose(): void;
};

/** What the panel's calls read and change. */
export type EditorSession = {
  target: EditorTarget;
  state: EditorState | undefined;
  /** The state the page will ask for first, asked for while the page itself is on its way. */
  early: Promise<EditorState> | undefined;
  dirty: boolean;
  touched: boolean;
  /** What was last seen unsaved. */
  unsaved: EditorUnsaved | undefined;
  setState(state: EditorState): EditorState;
  setDirty(dirty: boolean): void;
  saved(): void;
  settle(): Promise<boolean>;
};

const saveTimeoutMs = 10_000;
// VS Code needs longer than this to make room for a page.
const longestWaitMs = 40;

/** Hosts one editor panel: answers its calls, follows changes of the vault, keeps unsaved text when it closes. */
export function createEditorPanel({
  deps,
  view,
  target,
}: {
  deps: Deps;
  view: vscode.WebviewPanel;
  target: EditorTarget;
}): EditorPanel {
  const { vaults, selection, unsaved, log } = deps;
  const waiting = new Set<(saved: boolean) => void>();
  const session: EditorSession = {
    target,
    state: undefined,
    early: loadEditorState(deps, target),
    dirty: false,
    touched: false,
    unsaved: undefined,
    setState(state) {
      session.state = state;
      title();
      return state;
    },
    setDirty(dirty) {
      session.dirty = dirty;
      if (dirty) session.touched = true;
      else unsaved.drop(session.target);
      title();
    },
    saved() {
      for (const done of [...waiting]) done(true);
    },
    settle,
  };

  // Who asks for it hears of its failure.
  session.early?.catch(() => undefined);

  function title(): void {
    const stage = session.state ? ` [${session.state.version.stage}]` : '';
    const { path, version, vault } = session.target;
    const where = vaultName(vaults, vault);
    view.title = `${session.dirty ? '● ' : ''}${nameOf(path)} v${version}${stage}${where ? ` · ${where}` : ''}`;
  }

  async function settle(): Promise<boolean> {
    if (!session.dirty) return true;
    const outcome = new Promise<boolean>((resolve) => {
      const done = (saved: boolean) => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve(saved);
      };
      const timer = setTimeout(() => done(false), saveTimeoutMs);
      waiting.add(done);
    });
    panel.send('saveRequested', {});
    if (await outcome) return true;
    void vscode.window.showWarningMessage(
      `Save ${session.target.path} v${session.target.version} first, then try again.`,
    );
    return false;
  }

  async function reload(events: readonly VaultEvent[]): Promise<void> {
    follow(session.target, events);
    session.early = undefined;
    const { target } = session;
    try {
      const before = JSON.stringify({ ...session.state, unsaved: null });
      // What is typed in an open panel is in the panel; unsaved text is for one that opens.
      const state = { ...(await loadEditorState(deps, target)), unsaved: null };
      // Meanwhile the page may have been asked to show another version.
      if (session.target !== target || JSON.stringify(state) === before) return;
      panel.send('changed', session.setState(state));
    } catch (error) {
      if (session.target === target) notShown(error);
    }
  }

  function notShown(error: unknown): void {
    const { path, version } = session.target;
    if (codeOf(error) === 'FILE_NOT_FOUND') panel.send('gone', { reason: (error as Error).message });
    else if (codeOf(error) === 'NOT_FOUND') panel.send('gone', { reason: `${path} v${version} was deleted` });
    else log.warn('An open editor could not be refreshed', String(error));
  }

  async function show(next: EditorTarget): Promise<void> {
    Object.assign(session, { target: next, state: undefined, unsaved: undefined });
    session.early = loadEditorState(deps, next);
    look();
    try {
      const state = await session.early;
      // Somebody who goes through a list is already further on. The title follows the page.
      if (session.target !== next) return;
      panel.send('shown', state);
      session.setState(state);
    } catch (error) {
      if (session.target === next) notShown(error);
    } finally {
      if (session.target === next) session.early = undefined;
    }
  }

  // Before the page is set, so that its first call finds somebody.
  const panel = connectPanel<EditorContract>(
    view.webview,
    editorHandlers(deps, session, (name, value) => panel.send(name, value)),
  );
  title();
  view.iconPath = vscode.Uri.joinPath(deps.context.extensionUri, 'media', 'promptvault.svg');
  let closed = false;
  void setPage();

  async function setPage(): Promise<void> {
    const state = await Promise.race([session.early, wait(longestWaitMs)]).catch(() => undefined);
    if (closed) return;
    const { extensionUri } = deps.context;
    view.webview.html = panelPage({
      webview: view.webview,
      extensionUri,
      name: 'editor',
      title: 'PromptVault editor',
      // A page may be made anew from the same text: what was typed since must not give way to what was typed before.
      state: state && !state.unsaved ? state : undefined,
    });
  }

  let pending: VaultEvent[] = [];
  const later = coalesce(() => {
    const events = pending;
    pending = [];
    void reload(events);
  });
  const look = () => {
    if (view.active) selection.set(session.target);
  };
  look();
  const subscriptions = [
    view.onDidChangeViewState(look),
    deps.context.secrets.onDidChange(() => panel.send('keysChanged', {})),
    vaults.onDidChange(({ vault, change }) => {
      if (vault !== session.target.vault) return;
      const { path } = session.target;
      const mine = change.events.filter((event) => event.path === path || event.kind === 'prompt.moved');
      if (mine.length === 0 && change.events.length > 0) return;
      pending.push(...mine);
      later();
    }),
  ];

  view.onDidDispose(() => {
    closed = true;
    for (const one of subscriptions) one.dispose();
    for (const done of [...waiting]) done(false);
    panel.dispose();
    if (session.dirty && session.unsaved) void offerBack(deps, session);
  });

  return {
    view,
    target: () => session.target,
    touched: () => session.touched,
    show,
    requestSave: () => panel.send('saveRequested', {}),
    settle,
    dispose: () => view.dispose(),
  };
}

/** A panel goes along when its prompt is renamed. */
function follow(target: EditorTarget, events: readonly VaultEvent[]): void {
  for (const { kind, path, details } of events) {
    if (kind !== 'prompt.moved') continue;
    const { from, to } = (details ?? {}) as { from?: string; to?: string };
    if (from === target.path) target.path = to ?? path ?? target.path;
  }
}

async function offerBack({ unsaved, editors }: Deps, session: EditorSession): Promise<void> {
  const { target } = session;
  if (session.unsaved) unsaved.keep(target, { ...session.unsaved, at: new Date().toISOString() });
  const reopen = 'Reopen';
  const discard = 'Discard';
  const message = `${target.path} v${target.version} was closed with unsaved changes. They are kept.`;
  const chosen = await vscode.window.showWarningMessage(message, reopen, discard);
  if (chosen === reopen) editors.open(target);
  if (chosen === discard) unsaved.drop(target);
}
