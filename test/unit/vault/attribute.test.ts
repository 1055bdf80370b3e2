import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignSentences, attributeSentences } from '../../../src/vault/attribute.ts';
import { sentenceKeys, splitSentences } from '../../../src/vault/sentences.ts';
import { userMessage } from '../../support/vaultBuilders.ts';

describe('sentences', () => {
  it('end with a full stop, a question mark or a line, and keep the white space after them', () => {
    assert.deepEqual(splitSentences('\n Be brief.  Are you sure?\n\n- {{name}} v1.5\r\n好。再见。'), [
      '\n Be brief.  ',
      'Are you sure?\n\n',
      '- {{name}} v1.5\r\n',
      '好。',
      '再见。',
    ]);
    assert.deepEqual([splitSentences(''), splitSentences(' \n\n ')], [[], [' \n\n ']]);
  });

  it('joined are the text, whatever it is', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('A. ', 'b? ', '\n', '\r\n', ' ', '\u2028', '{{x}}', '"C." '))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        assert.equal(splitSentences(text).join(''), text);
        assert.equal(sentenceKeys([userMessage(text)]).length, splitSentences(text).length);
      }),
      { numRuns: 50 },
    );
  });

  it('are the same when only white space differs, but not when another role says them', () => {
    const keys = (text: string) => sentenceKeys([userMessage(text)]);
    assert.deepEqual(keys('Be  brief. Stop.'), keys('Be brief.\n\nStop.\n'));
    assert.notDeepEqual(keys('Stop.'), sentenceKeys([{ role: 'system', content: 'Stop.' }]));
  });
});

describe('attributing sentences', () => {
  const states = (...newestFirst: string[]) => attributeSentences(newestFirst.map((one) => [...one]));
  const stateOf = (...newestFirst: string[]) => states(...newestFirst).map(({ state }) => state);

  it('names the oldest state from which on a sentence stayed', () => {
    assert.deepEqual(stateOf('axbyc', 'abyc', 'abc'), [2, 0, 2, 1, 2]);
    assert.deepEqual(states('xab', 'ab'), [
      { state: 0, place: 0 },
      { state: 1, place: 0 },
      { state: 1, place: 1 },
    ]);
  });

  it('counts what was taken out and put back as new', () => {
    assert.deepEqual(stateOf('abc', 'ac', 'abc'), [2, 0, 2]);
  });

  it('reads no further back than something is left to explain', () => {
    let read = 0;
    function* history() {
      for (const state of ['xy', 'ab', 'cd', 'ef']) {
        read += 1;
        yield [...state];
      }
    }
    assert.deepEqual(
      attributeSentences(history()).map(({ state }) => state),
      [0, 0],
    );
    assert.equal(read, 2);
  });

  // No sentence occurs twice and none moves, so there is only one answer, which needs no diff.
  const history = fc
    .array(fc.record({ drop: fc.array(fc.nat(30), { maxLength: 4 }), add: fc.array(fc.nat(30), { maxLength: 4 }) }), {
      maxLength: 12,
    })
    .map((edits) => {
      let fresh = 0;
      const oldestFirst = [Array.from({ length: 12 }, () => `s${fresh++}`)];
      for (const { drop, add } of edits) {
        const next = oldestFirst.at(-1)!.filter((_, index) => !drop.includes(index));
        for (const place of add) next.splice(Math.min(place, next.length), 0, `s${fresh++}`);
        oldestFirst.push(next);
      }
      return oldestFirst.reverse();
    });
  it('answers as a search through all states does, where no sentence occurs twice', () => {
    fc.assert(
      fc.property(history, (newestFirst) => {
        const found = attributeSentences(newestFirst);
        const expected = newestFirst[0]!.map((sentence) => {
          const gone = newestFirst.findIndex((keys) => !keys.includes(sentence));
          const state = (gone === -1 ? newestFirst.length : gone) - 1;
          return { state, place: newestFirst[state]!.indexOf(sentence) };
        });
        assert.deepEqual(found, expected);
      }),
    );
  });

  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 25 });
  it('pairs equal sentences in the same order, also where some occur often', () => {
    fc.assert(
      fc.property(keys, keys, (older, newer) => {
        const before = alignSentences(older, newer);
        const kept = before.filter((place) => place !== -1);
        assert.equal(before.length, newer.length);
        for (const [place, old] of before.entries()) if (old !== -1) assert.equal(older[old], newer[place]);
        assert.deepEqual(
          kept,
          [...new Set(kept)].sort((a, b) => a - b),
        );
        assert.equal(kept.length, longestCommon(older, newer));
      }),
    );
  });

  it('follows what occurs once through a wholly new order, and stays quick', () => {
    const older = Array.from({ length: 10_000 }, (_, i) => `s${i}`);
    const newer = [...older.slice(5000), ...older.slice(0, 5000)];
    const used = process.cpuUsage();
    const before = alignSentences(older, newer);
    assert.ok(process.cpuUsage(used).user / 1000 < 500);
    assert.equal(before.filter((place) => place !== -1).length, 5000);
  });
});

/** By the textbook. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [j, other] of b.entries()) next.push(one === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row.at(-1)!;
}

describe('texts in a wholly new order', () => {
  const keys = Array.from({ length: 700 }, (_, n) => `sentence ${n}`);
  const turned = keys.toReversed();

  it('are followed by sentences that occur once, in an order both have', () => {
    const found = alignSentences([...keys, 'x', 'y', 'end'], ['x', 'y', ...turned, 'other end']);
    assert.deepEqual(found.slice(0, 2), [700, 701]);
    assert.deepEqual(
      found.slice(2).filter((place) => place >= 0),
      [],
    );
  });

  it('are not followed by sentences that occur twice', () => {
    const found = alignSentences([...keys, ...keys], turned);
    assert.ok(found.every((place) => place === -1));
  });
});
