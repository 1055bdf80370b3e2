import * as vscode from 'vscode';
import { rulesFor } from '../engine/rules.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { VersionRecord } from '../vault/types.ts';
import { draftScheme, parseDraftAddress, publishedScheme, type TextTarget } from './draftAddress.ts';
import type { DraftBases } from './draftBases.ts';
import { type Rename, saveMessages, storedInstead } from './draftSave.ts';
import { openDocument } from './draftTarget.ts';
import { printMessages, readMessages } from './draftText.ts';
import { refOf } from './targets.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

/** The versions of the window's vaults as files for VS Code's own editor. */
export type DraftFiles = Disposable & {
  provider: vscode.FileSystemProvider;
  /** A variable got another name in a text; told before it is saved, so that its declaration can follow. */
  renamed(uri: vscode.Uri, rename: Rename): void;
};
type Needs = {
  vaults: WorkspaceVaults;
  bases: DraftBases;
  /** Somebody else's text is stored. Nothing was written. */
  onConflict(uri: vscode.Uri, stored: VersionRecord): void;
};

const { FileSystemError } = vscode;

function fileError(error: unknown): vscode.FileSystemError {
  const { code, message } = toVaultError(error);
  if (code === 'NOT_FOUND') return FileSystemError.FileNotFound(message);
  return code === 'RULE' || code === 'READ_ONLY'
    ? FileSystemError.NoPermissions(message)
    : FileSystemError.Unavailable(message);
}

/** The document whose stored text VS Code shows beside the typed one, in its own view of a conflict. */
function shownInConflict(uri: vscode.Uri): vscode.Uri | undefined {
  if (uri.scheme !== 'conflictResolution') return undefined;
  try {
    const { scheme, query } = JSON.parse(uri.query) as { scheme: string; query: string };
    return uri.with({ scheme, query });
  } catch {
    return undefined;
  }
}

/** Versions are made, moved and deleted by commands, which ask and record why. */
const refuse = () => {
  throw FileSystemError.NoPermissions('Use the Prompts view: versions are made, moved and deleted there');
};

export function createDraftFiles({ vaults, bases, onConflict }: Needs): DraftFiles {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const renames = new Map<string, Rename[]>();
  const ours = ({ uri }: vscode.TextDocument) => uri.scheme === draftScheme || uri.scheme === publishedScheme;
  const typed = (document: vscode.TextDocument | undefined) =>
    document && { text: document.getText(), dirty: document.isDirty };

  function targetIn(uri: vscode.Uri): TextTarget {
    const target = parseDraftAddress(uri);
    if (!target) throw FileSystemError.FileNotFound(uri);
    return target;
  }

  async function load(uri: vscode.Uri): Promise<VersionRecord> {
    const target = targetIn(uri);
    try {
      return await (await vaults.engine(target.vault)).show({ ref: refOf(target) });
    } catch (error) {
      throw fileError(error);
    }
  }

  /** Tells VS Code which open documents somebody changed or deleted. */
  async function tell(documents: readonly vscode.TextDocument[]): Promise<void> {
    const { Changed, Deleted } = vscode.FileChangeType;
    const events = await Promise.all(
      documents.map(async ({ uri }) => {
        const gone = await load(uri).then(
          () => false,
          (error) => error instanceof FileSystemError && error.code === 'FileNotFound',
        );
        return { type: gone ? Deleted : Changed, uri };
      }),
    );
    if (events.length > 0) changed.fire(events);
  }

  async function write(uri: vscode.Uri, text: string): Promise<VersionRecord> {
    const target = targetIn(uri);
    const { messages, problem } = readMessages(text);
    if (problem) throw new VaultError('INVALID_INPUT', problem.message, { field: 'messages' });
    const key = uri.toString();
    const engine = await vaults.engine(target.vault);
    return saveMessages(engine, { ref: refOf(target), messages, base: bases.of(key), renames: renames.get(key) });
  }

  const subscriptions = [
    changed,
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (ours(document)) bases.changed(document.uri.toString(), typed(document)!);
    }),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      const shown = shownInConflict(uri);
      if (shown) bases.seen(shown.toString());
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      // A change of its language closes a document and opens it again.
      if (!ours(document) || openDocument(document.uri)) return;
      renames.delete(document.uri.toString());
      bases.forget(document.uri.toString());
    }),
    vaults.onDidChange(({ vault, change }) => {
      const paths = new Set(change.events.map(({ path }) => path));
      const movedFrom = change.events.map(({ details }) => (details as { from?: unknown } | null)?.from);
      const concerns = (document: vscode.TextDocument) => {
        const target = ours(document) && parseDraftAddress(document.uri);
        if (!target || target.vault !== vault) return false;
        return paths.size === 0 || paths.has(target.path) || movedFrom.includes(target.path);
      };
      void tell(vscode.workspace.textDocuments.filter(concerns));
    }),
  ];

  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    async stat(uri) {
      // VS Code looks for the folder of a file before it writes one.
      const isFolder = !uri.path.endsWith('.prompt.md');
      if (isFolder) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      const record = await load(uri);
      const { allowed } = rulesFor(record.stage).actions.edit;
      // Never the clock: a revision only grows, and VS Code takes a file for changed when this does.
      const times = { ctime: 0, mtime: record.revision };
      const size = Buffer.byteLength(printMessages(record.messages));
      const permissions = allowed ? undefined : vscode.FilePermission.Readonly;
      return { type: vscode.FileType.File, ...times, size, permissions };
    },
    async readFile(uri) {
      const { messages, revision } = await load(uri);
      const text = printMessages(messages);
      bases.read(uri.toString(), { text, revision }, typed(openDocument(uri)));
      return Buffer.from(text);
    },
    async writeFile(uri, bytes) {
      const text = Buffer.from(bytes).toString();
      try {
        const { revision } = await write(uri, text);
        bases.read(uri.toString(), { text, revision }, undefined);
        renames.delete(uri.toString());
      } catch (error) {
        const stored = storedInstead(error);
        if (stored) onConflict(uri, stored);
        throw error instanceof FileSystemError ? error : fileError(error);
      }
    },
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };

  return {
    provider,
    renamed(uri, rename) {
      const key = uri.toString();
      renames.set(key, [...(renames.get(key) ?? []), rename]);
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
