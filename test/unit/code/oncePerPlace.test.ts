import assert from 'node:assert/strict';
import { findReferences } from '../../../src/code/findReferences.ts';
import { oncePerPlace } from '../../../src/code/oncePerPlace.ts';

const kept = (text: string) =>
  oncePerPlace(text, findReferences(text, 'python')).map(({ path, kind, start }) => [
    path,
    kind,
    text.slice(0, start).split('\n').length,
  ]);

describe('oncePerPlace', () => {
  it('leaves out a comment directly above a call to the same prompt', () => {
    assert.deepEqual(kept('# promptvault: legal/risk\nget_prompt("legal/risk")\n'), [['legal/risk', 'call', 2]]);
  });

  it('keeps a comment above something else, and one further up', () => {
    assert.deepEqual(kept('# promptvault: legal/risk\nget_prompt("legal/nda")\n\n# promptvault: legal/nda\n\nx = 1'), [
      ['legal/risk', 'comment', 1],
      ['legal/nda', 'call', 2],
      ['legal/nda', 'comment', 4],
    ]);
  });

  it('says a prompt once on a line', () => {
    assert.deepEqual(kept('pair = get_prompt("a/b"), get_prompt("a/b"), get_prompt("a/c")\n'), [
      ['a/b', 'call', 1],
      ['a/c', 'call', 1],
    ]);
  });
});
