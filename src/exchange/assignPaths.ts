import { isDeepStrictEqual } from 'node:util';
import { isRelativePath, promptPath, titleLine } from './promptPath.ts';
import type { SourcePrompt } from './sourcePrompt.ts';

export type PlacedPrompt = SourcePrompt & { path: string };
export type Placement = { placed: PlacedPrompt[]; skipped: { source: string; reason: string }[] };

/**
 * Gives every prompt its path below `folder` ('' is the top). Names that fall together once spelled in the vault's
 * alphabet get `-2`, `-3` … in the order given, after every name that needs no number has its own, so that the same
 * sources always get the same paths. Twice the same path written in files, or twice the same prompt, is skipped.
 */
export function assignPaths(prompts: readonly SourcePrompt[], folder: string): Placement {
  const taken = new Map<string, SourcePrompt>();
  const placed = new Map<SourcePrompt, string>();
  const waiting: { prompt: SourcePrompt; base: string; first: SourcePrompt }[] = [];
  const skipped: Placement['skipped'] = [];

  // A name that is a legal path already has more right to it than one that was respelled.
  const wanted = prompts.map((prompt) => ({ prompt, base: below(folder, promptPath(prompt.name)) }));
  const isExact = ({ prompt, base }: (typeof wanted)[number]) => below(folder, prompt.name) === base;
  for (const { prompt, base } of [...wanted.filter(isExact), ...wanted.filter((one) => !isExact(one))]) {
    if (prompt.namesPath && !isRelativePath(prompt.name)) {
      skipped.push({ source: prompt.source, reason: `"${prompt.name}" is no path; write folder/name` });
      continue;
    }
    const first = taken.get(base);
    if (first) waiting.push({ prompt, base, first });
    else {
      taken.set(base, prompt);
      placed.set(prompt, base);
    }
  }
  for (const { prompt, base, first } of waiting) {
    if (prompt.name === first.name && (prompt.namesPath || saysTheSame(prompt, first))) {
      skipped.push({ source: prompt.source, reason: `the same path as ${first.source}: ${base}` });
      continue;
    }
    let number = 2;
    while (taken.has(`${base}-${number}`)) number += 1;
    taken.set(`${base}-${number}`, prompt);
    placed.set(prompt, `${base}-${number}`);
  }
  const inOrder = prompts.flatMap((prompt) => {
    const path = placed.get(prompt);
    if (path === undefined) return [];
    const title = prompt.title === undefined ? undefined : titleLine(prompt.title) || undefined;
    return [{ ...prompt, path, title, defaultTitle: titleLine(prompt.defaultTitle) || path }];
  });
  return { placed: inOrder, skipped };
}

function below(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

function saysTheSame(one: SourcePrompt, other: SourcePrompt): boolean {
  return isDeepStrictEqual(
    [one.messages, one.settings, one.variables ?? null],
    [other.messages, other.settings, other.variables ?? null],
  );
}
