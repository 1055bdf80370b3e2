import * as vscode from 'vscode';
import type { LabContract } from '../engine/panels.ts';
import type { RunProgress } from '../lab/types.ts';
import type { Disposable } from '../shared/events.ts';
import { coalesce } from './coalesce.ts';
import type { Deps } from './deps.ts';
import { type LabSession, labHandlers } from './labHandlers.ts';
import { createLabNews } from './labNews.ts';
import { connectPanel } from './panelConnection.ts';
import { panelOptions, panelPage } from './panelPage.ts';
import { vaultName } from './vaultName.ts';

/** One Lab per vault. */
export type LabPanels = Disposable & {
  /** Shows the Lab, with these versions as columns, and the cases of a dataset if one is named, or with a past run. */
  open(request: { vault: string; refs?: string[]; dataset?: string; runId?: string }): void;
  restore(view: vscode.WebviewPanel, state: unknown): Promise<void>;
};

export const labViewType = 'promptvault.lab';
export type LabDeps = Omit<Deps, 'editors' | 'labs'>;
type Lab = { view: vscode.WebviewPanel; session: LabSession; changed(): void };

export function createLabPanels(deps: LabDeps): LabPanels {
  const labs = new Map<string, Lab>();
  const options = panelOptions(deps.context.extensionUri);

  function adopt(view: vscode.WebviewPanel, session: LabSession): void {
    const { vault } = session;
    const panel = connectPanel<LabContract>(view.webview, labHandlers(deps, session));
    const where = vaultName(deps.vaults, vault);
    view.title = where ? `Lab · ${where}` : 'Lab';
    view.iconPath = vscode.Uri.joinPath(deps.context.extensionUri, 'media', 'promptvault.svg');
    view.webview.html = panelPage({
      webview: view.webview,
      extensionUri: deps.context.extensionUri,
      name: 'lab',
      title: 'PromptVault Lab',
    });
    const changed = coalesce(() => panel.send('changed', {}), 200);
    const news = createLabNews((one) => panel.send('news', one));
    const subscriptions = [
      panel,
      news,
      deps.vaults.onDidRun((ran) => {
        if (ran.vault !== vault) return;
        follow(session, ran.progress);
        news.take(ran.progress);
      }),
      deps.vaults.onDidChange(({ vault: where, change }) => {
        // Progress tells of runs; versions that came or went are loaded again.
        const told = change.events.length > 0 && change.events.every(({ kind }) => kind.startsWith('run.'));
        if (where === vault && !(told && change.own)) changed();
      }),
    ];
    labs.set(vault, { view, session, changed });
    view.onDidDispose(() => {
      labs.delete(vault);
      for (const one of subscriptions) one.dispose();
    });
  }

  return {
    open({ vault, refs, dataset, runId }) {
      const existing = labs.get(vault);
      const wanted = { ...(refs && { refs }), ...(dataset && { dataset }), ...(runId && { runId }) };
      if (existing) {
        existing.session.wanted = wanted;
        existing.view.reveal();
        if (refs || runId) existing.changed();
        return;
      }
      const view = vscode.window.createWebviewPanel(labViewType, 'Lab', vscode.ViewColumn.Active, options);
      adopt(view, { vault, wanted, shown: null });
    },
    async restore(view, state) {
      await deps.vaults.ready;
      const { vault: known } = (state ?? {}) as { vault?: string };
      const vault = (deps.vaults.find(known) ?? deps.vaults.find())?.key;
      if (!vault || labs.has(vault)) {
        view.dispose();
        return;
      }
      view.webview.options = options;
      adopt(view, { vault, wanted: {}, shown: null, restored: true });
    },
    dispose() {
      for (const { view } of labs.values()) view.dispose();
    },
  };
}

export function registerLabPanels({ labs, shell }: Pick<Deps, 'labs' | 'shell'>): Disposable {
  return shell.fillPanel(labViewType, {
    deserializeWebviewPanel: async (view, state) => labs.restore(view, state),
  });
}

/** Rows are asked for while a run goes on, so the run kept here goes on with it. */
function follow({ shown }: LabSession, progress: RunProgress): void {
  if (shown?.run.id !== progress.runId) return;
  if (progress.type === 'cell') shown.cells[progress.index] = progress.cell;
  if (progress.type === 'finished') shown.run = progress.run;
}
