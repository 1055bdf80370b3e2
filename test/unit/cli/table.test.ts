import assert from 'node:assert/strict';
import { table } from '../../../src/cli/table.ts';

describe('a table on the command line', () => {
  it('stands in columns, numbers to the right', () => {
    const rows = [
      ['support/triage', 7],
      ['nda', 12],
    ];
    assert.deepEqual(table(['prompt', 'runs'], rows).split('\n'), [
      'PROMPT          RUNS',
      'support/triage     7',
      'nda               12',
    ]);
  });

  it('counts what is seen of a letter, not what it is written with', () => {
    const rows = [
      ['naïve', 'x'],
      ['ne\u0301', 'y'],
    ];
    assert.deepEqual(table(['a', 'b'], rows).split('\n').slice(1), ['naïve  x', 'ne\u0301     y']);
  });

  it('has as many rows as there are, a large vault’s too', () => {
    const rows = Array.from({ length: 150_000 }, () => ['a']);
    assert.equal(table(['prompt'], rows).split('\n').length, rows.length + 1);
  });
});
