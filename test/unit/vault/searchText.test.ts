import assert from 'node:assert/strict';
import { matchesIn, searchWords, snippetOf } from '../../../src/vault/searchText.ts';

const marked = (search: string, text: string) =>
  matchesIn(text, searchWords(search)!).map(([start, end]) => text.slice(start, end));
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `w${from + n}`).join(' ');

describe('what a search shows of a text', () => {
  it('are some words before and after the first hit, with dots where there is more', () => {
    const text = `${numbers(0, 50)} Refund\n\t${numbers(50, 100)}`;
    assert.equal(snippetOf([text], searchWords('refund')!), `…${numbers(44, 50)} Refund ${numbers(50, 59)}…`);
    assert.equal(snippetOf([`Refund ${numbers(0, 3)}`], searchWords('refund')!), 'Refund w0 w1 w2');
  });

  it('are the words around a text that stands inside of one, in the first text that has it', () => {
    const words = searchWords('efun')!;
    assert.equal(snippetOf(['nothing here', 'a refund', 'refund'], words), 'a refund');
    assert.equal(snippetOf(['nothing'], words), '');
    assert.equal(snippetOf(['-- refund'], searchWords('-- re')!), '-- refund');
  });

  it('is marked: the search as it stands, or else its words and beginnings, whatever their case and marks', () => {
    assert.deepEqual(marked('angry mail', 'An Angry Mail, angry'), ['Angry Mail']);
    assert.deepEqual(marked('"angry" ref', 'Refunds for angry people'), ['Ref', 'angry']);
    assert.deepEqual(marked('"refund"', 'A refund, refunds'), ['refund']);
    assert.deepEqual(marked('x refund', 'Refund x'), ['Refund', 'x']);
    assert.deepEqual(marked('cafe zu', 'Cafés zum Café'), ['Café', 'zu', 'Café']);
    assert.deepEqual(marked('nothing', 'else'), []);
  });

  it('is nothing for a search without a word', () => {
    assert.deepEqual([searchWords(''), searchWords('"" - !')], [null, null]);
  });
});
