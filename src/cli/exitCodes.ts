import type { ErrorCode } from '../shared/errors.ts';

/** What the process ends with. `testsFailed`: a check failed, a cell ended in error, or a regression; or a call in code is broken or would be. */
export const exits = { done: 0, failed: 1, usage: 2, damaged: 6, testsFailed: 100, interrupted: 130 } as const;

/** Exit status per error; what is not named here is 1. */
const byCode: { readonly [Code in ErrorCode]?: number } = {
  USAGE: 2,
  INVALID_PATH: 2,
  INVALID_INPUT: 2,
  VARIABLES: 2,
  RULE: 3,
  GATE: 3,
  NOT_FOUND: 4,
  FILE_NOT_FOUND: 4,
  CONFLICT: 5,
  EXISTS: 5,
  DAMAGED: 6,
  NEWER: 6,
  FOREIGN: 6,
};

export function exitCodeOf(code: ErrorCode): number {
  return byCode[code] ?? exits.failed;
}
