import assert from 'node:assert/strict';
import { createComparer } from '../../../src/vault/compareTexts.ts';

describe('comparing texts', () => {
  const numbered = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');

  it('goes by lines where too much differs for words, and says so', () => {
    const filler = 'These words stay as they are, whatever becomes of the others. '.repeat(25);
    const text = (word: string) => numbered(600, (i) => `${i} ${`${word}, `.repeat(5)}\n${filler}`);
    const [from, to] = [text('old'), text('new')];
    assert.ok(from.length > 900_000);
    const { by, parts } = createComparer()(from, to, 'words');
    assert.equal(by, 'lines');
    assert.deepEqual(
      ['same', 'remove', 'add'].map((op) => parts.filter((part) => part.op === op).length),
      [600, 600, 600],
    );
    const side = (gone: 'add' | 'remove') => parts.map(({ op, text: part }) => (op === gone ? '' : part)).join('');
    assert.deepEqual([side('add'), side('remove')], [from, to]);
    const one = createComparer()(from, `${from} More.`, 'words');
    assert.equal(one.by, 'words');
  });

  it('spends no more on many texts than on one', () => {
    const text = (word: string) => numbered(100, (i) => `${i} ${`${word} ${i}, `.repeat(7)}`);
    const compare = createComparer();
    const kinds = Array.from({ length: 105 }, () => compare(text('old'), text('new'), 'words').by);
    assert.deepEqual([kinds[0], kinds[1], kinds.at(-1)], ['words', 'lines', 'whole']);
    assert.deepEqual([...new Set(kinds)], ['words', 'lines', 'whole']);
  });

  it('tells of nothing but what is there', () => {
    const compare = createComparer();
    assert.deepEqual(compare('', '', 'words').parts, []);
    assert.deepEqual(compare('', 'a b', 'words').parts, [{ op: 'add', text: 'a b' }]);
    assert.deepEqual(compare('a b', '', 'lines').parts, [{ op: 'remove', text: 'a b' }]);
    assert.deepEqual(compare('a b', 'a b', 'words').parts, [{ op: 'same', text: 'a b' }]);
  });
});
