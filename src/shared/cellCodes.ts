/** The states of a cell, by the digit that stands for each where thousands of cells are sent at once. */
export const codedStates = ['waiting', 'running', 'pass', 'fail', 'error', 'cancelled'] as const;
const marks = [null, 'pass', 'fail', 'note'] as const;

export type CellFlags = { cached: boolean; checked: boolean; mark: (typeof marks)[number] };

/** One hexadecimal digit. */
export function encodeFlags({ cached, checked, mark }: CellFlags): string {
  return (Number(cached) + 2 * Number(checked) + 4 * marks.indexOf(mark)).toString(16);
}

export function decodeFlags(digit: string): CellFlags {
  const bits = Number.parseInt(digit, 16);
  return { cached: (bits & 1) === 1, checked: (bits & 2) === 2, mark: marks[bits >> 2] ?? null };
}
