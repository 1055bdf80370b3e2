import assert from 'node:assert/strict';
import { exitCodeOf } from '../../../src/cli/exitCodes.ts';
import { type ErrorCode, errorCodes } from '../../../src/shared/errors.ts';

const promised: { [exit: number]: ErrorCode[] } = {
  2: ['USAGE', 'INVALID_PATH', 'INVALID_INPUT', 'VARIABLES'],
  3: ['RULE', 'GATE'],
  4: ['NOT_FOUND', 'FILE_NOT_FOUND'],
  5: ['CONFLICT', 'EXISTS'],
  6: ['DAMAGED', 'NEWER', 'FOREIGN'],
};

describe('exitCodeOf', () => {
  it('is what the scripts were promised for every code', () => {
    for (const code of errorCodes) {
      const [exit] = Object.entries(promised).find(([, codes]) => codes.includes(code)) ?? ['1'];
      assert.equal(exitCodeOf(code), Number(exit), code);
    }
  });
});
