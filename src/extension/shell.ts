import * as vscode from 'vscode';
import { type CommandId, commandIds } from './commandIds.ts';
import { draftScheme, publishedScheme } from './draftAddress.ts';
import { dragMimeType, type PanelType, panelTypes, type ViewId, viewOptions } from './shellTable.ts';
import { createStandIn, type StandIn } from './standIn.ts';
import { versionScheme } from './versionUri.ts';

/** Commands, views, panels and documents as VS Code knows them from the start. Features fill them when they are loaded. */
export type Shell = {
  /** Puts a feature's rows into a view of the sidebar. */
  fillView<Node>(id: ViewId, filling: Filling<Node>): { view: vscode.TreeView<Node>; dispose(): void };
  fillPanel(type: PanelType, panel: vscode.WebviewPanelSerializer): vscode.Disposable;
  /** Drafts and published versions as files. */
  files: StandIn<vscode.FileSystemProvider>;
  /** Versions as documents to read and compare. */
  documents: StandIn<vscode.TextDocumentContentProvider>;
  dispose(): void;
};
type Filling<Node> = {
  treeDataProvider: vscode.TreeDataProvider<Node>;
  dragAndDropController?: vscode.TreeDragAndDropController<Node>;
};
type Loaders = {
  /** Loads the features; all their commands are run through `runCommand`. */
  features(): Promise<{ runCommand(id: CommandId, given: unknown[]): Promise<void> }>;
  /** Loads them when there are rows to show. */
  rows(): Promise<unknown>;
};

const readOnlyReason =
  'Production and retired versions never change. Use *PromptVault: Create New Version* to go on from this one.';

export function createShell({ features, rows }: Loaders): Shell {
  const given: vscode.Disposable[] = [];
  const views = new Map(Object.entries(viewOptions).map(([id, options]) => [id, createView(id, options, rows)]));
  const panels = new Map(panelTypes.map((type) => [type, panelStandIn(features)]));
  const files = createStandIn<vscode.FileSystemProvider>(
    ['stat', 'readFile', 'writeFile', 'readDirectory', 'createDirectory', 'delete', 'rename'],
    { load: features, event: 'onDidChangeFile', fixed: { watch: () => new vscode.Disposable(() => undefined) } },
  );
  const documents = createStandIn<vscode.TextDocumentContentProvider>(['provideTextDocumentContent'], {
    load: features,
    event: 'onDidChange',
  });

  for (const id of Object.keys(commandIds) as CommandId[]) {
    const run = async (...args: unknown[]) => (await features()).runCommand(id, args);
    given.push(vscode.commands.registerCommand(id, run));
  }
  for (const [type, { provider }] of panels) given.push(vscode.window.registerWebviewPanelSerializer(type, provider));
  const isReadonly = new vscode.MarkdownString(readOnlyReason);
  const { registerFileSystemProvider, registerTextDocumentContentProvider } = vscode.workspace;
  given.push(
    ...[...views.values()].map(({ view }) => view),
    registerFileSystemProvider(draftScheme, files.provider, { isCaseSensitive: true }),
    registerFileSystemProvider(publishedScheme, files.provider, { isCaseSensitive: true, isReadonly }),
    registerTextDocumentContentProvider(versionScheme, documents.provider),
  );

  return {
    fillView<Node>(id: ViewId, { treeDataProvider, dragAndDropController }: Filling<Node>) {
      const { view, data, drag } = views.get(id) as ReturnType<typeof createView<Node>>;
      const filled = [
        data.fill(treeDataProvider),
        ...(dragAndDropController ? [drag.fill(dragAndDropController)] : []),
      ];
      return { view, dispose: () => vscode.Disposable.from(...filled).dispose() };
    },
    fillPanel: (type, panel) => vscode.Disposable.from(panels.get(type)!.fill(panel)),
    files,
    documents,
    dispose: () => vscode.Disposable.from(...given).dispose(),
  };
}

function createView<Node>(id: string, options: { canSelectMany?: boolean }, load: () => Promise<unknown>) {
  const data = createStandIn<vscode.TreeDataProvider<Node>>(
    ['getChildren', 'getTreeItem', 'getParent', 'resolveTreeItem'],
    {
      load,
      event: 'onDidChangeTreeData',
    },
  );
  const drag = createStandIn<vscode.TreeDragAndDropController<Node>>(['handleDrag', 'handleDrop'], {
    load,
    fixed: { dragMimeTypes: [dragMimeType], dropMimeTypes: [dragMimeType] },
  });
  const dragAndDropController = id === 'promptvault.prompts' ? drag.provider : undefined;
  const view = vscode.window.createTreeView<Node>(id, {
    ...options,
    treeDataProvider: data.provider,
    dragAndDropController,
  });
  return { view, data, drag };
}

const panelStandIn = (load: () => Promise<unknown>) =>
  createStandIn<vscode.WebviewPanelSerializer>(['deserializeWebviewPanel'], { load });
