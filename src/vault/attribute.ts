import { diffArrays } from 'diff';

/** Where a sentence of the newest state came in: `state` counts back from the newest (0), `place` is its index there. */
export type Attribution = { state: number; place: number };

/** More edits than this are no editing any more but a new order; then only sentences that occur once are followed. */
const maxEditLength = 500;

/**
 * For each sentence of the newest state, the oldest state from which on it stayed in place. States are lists of keys, newest
 * first, and are read only as far back as something is left to explain.
 */
export function attributeSentences(newestFirst: Iterable<readonly string[]>): Attribution[] {
  const found: Attribution[] = [];
  let newer: readonly string[] | undefined;
  let open: { sentence: number; place: number }[] = [];
  let state = -1;
  for (const keys of newestFirst) {
    state += 1;
    if (!newer) open = keys.map((_, place) => ({ sentence: place, place }));
    else {
      const before = alignSentences(keys, newer);
      open = open.flatMap(({ sentence, place }) => {
        const older = before[place]!;
        return older === -1 ? [] : [{ sentence, place: older }];
      });
    }
    // What is still followed was there in this state; a later turn overwrites it.
    for (const { sentence, place } of open) found[sentence] = { state, place };
    if (open.length === 0) break;
    newer = keys;
  }
  return found;
}

/** For each key of `newer` its index in `older`, or -1 for what is new. Kept ones stand in the same order in both. */
export function alignSentences(older: readonly string[], newer: readonly string[]): number[] {
  const result = new Array<number>(newer.length).fill(-1);
  let start = 0;
  while (start < older.length && start < newer.length && older[start] === newer[start]) {
    result[start] = start;
    start += 1;
  }
  let [oldEnd, newEnd] = [older.length, newer.length];
  while (oldEnd > start && newEnd > start && older[oldEnd - 1] === newer[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
    result[newEnd] = oldEnd;
  }
  // What one side lacks cannot be kept; without it a rewrite costs no more than a small change.
  const left = shared(older, [start, oldEnd], new Set(newer.slice(start, newEnd)));
  const right = shared(newer, [start, newEnd], new Set(older.slice(start, oldEnd)));
  const pairs = keptByDiff(left, right) ?? keptOnce(left, right);
  for (const [old, now] of pairs) result[now.place] = old.place;
  return result;
}

type Placed = { key: string; place: number };
type Pair = [old: Placed, now: Placed];

function shared(keys: readonly string[], [from, to]: [number, number], other: ReadonlySet<string>): Placed[] {
  const kept: Placed[] = [];
  for (let place = from; place < to; place += 1) {
    const key = keys[place]!;
    if (other.has(key)) kept.push({ key, place });
  }
  return kept;
}

function keptByDiff(left: readonly Placed[], right: readonly Placed[]): Pair[] | undefined {
  const keys = (placed: readonly Placed[]) => placed.map(({ key }) => key);
  const changes = diffArrays(keys(left), keys(right), { maxEditLength });
  if (!changes) return undefined;
  const pairs: Pair[] = [];
  let [old, now] = [0, 0];
  for (const { added, removed, count } of changes) {
    if (!added && !removed) for (let i = 0; i < count; i += 1) pairs.push([left[old + i]!, right[now + i]!]);
    if (!added) old += count;
    if (!removed) now += count;
  }
  return pairs;
}

/** The longest run, in the same order on both sides, of keys that occur once on each. */
function keptOnce(left: readonly Placed[], right: readonly Placed[]): Pair[] {
  const once = (placed: readonly Placed[]) => {
    const count = new Map<string, number>();
    for (const { key } of placed) count.set(key, (count.get(key) ?? 0) + 1);
    return placed.filter(({ key }) => count.get(key) === 1);
  };
  const olds = new Map(once(left).map((one) => [one.key, one]));
  const pairs = once(right).flatMap((now): Pair[] => {
    const old = olds.get(now.key);
    return old ? [[old, now]] : [];
  });
  // `ends[n]` is the last pair of the best run of n + 1 pairs; `before` leads back from each.
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, [{ place }]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]!]![0].place < place) low = middle + 1;
      else high = middle;
    }
    before[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const run: Pair[] = [];
  for (let index = ends.at(-1) ?? -1; index !== -1; index = before[index]!) run.push(pairs[index]!);
  return run.reverse();
}
