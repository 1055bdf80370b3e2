import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cosine } from '../../../src/lab/checks/cosine.ts';
import { distanceWithin } from '../../../src/lab/checks/levenshtein.ts';
import { bleuScore, modifiedPrecision, rougeRecall } from '../../../src/lab/checks/ngrams.ts';

describe('ROUGE-N', () => {
  // Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), section 3.
  const reference = 'police killed the gunman';
  it('is what its paper says of "police kill the gunman" and "the gunman kill police"', () => {
    assert.equal(rougeRecall('police kill the gunman', reference, 1), 3 / 4);
    assert.equal(rougeRecall('police kill the gunman', reference, 2), 1 / 3);
    // "S2 and S3 would have the same ROUGE-2 score, since they both have one bigram, i.e. 'the gunman'."
    assert.equal(rougeRecall('the gunman kill police', reference, 2), 1 / 3);
  });

  it('counts a word as often as both texts have it', () => {
    assert.equal(rougeRecall('the', 'the the cat cat', 1), 1 / 4);
    assert.equal(rougeRecall('anything', '', 1), 0);
  });
});

describe('BLEU', () => {
  // Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation" (2002), section 2.1.
  const references = [
    'It is a guide to action that ensures that the military will forever heed Party commands.',
    'It is the guiding principle which guarantees the military forces always being under the command of the Party.',
    'It is the practical guide for the army always to heed the directions of the party.',
  ];
  const first = 'It is a guide to action which ensures that the military always obeys the commands of the party.';
  const second = 'It is to insure the troops forever hearing the activity guidebook that party direct.';

  it('has the modified precisions of its paper', () => {
    assert.deepEqual(
      modifiedPrecision('the the the the the the the', ['The cat is on the mat.', 'There is a cat on the mat.'], 1),
      [2, 7],
    );
    assert.deepEqual(modifiedPrecision(first, references, 1), [17, 18]);
    assert.deepEqual(modifiedPrecision(first, references, 2), [10, 17]);
    assert.deepEqual(modifiedPrecision(second, references, 1), [8, 14]);
    assert.deepEqual(modifiedPrecision(second, references, 2), [1, 13]);
  });

  it('is 0.5046 for its first example, as NLTK documents for sentence_bleu', () => {
    assert.equal(bleuScore(first, references).toFixed(4), '0.5046');
  });

  it('is 0 without a shared run of words, 1 for a reference, less for a short text', () => {
    assert.equal(bleuScore(second, references), 0);
    assert.equal(bleuScore('', references), 0);
    assert.ok(Math.abs(bleuScore(references[1] as string, references) - 1) < 1e-12);
    // Brevity: five of six words, all right: exp(1 - 6/5).
    assert.ok(Math.abs(bleuScore('the cat sat on the', ['the cat sat on the mat']) - Math.exp(1 - 6 / 5)) < 1e-12);
  });
});

describe('the distance of two texts', () => {
  /** The whole table, as in the textbook. */
  function plain(a: string, b: string): number {
    const [x, y] = [Array.from(a), Array.from(b)];
    let before = y.map((_, index) => index).concat(y.length);
    for (const [row, letter] of x.entries()) {
      const now = [row + 1];
      for (const [column, other] of y.entries()) {
        const change = before[column]! + (letter === other ? 0 : 1);
        now.push(Math.min(change, before[column + 1]! + 1, now[column]! + 1));
      }
      before = now;
    }
    return before[y.length]!;
  }

  it('is the textbook’s wherever it is within the limit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u{1f600}'), maxLength: 12 });
    fc.assert(
      fc.property(word, word, fc.nat(13), (a, b, most) => {
        const distance = plain(a, b);
        assert.equal(distanceWithin(a, b, most), distance <= most ? distance : null);
      }),
      { numRuns: 500 },
    );
  });
});

describe('cosine similarity', () => {
  it('is 1 for one direction, 0 for a right angle, -1 for the opposite', () => {
    assert.ok(Math.abs(cosine([1, 2, 3], [2, 4, 6]) - 1) < 1e-12);
    assert.equal(cosine([1, 0], [0, 1]), 0);
    assert.equal(cosine([1, 0], [-1, 0]), -1);
    assert.equal(cosine([0, 0], [1, 1]), 0);
  });
});
