/** Steps of the comparison at most: about a tenth of a second. */
const longestWork = 20_000_000;

/**
 * How many letters must be put in, taken out or changed to make one text the other; null when it is more than `most`. Only
 * the ways that can end within `most` are followed, so near texts are quick however long; `too long` when even that is not.
 */
export function distanceWithin(a: string, b: string, most: number): number | null | 'too long' {
  const [from, to] = [Array.from(a), Array.from(b)];
  const limit = Math.min(Math.floor(most), Math.max(from.length, to.length));
  if (Math.abs(from.length - to.length) > limit) return null;
  if (from.length * (2 * limit + 1) > longestWork) return 'too long';
  const beyond = limit + 1;
  let before = Int32Array.from({ length: to.length + 2 }, (_, column) => Math.min(column, beyond));
  let now = new Int32Array(to.length + 2);
  for (let row = 1; row <= from.length; row++) {
    const first = Math.max(1, row - limit);
    const last = Math.min(to.length, row + limit);
    now[first - 1] = first === 1 ? Math.min(row, beyond) : beyond;
    for (let column = first; column <= last; column++) {
      const change = (before[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const edit = Math.min(before[column] as number, now[column - 1] as number) + 1;
      now[column] = Math.min(change, edit, beyond);
    }
    // The next row's way reaches one column further.
    now[last + 1] = beyond;
    [before, now] = [now, before];
  }
  const distance = before[to.length] as number;
  return distance > limit ? null : distance;
}
