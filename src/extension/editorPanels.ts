import * as vscode from 'vscode';
import type { Disposable } from '../shared/events.ts';
import type { Deps } from './deps.ts';
import { createEditorPanel, type EditorPanel, type EditorTarget } from './editorPanel.ts';
import { panelOptions } from './panelPage.ts';

/** One panel per version. */
export type EditorPanels = Disposable & {
  /** Shows the version. A preview gives way to the next preview as long as nothing was typed in it. */
  open(target: EditorTarget & { preview?: boolean }): void;
  /** The version of the panel in front. */
  active(): EditorTarget | undefined;
  saveActive(): void;
  /** Saves what a version's panel holds unsaved; false when that did not work, and the person has been told. */
  settle(target: { vault?: string; path: string; version?: string }): Promise<boolean>;
  /** Shows a saved panel of an earlier session again. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
};

export const editorViewType = 'promptvault.editor';
export type PanelDeps = Omit<Deps, 'editors'>;

export function createEditorPanels(deps: PanelDeps): EditorPanels {
  const panels = new Set<EditorPanel>();
  let preview: EditorPanel | undefined;

  const same = (a: EditorTarget, b: { vault?: string; path: string; version?: string }) =>
    a.path === b.path && a.version === b.version && (!b.vault || a.vault === b.vault);
  const find = (target: { vault?: string; path: string; version?: string }) =>
    [...panels].find((panel) => same(panel.target(), target));
  const front = () => [...panels].find(({ view }) => view.active);

  function adopt(view: vscode.WebviewPanel, target: EditorTarget): EditorPanel {
    const panel = createEditorPanel({ deps: { ...deps, editors }, view, target });
    panels.add(panel);
    view.onDidDispose(() => {
      panels.delete(panel);
      if (preview === panel) preview = undefined;
    });
    return panel;
  }

  const editors: EditorPanels = {
    open({ preview: asPreview, ...target }) {
      const existing = find(target);
      if (existing) {
        if (preview === existing && !asPreview) preview = undefined;
        existing.view.reveal(undefined, asPreview === true);
        return;
      }
      if (asPreview && preview && !preview.touched()) {
        preview.view.reveal(undefined, true);
        void preview.show(target);
        return;
      }
      const column = preview?.view.viewColumn ?? vscode.ViewColumn.Active;
      const options = panelOptions(deps.context.extensionUri);
      const place = { viewColumn: column, preserveFocus: asPreview === true };
      const panel = adopt(vscode.window.createWebviewPanel(editorViewType, 'PromptVault', place, options), target);
      if (asPreview) preview = panel;
    },
    active: () => front()?.target(),
    saveActive: () => front()?.requestSave(),
    async settle(target) {
      const panel = find(target);
      return panel ? panel.settle() : true;
    },
    async restore(view, state) {
      await deps.vaults.ready;
      const { vault, path, version } = (state ?? {}) as Partial<EditorTarget>;
      const key = deps.vaults.find(vault)?.key ?? deps.vaults.find()?.key;
      if (!path || !version || !key) {
        view.dispose();
        return;
      }
      view.webview.options = panelOptions(deps.context.extensionUri);
      adopt(view, { vault: key, path, version });
    },
    dispose() {
      for (const panel of panels) panel.dispose();
    },
  };
  return editors;
}

export function registerEditorPanels({ editors, shell }: Pick<Deps, 'editors' | 'shell'>): Disposable {
  return shell.fillPanel(editorViewType, {
    deserializeWebviewPanel: async (view, state) => editors.restore(view, state),
  });
}
