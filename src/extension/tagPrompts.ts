import type * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { Deps } from './deps.ts';
import { needPrompt } from './pickVersion.ts';
import { pickWords } from './pickWords.ts';
import type { PromptTarget } from './targets.ts';
import { tellUndo } from './tellUndo.ts';

const mostKnown = 200;

/** Adds a tag to those that do not have it. */
export async function addTagTo(
  engine: EngineClient,
  { tag, paths, log }: { tag: string; paths: readonly string[]; log: vscode.LogOutputChannel },
): Promise<void> {
  const fresh: string[] = [];
  for (const path of paths) {
    const { tags } = await engine.show({ ref: `${path}@latest` });
    if (tags.includes(tag)) continue;
    await engine.tag({ path, add: [tag] });
    fresh.push(path);
  }
  const what = fresh.length === 1 ? fresh[0] : `${fresh.length} prompts`;
  const undo = async () => {
    for (const path of fresh) await engine.tag({ path, remove: [tag] });
  };
  if (fresh.length > 0) tellUndo(`Tagged ${what} “${tag}”`, undo, log);
}

/** Ticks the tags all of them have; what is changed is changed in each. */
export async function changeTags(
  deps: Pick<Deps, 'vaults' | 'selection'>,
  given: PromptTarget | undefined,
  selected: readonly PromptTarget[],
): Promise<void> {
  const target = await needPrompt(deps, given ?? selected[0], 'Change tags');
  if (!target) return;
  const engine = await deps.vaults.engine(target.vault);
  const targets = selected.length > 1 ? selected : [target];
  const paths = [
    ...new Set(targets.filter(({ vault }) => (vault ?? target.vault) === target.vault).map(({ path }) => path)),
  ];
  const tags = await Promise.all(paths.map(async (path) => (await engine.show({ ref: `${path}@latest` })).tags));
  const present = tags.reduce((all, some) => all.filter((tag) => some.includes(tag)));
  const { groups } = await engine.groups({ by: 'tag', limit: mostKnown });
  const title = paths.length === 1 ? `Tags of ${target.path}` : `Tags of ${paths.length} prompts`;
  const known = groups.map(({ name }) => name);
  const change = await pickWords({ title, wordKind: 'tag', known, present });
  if (change) for (const path of paths) await engine.tag({ path, ...change });
}
