import assert from 'node:assert/strict';
import fc from 'fast-check';
import { highlights } from '../../../src/engine/highlights.ts';
import { parseFilter } from '../../../src/vault/filterText.ts';

const none = { search: '', folders: [], tags: [], stages: [], labels: [] };

describe('a typed filter', () => {
  it('takes its filters out of the words around them', () => {
    const typed = 'refund stage:prd tag:legal  folder:support/eu label:"Production Candidate" policy';
    assert.deepEqual(parseFilter(typed), {
      search: 'refund policy',
      folders: ['support/eu'],
      tags: ['legal'],
      stages: ['PRD'],
      labels: ['Production Candidate'],
    });
  });

  it('may ask for several of one kind', () => {
    assert.deepEqual(parseFilter('tag:a Tag:"b c" STAGE:dev'), { ...none, tags: ['a', 'b c'], stages: ['DEV'] });
  });

  for (const text of [
    'foo:bar',
    'stage:LIVE',
    '"stage:PRD"',
    '"look for tag:x here"',
    'xtag:a',
    'a/tag:b',
    'tag:a"b',
  ]) {
    it(`leaves ${text} as text`, () => assert.deepEqual(parseFilter(text), { ...none, search: text }));
  }

  for (const text of ['tag:', 'stage: ', 'label:""']) {
    it(`asks for nothing with ${JSON.stringify(text)}, which somebody is still typing`, () =>
      assert.deepEqual(parseFilter(text), none));
  }

  it('reads a quoted value that is still open', () => {
    assert.deepEqual(parseFilter('label:"Production Ca'), { ...none, labels: ['Production Ca'] });
  });

  it('keeps every word of a text without a colon', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z"]{1,6}$/)), (words) => {
        assert.equal(parseFilter(words.join(' ')).search, words.join(' '));
      }),
    );
  });
});

describe('highlights', () => {
  const shown = (text: string, search: string) =>
    highlights(text, search).map(([start, end]) => text.slice(start, end));

  it('mark whole words, and beginnings only as far as they were typed', () => {
    assert.deepEqual(shown('support/refund-policy', 'refund'), ['refund']);
    assert.deepEqual(shown('support/refunds', 'supp refund'), ['supp', 'refund']);
  });

  it('do not care for case and marks', () => {
    assert.deepEqual(shown('Überschrift für alle', 'uber'), ['Über']);
    assert.deepEqual(shown('U\u0308berschrift', 'uber'), ['U\u0308ber']);
  });

  it('mark the search inside a word when no word begins so', () => {
    assert.deepEqual(shown('support/triage', 'port/tri'), ['port/tri']);
  });

  it('say nothing of filters', () => {
    assert.deepEqual(shown('support/triage stage', 'stage:PRD folder:support'), []);
  });

  it('stay within the text and in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, search) => {
        let before = 0;
        for (const [start, end] of highlights(text, search)) {
          assert.ok(start >= before && end > start && end <= text.length);
          before = end;
        }
      }),
    );
  });
});
