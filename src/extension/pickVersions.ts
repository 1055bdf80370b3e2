import * as vscode from 'vscode';
import { allVersions } from '../engine/wholeHistory.ts';
import type { Deps } from './deps.ts';
import { pickPrompt } from './pickVersion.ts';
import { newestFirst } from './promptNodes.ts';
import { versionFacts } from './versionLine.ts';

/** Columns for the Lab: a prompt, then any of its versions. Null when nothing was picked. */
export async function pickVersions(deps: Pick<Deps, 'vaults' | 'selection'>, vault: string): Promise<string[] | null> {
  const prompt = await pickPrompt(deps, 'Add versions of a prompt', vault);
  if (!prompt) return null;
  const versions = await allVersions(await deps.vaults.engine(vault), prompt.path);
  const now = new Date();
  const items = newestFirst(versions).map((info) => ({
    label: `v${info.version}`,
    description: `${info.stage}  ${versionFacts(info, now)}`,
    ref: `${info.path}@${info.version}`,
  }));
  if (items.length === 1) return [items[0]!.ref];
  const title = `Versions of ${prompt.path}`;
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return chosen && chosen.length > 0 ? chosen.map(({ ref }) => ref) : null;
}
