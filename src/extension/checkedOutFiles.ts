import * as vscode from 'vscode';
import { codeOf } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { VersionRecord } from '../vault/types.ts';
import { makeFolder, watchCheckedOut } from './checkedOutFolders.ts';
import { draftFileName, draftsFolder, type TextTarget } from './draftAddress.ts';
import { type AskConflict, compareWithStored, saidWho } from './draftConflict.ts';
import { saveMessages, storedInstead } from './draftSave.ts';
import { openDocument, targetOf } from './draftTarget.ts';
import { printMessages, readMessages } from './draftText.ts';
import { movedTo, movesIn } from './movedPrompt.ts';
import { showError } from './showError.ts';
import { refOf } from './targets.ts';
import type { WorkspaceVaults } from './workspaceVaults.ts';

/** Drafts written as files into the workspace, for tools that work on files, each kept in step with its draft. */
export type CheckedOutFiles = Disposable & {
  /** Writes the file, or answers the one there is; undefined when the person wants to keep another file of that name. */
  checkOut(target: TextTarget): Promise<vscode.Uri | undefined>;
};
type Needs = { vaults: WorkspaceVaults; memory: vscode.Memento; ask: AskConflict; log: vscode.LogOutputChannel };
/** What file and draft last had in common. Outlives the window, so that changes made meanwhile on both sides are told apart. */
type Agreed = { revision: number; text: string };

const prefix = 'checked out ';

const fileOf = (target: TextTarget) =>
  vscode.Uri.joinPath(vscode.Uri.parse(target.vault), draftsFolder, draftFileName(target));

/** A text without what does not count, such as other line ends; as it is when it cannot be read. */
function canonical(text: string): string {
  const { messages } = readMessages(text);
  return messages ? printMessages(messages) : text;
}

const readText = async (uri: vscode.Uri): Promise<string | undefined> =>
  vscode.workspace.fs.readFile(uri).then(
    (bytes) => Buffer.from(bytes).toString(),
    () => undefined,
  );

const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, Buffer.from(text));

/** Writes a file that nobody is typing in; false when somebody is. An editor gets the text first, so that no typing falls between. */
async function writeText(uri: vscode.Uri, there: string, text: string): Promise<boolean> {
  const document = openDocument(uri);
  if (document?.isDirty) return false;
  // An editor that has not noticed the last change of its file cannot save over it; it will load both at once.
  if (!document || canonical(document.getText()) !== canonical(there)) {
    await write(uri, text);
    return true;
  }
  const edit = new vscode.WorkspaceEdit();
  const { end } = document.lineAt(document.lineCount - 1).range;
  edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  if (!(await vscode.workspace.applyEdit(edit))) return false;
  if (await document.save()) return true;
  // One that has read the last change but not when it was made takes the file for newer, unless the file says the same already.
  if ((await readText(uri)) !== there) return false;
  await write(uri, document.getText());
  return document.save();
}

export function createCheckedOutFiles({ vaults, memory, ask, log }: Needs): CheckedOutFiles {
  const lines = new Map<string, Promise<void>>();
  const agreedOn = (uri: vscode.Uri) => memory.get<Agreed>(prefix + uri.toString());
  const agree = (uri: vscode.Uri, { revision, messages }: VersionRecord) =>
    memory.update(prefix + uri.toString(), { revision, text: printMessages(messages) });

  /** One thing after the other for each file. */
  function inTurn(uri: vscode.Uri, step: (uri: vscode.Uri) => Promise<void>): Promise<void> {
    const key = uri.toString();
    const next = (lines.get(key) ?? Promise.resolve()).then(() => step(uri)).catch((error) => showError(error, log));
    lines.set(key, next);
    return next;
  }

  /** What was changed in the file goes into the draft, over the revision both agreed on. */
  async function takeFile(uri: vscode.Uri): Promise<void> {
    const [target, agreed, text] = [targetOf(uri), agreedOn(uri), await readText(uri)];
    if (!target || !agreed || text === undefined || canonical(text) === agreed.text) return;
    const { messages, problem } = readMessages(text);
    if (problem) {
      const name = vscode.workspace.asRelativePath(uri);
      void vscode.window.showWarningMessage(`${name} was not saved into its draft. ${problem.message}`);
      return;
    }
    try {
      const engine = await vaults.engine(target.vault);
      await agree(uri, await saveMessages(engine, { ref: refOf(target), messages, base: agreed.revision }));
    } catch (error) {
      const stored = storedInstead(error);
      if (!stored) throw error;
      offer(uri, stored);
    }
  }

  /** What somebody else saved goes into the file, unless it has changes of its own. */
  async function takeDraft(uri: vscode.Uri): Promise<void> {
    const [target, agreed, text] = [targetOf(uri), agreedOn(uri), await readText(uri)];
    if (!target || !agreed || text === undefined) return;
    const stored = await read(target);
    if (!stored) {
      // Moved while no window was there to see it.
      const path = await movedTo(await vaults.engine(target.vault), target.path);
      return path === undefined ? undefined : follow(uri, path);
    }
    if (stored.revision === agreed.revision) return;
    if (canonical(text) !== agreed.text) return takeFile(uri);
    const printed = printMessages(stored.messages);
    // An editor with unsaved text keeps it, and what it stands on: its save meets the other change as a conflict.
    if (printed === agreed.text || (await writeText(uri, text, printed))) await agree(uri, stored);
  }

  /** The file goes where its prompt went, and an editor that shows it goes along, with what is typed in it. */
  async function follow(uri: vscode.Uri, path: string): Promise<void> {
    const [target, agreed] = [targetOf(uri), agreedOn(uri)];
    if (!target || !agreed || (await readText(uri)) === undefined) return;
    const to = fileOf({ ...target, path });
    await memory.update(prefix + uri.toString(), undefined);
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, to, { overwrite: false });
    const free = (await readText(to)) === undefined;
    if (free) {
      await makeFolder(to);
      await memory.update(prefix + to.toString(), agreed);
    }
    if (!free || !(await vscode.workspace.applyEdit(edit))) {
      if (free) await memory.update(prefix + to.toString(), undefined);
      const [name, wanted] = [uri, to].map((one) => vscode.workspace.asRelativePath(one));
      void vscode.window.showWarningMessage(
        `${target.path} was moved to ${path}, and ${name} is no longer kept in step: ${wanted} could not be written in its place. Keep one of the two files, then check the draft out again.`,
      );
      return;
    }
    watch.add(to);
    void inTurn(to, takeDraft);
    void inTurn(to, takeFile);
  }

  const read = async (target: TextTarget) =>
    (await vaults.engine(target.vault)).show({ ref: refOf(target) }).catch((error) => {
      if (codeOf(error) === 'NOT_FOUND') return undefined;
      throw error;
    });

  function offer(uri: vscode.Uri, stored: VersionRecord): void {
    const decide = {
      Overwrite: async () =>
        inTurn(uri, async () => {
          await agree(uri, stored);
          await takeFile(uri);
        }),
      Reload: async () =>
        inTurn(uri, async () => {
          const target = targetOf(uri);
          const now = (target && (await read(target))) ?? stored;
          await write(uri, printMessages(now.messages));
          await agree(uri, now);
        }),
    };
    const question = `${saidWho(stored)}, and its file was changed too. The file is not saved into the draft.`;
    const Compare = async () => {
      await compareWithStored(uri);
      ask(uri, question, decide);
    };
    ask(uri, question, { Compare, ...decide });
  }

  const known = () =>
    memory
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => vscode.Uri.parse(key.slice(prefix.length)));

  const watch = watchCheckedOut((uri) => void inTurn(uri, takeFile));
  const subscriptions = [
    watch,
    vaults.onDidChange(({ vault, change }) => {
      const paths = new Set(change.events.map(({ path }) => path));
      const moves = movesIn(change.events);
      for (const uri of known()) {
        const target = targetOf(uri);
        if (target?.vault !== vault) continue;
        const move = moves.find(({ from }) => from === target.path);
        if (move) void inTurn(uri, () => follow(uri, move.to));
        else if (paths.size === 0 || paths.has(target.path)) void inTurn(uri, takeDraft);
      }
    }),
  ];
  void vaults.ready.then(async () => {
    for (const uri of known()) {
      watch.add(uri);
      await inTurn(uri, takeDraft);
      await inTurn(uri, takeFile);
    }
  });

  return {
    async checkOut(target) {
      const uri = fileOf(target);
      const there = await readText(uri);
      if (there !== undefined && agreedOn(uri)) {
        await inTurn(uri, takeDraft);
        return uri;
      }
      const stored = await (await vaults.engine(target.vault)).show({ ref: refOf(target) });
      const text = printMessages(stored.messages);
      if (there !== undefined && canonical(there) !== text) {
        const detail = 'The file says something else than the draft. Overwriting it loses what it says.';
        const question = `Overwrite ${vscode.workspace.asRelativePath(uri)}?`;
        if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Overwrite')) !== 'Overwrite')
          return undefined;
      }
      await inTurn(uri, async () => {
        await makeFolder(uri);
        await write(uri, text);
        await agree(uri, stored);
      });
      watch.add(uri);
      return uri;
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
