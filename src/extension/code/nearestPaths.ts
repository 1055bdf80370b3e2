import type { EngineClient } from '../../engine/engineClient.ts';
import { folderOf, nameOf } from '../targets.ts';

const looked = 200;
const offered = 3;

/** The prompts that a path nobody knows may have meant, the likeliest first. */
export async function nearestPaths(engine: Pick<EngineClient, 'list'>, path: string): Promise<string[]> {
  const search = nameOf(path);
  const queries = [{ search }, { folder: folderOf(path) || undefined }, { search: search.slice(0, 4) }, {}];
  const lists = await Promise.all(
    queries.map((query) => engine.list({ ...query, limit: looked }).catch(() => undefined)),
  );
  const paths = new Set(lists.flatMap((list) => list?.prompts.map((prompt) => prompt.path) ?? []));
  return [...paths]
    .map((one) => ({ one, far: howFar(one, path) }))
    .filter(({ far }) => far <= 0.5)
    .sort((a, b) => a.far - b.far || (a.one < b.one ? -1 : 1))
    .slice(0, offered)
    .map(({ one }) => one);
}

/** 0 for the same to 1 for nothing alike. The same name in another folder is near whatever the folders are called. */
function howFar(one: string, other: string): number {
  const whole = distance(one, other) / Math.max(one.length, other.length);
  const [name, otherName] = [nameOf(one), nameOf(other)];
  const names = distance(name, otherName) / Math.max(name.length, otherName.length);
  return Math.min(whole, names + 0.2);
}

/** Letters to add, drop or change; two that changed places count once. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) least = Math.min(least, before[column - 2]! + 1);
      next.push(least);
    }
    [before, last] = [last, next];
  }
  return last[other.length]!;
}
