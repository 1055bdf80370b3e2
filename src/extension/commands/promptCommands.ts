import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { checkPath } from '../pathInput.ts';
import { needPrompt, needVersion, pickPrompt } from '../pickVersion.ts';
import { registerCommands } from '../registerCommands.ts';
import { folderOf, nameOf, type PromptTarget } from '../targets.ts';
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
      'promptvault.prompt.move': async (target) => movePrompt(deps, target),
      'promptvault.prompt.tag': async (target, selected) => tagPrompts(deps, target, selected),
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
  const prompt = 'The new path. Applications that fetch the old path must change with it.';
  const to = await askPath(engine, { title: `Rename or Move ${path}`, prompt, value: path });
  if (!to || to === path) return;
  await engine.move({ path, to });
  deps.selection.set({ vault, path: to });
}

/** A path that is legal and free, checked while typing. */
async function askPath(
  engine: EngineClient,
  { title, prompt, value }: { title: string; prompt: string; value: string },
) {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    valueSelection: [value.lastIndexOf('/') + 1, value.length],
    ignoreFocusOut: true,
    async validateInput(typed) {
      const problem = checkPath(typed);
      if (problem || typed === value) return problem;
      const taken = await engine.show({ ref: typed }).then(
        () => true,
        () => false,
      );
      return taken ? `There is already a prompt ${typed}` : undefined;
    },
  });
  return text?.trim();
}

async function tagPrompts(deps: Deps, given: PromptTarget | undefined, selected?: PromptTarget[]): Promise<void> {
  const target = await needPrompt(deps, given, 'Change tags');
  if (!target) return;
  const { vault } = target;
  const engine = await deps.vaults.engine(vault);
  const paths = [...new Set((selected ?? [target]).map(({ path }) => path))];
  const { tags: before } = await engine.show({ ref: `${target.path}@latest` });
  const what = paths.length === 1 ? target.path : `${paths.length} prompts`;
  const text = await vscode.window.showInputBox({
    title: `Tags of ${what}`,
    prompt: 'Separated by commas',
    value: before.join(', '),
  });
  if (text === undefined) return;
  const after = text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  const add = after.filter((tag) => !before.includes(tag));
  const remove = before.filter((tag) => !after.includes(tag));
  if (add.length + remove.length === 0) return;
  for (const path of paths) await engine.tag({ path, add, remove });
}
