import type { ListedCheck } from '../../src/lab/checks/registry.ts';
import type { Check } from '../../src/lab/types.ts';
import type { MenuItem } from '../shared/menu.ts';

/** A check as a person types it in one line: the short form where it says all, else JSON. */
export function checkText(check: Check): string {
  const { type, value, not, threshold, ...more } = check;
  const simple = Object.keys(more).every((key) => more[key as keyof typeof more] === undefined);
  const plain =
    value === undefined || (typeof value === 'string' && !value.includes('\n')) || typeof value === 'number';
  if (!simple || !plain) return JSON.stringify(check);
  return `${not ? 'not-' : ''}${type}${threshold === undefined ? '' : `(${threshold})`}${value === undefined ? '' : `:${value}`}`;
}

export const checkLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function checkItems(kinds: readonly ListedCheck[]): MenuItem[] {
  return kinds.map(({ type, about, example }) => ({ value: example || type, label: type, description: about }));
}
