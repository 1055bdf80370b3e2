import * as vscode from 'vscode';

const scheme = 'promptvault-report';

/** Texts to read and close again: no file is made and nobody is asked to save one. */
export type Reports = { show(title: string, content: string): Promise<void>; dispose(): void };

export function createReports(): Reports {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provided = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) =>
      texts.get(path) ?? 'This was found before the window was loaded again. Run the command once more.\n',
  });
  return {
    async show(title, content) {
      const uri = vscode.Uri.from({ scheme, path: `/${title}.md` });
      texts.set(uri.path, content);
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => vscode.Disposable.from(provided, changed).dispose(),
  };
}
