import * as vscode from 'vscode';
import { askPath } from '../askPath.ts';
import { chooseVault } from '../chooseVault.ts';
import { offerCodeUpdate } from '../code/codeMoves.ts';
import type { Deps } from '../deps.ts';
import { labelVersions } from '../labelVersions.ts';
import { moveAll, movedText, pathIn, reversed } from '../movePrompts.ts';
import { checkPath } from '../pathInput.ts';
import { needPrompt, needVersion, pickPrompt } from '../pickVersion.ts';
import { registerCommands } from '../registerCommands.ts';
import { showError } from '../showError.ts';
import { changeTags } from '../tagPrompts.ts';
import { folderOf, nameOf, type PromptTarget } from '../targets.ts';
import { tellUndo } from '../tellUndo.ts';
import { importPrompts } from './importPrompts.ts';

export function registerPromptCommands(deps: Deps): vscode.Disposable {
  const { editors, log } = deps;
  return registerCommands(
    {
      'promptvault.prompt.create': async () => createPrompt(deps),
      'promptvault.prompt.import': async (uri, selected) => importPrompts(deps, selected ?? uri),
      'promptvault.prompt.open': async (target) => openPrompt(deps, target, { preview: target !== undefined }),
      'promptvault.prompt.edit': async (target) => {
        const title = 'Edit';
        const chosen = await needVersion(deps, target ?? editors.active(), { title, action: 'edit' });
        if (chosen) editors.open({ vault: chosen.vault, path: chosen.info.path, version: chosen.info.version });
      },
      'promptvault.prompt.move': async (target, selected) =>
        moveSelected(deps, target, chosenRows(deps, target, selected)),
      'promptvault.prompt.tag': async (target, selected) =>
        changeTags(deps, target, chosenRows(deps, target, selected)),
      'promptvault.version.label': async (target, selected) => {
        const about = target ?? editors.active();
        await labelVersions(deps, about, chosenRows(deps, about, selected));
      },
      'promptvault.prompts.goTo': async () => {
        const target = await pickPrompt(deps, 'Go to prompt');
        if (target) await openPrompt(deps, target, { preview: false });
      },
    },
    log,
  );
}

/** The version named, else the newest. */
async function openPrompt(
  deps: Deps,
  given: PromptTarget | undefined,
  { preview }: { preview: boolean },
): Promise<void> {
  const target = given ?? (await pickPrompt(deps, 'Open a prompt'));
  const vault = target && (target.vault ?? deps.vaults.find()?.key);
  if (!target || !vault) return;
  const { path } = target;
  const { version } = await (await deps.vaults.engine(vault)).show({ ref: `${path}@${target.version ?? 'latest'}` });
  deps.selection.set({ vault, path, version });
  deps.editors.open({ vault, path, version, preview });
}

async function createPrompt(deps: Deps): Promise<void> {
  const vault = await chooseVault(deps, 'Create Prompt');
  if (!vault) return;
  const engine = await deps.vaults.engine(vault);
  const near = deps.selection.current();
  const folder = near ? folderOf(near.path) : '';
  const path = await askPath(engine, {
    title: 'Create Prompt (1/2): path',
    prompt: 'folder/name, for example support/triage',
    value: folder && `${folder}/`,
  });
  if (!path) return;
  const title = await vscode.window.showInputBox({
    title: 'Create Prompt (2/2): title',
    prompt: 'What people call it. It can be changed later.',
    value: nameOf(path).replaceAll(/[-_.]+/g, ' '),
  });
  if (title === undefined) return;
  const made = await engine.create({
    path,
    title: title.trim() || nameOf(path),
    messages: [{ role: 'user', content: '' }],
  });
  deps.selection.set({ vault, path, version: made.version });
  deps.editors.open({ vault, path, version: made.version });
}

async function movePrompt(deps: Deps, given: PromptTarget | undefined): Promise<void> {
  const target = await needPrompt(deps, given, 'Rename or move');
  if (!target) return;
  const { vault, path } = target;
  const engine = await deps.vaults.engine(vault);
  const prompt =
    'The new path. Applications that fetch the old path must change with it; code of this window can be updated.';
  const to = await askPath(engine, { title: `Rename or Move ${path}`, prompt, value: path });
  if (!to || to === path) return;
  await engine.move({ path, to });
  deps.selection.set({ vault, path: to });
  await offerCodeUpdate(deps, { vault, moves: [{ path, to }] });
}

/** What a menu passes, else the rows that are selected when a key names nothing. */
const chosenRows = ({ selection }: Pick<Deps, 'selection'>, given?: PromptTarget, selected?: PromptTarget[]) =>
  selected ?? (given ? [] : selection.rows());

/** One prompt gets a new path; several go to a folder and keep their names. */
async function moveSelected(deps: Deps, given: PromptTarget | undefined, selected: readonly PromptTarget[]) {
  const vault = selected[0]?.vault ?? deps.vaults.find()?.key;
  const paths = [...new Set(selected.filter((one) => one.vault === selected[0]?.vault).map(({ path }) => path))];
  if (paths.length < 2 || !vault) return movePrompt(deps, given ?? selected[0]);
  const folder = await vscode.window.showInputBox({
    title: `Move ${paths.length} prompts to a folder`,
    prompt: 'The folder, for example support/inbox. Empty is the top. They keep their names.',
    value: folderOf(paths[0]!),
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? undefined : checkPath(typed)),
  });
  if (folder === undefined) return;
  const engine = await deps.vaults.engine(vault);
  const to = folder.trim();
  const moves = paths.map((path) => ({ path, to: pathIn(to, path, folderOf(path)) }));
  const failed = (error: unknown) => void showError(error, deps.log);
  const done = await moveAll(
    engine,
    moves.filter((move) => move.to !== move.path),
    failed,
  );
  const undo = async () => {
    const back = await moveAll(engine, reversed(done), failed);
    await offerCodeUpdate(deps, { vault, moves: back });
  };
  if (done.length > 0) tellUndo(movedText(done, to), undo, deps.log);
  await offerCodeUpdate(deps, { vault, moves: done });
}
