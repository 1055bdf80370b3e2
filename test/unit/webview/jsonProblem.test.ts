import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findJsonProblem } from '../../../webview-ui/editor/jsonProblem.ts';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('The finder of what is no JSON', () => {
  it('finds nothing in what is JSON, and something in everything else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => assert.equal(findJsonProblem(text), null)),
      { numRuns: 500 },
    );
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\u0007"',
      '"\\x"',
      '1',
      '01',
      '-',
      'true',
      ' ',
      '\n',
      '"😀"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        assert.equal(findJsonProblem(text) === null, isJson(text), text);
      }),
      { numRuns: 3000 },
    );
  });

  for (const [text, offset] of [
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['{"a": nope}', 6],
    ['{"a": 1} x', 9],
    ['{"a": [1, 2', 11],
    ['', 0],
  ] as const) {
    it(`says that ${JSON.stringify(text)} goes wrong at ${offset}`, () =>
      assert.equal(findJsonProblem(text)?.offset, offset));
  }
});
