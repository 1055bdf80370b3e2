import * as vscode from 'vscode';
import type { Disposable } from '../shared/events.ts';
import type { Content } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { versionText } from './versionText.ts';
import { type DocumentSource, parseVersionQuery, versionScheme, versionUriParts } from './versionUri.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

/** Versions as read-only documents, for VS Code's own editor and diff. */
export type VersionDocuments = Disposable & {
  uri(source: Omit<DocumentSource, 'unsaved'>): vscode.Uri;
  /** Text that is in no vault, kept until its document closes. */
  unsavedUri(source: Omit<DocumentSource, 'unsaved'>, content: Content): vscode.Uri;
  provider: vscode.TextDocumentContentProvider;
};

const toUri = (source: DocumentSource) => vscode.Uri.from(versionUriParts(source));

export function createVersionDocuments(vaults: WorkspaceVaults): VersionDocuments {
  const unsaved = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let count = 0;

  const open = () => vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === versionScheme);
  const subscriptions = [
    changed,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      const source = parseVersionQuery(uri.query);
      if (source?.unsaved) unsaved.delete(source.unsaved);
    }),
    vaults.onDidChange(({ vault, change }) => {
      const paths = new Set(change.events.map(({ path }) => path));
      for (const { uri } of open()) {
        const source = parseVersionQuery(uri.query);
        if (source?.vault === vault && (paths.size === 0 || paths.has(source.path))) changed.fire(uri);
      }
    }),
  ];

  return {
    uri: toUri,
    unsavedUri(source, content) {
      const id = String(++count);
      unsaved.set(id, versionText(content));
      return toUri({ ...source, unsaved: id });
    },
    provider: {
      onDidChange: changed.event,
      async provideTextDocumentContent(uri) {
        const source = parseVersionQuery(uri.query);
        if (!source) throw new Error('This is no address of a prompt version');
        if (source.unsaved) return unsaved.get(source.unsaved) ?? '';
        const engine = await vaults.engine(source.vault);
        const ref = `${source.path}@${source.version}`;
        const { revision } = source;
        return versionText(
          revision === undefined ? await engine.show({ ref }) : await engine.showRevision({ ref, revision }),
        );
      },
    },
    dispose() {
      for (const one of subscriptions) one.dispose();
    },
  };
}

export function registerVersionDocuments({ documents, shell }: Pick<Deps, 'documents' | 'shell'>): Disposable {
  return shell.documents.fill(documents.provider);
}
