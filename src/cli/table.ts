import { plainLine } from './plainText.ts';

export type Cell = string | number | null | undefined;

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Plain letters are not segmented: in a long table that is most of the time. */
const widthOf = (text: string) => (/^[ -~]*$/.test(text) ? text.length : [...segments.segment(text)].length);
const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Columns under a heading; nothing shows as `-`. Numbers stand to the right. */
export function table(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = heading.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const texts = rows.map((row) => heading.map((_, column) => shown(row[column])));
  const widths = heading.map((name, column) =>
    // A hundred thousand rows are more than a call takes arguments.
    texts.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(name)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric[column] ? ' '.repeat(width - widthOf(cell)) + cell : pad(cell, width);
      })
      .join('  ')
      .trimEnd();
  return [heading.map((name) => name.toUpperCase()), ...texts].map(line).join('\n');
}

const shown = (cell: Cell) => (cell === null || cell === undefined || cell === '' ? '-' : plainLine(String(cell)));

/** `name  value` lines; those without a value are left out. */
export function fields(pairs: readonly (readonly [name: string, value: Cell])[]): string {
  const filled = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...filled.map(([name]) => name.length));
  return filled.map(([name, value]) => `${pad(name, width)}  ${plainLine(String(value))}`).join('\n');
}

/** `1 prompt`, `2 prompts`. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`;
}
