import { VaultError } from '../shared/errors.ts';

/** `value`, which must be a whole number from `least`: to SQLite a negative limit is none. Throws INVALID_INPUT. */
export function wholeNumber(field: string, value: number, least = 0): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new VaultError('INVALID_INPUT', `The ${field} must be a whole number from ${least}`, { field });
}
