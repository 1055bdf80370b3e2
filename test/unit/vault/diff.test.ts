import assert from 'node:assert/strict';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { contentAsText } from '../../../src/vault/diff.ts';
import type { Content, DiffResult } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { aContent, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

describe('comparing versions', () => {
  let made: TestVault;
  let vault: Vault;
  let n = 0;
  before(() => {
    made = temporaryVault();
    vault = made.vault;
  });
  after(() => made.remove());

  function compare(from: Content, to: Content, words = false): DiffResult {
    const [a, b] = [`a${n}`, `b${n++}`];
    vault.create({ path: a, ...from });
    vault.create({ path: b, ...to });
    return vault.diff({ from: a, to: b, words });
  }
  const sideOf = (parts: DiffResult['messages'][number]['parts'], drop: 'add' | 'remove') =>
    parts
      .filter(({ op }) => op !== drop)
      .map(({ text }) => text)
      .join('');

  it('says nothing about equal ones', () => {
    const result = compare(aContent(), aContent());
    assert.deepEqual(
      [result.same, result.messages, result.settings, result.variables, result.unified],
      [true, [], [], [], ''],
    );
  });

  it('says what changed in words, settings and variables', () => {
    const from = aContent({
      messages: [userMessage('Be very kind.')],
      settings: { temperature: 0.2, stop: ['a'] },
      variables: [{ name: 'x' }],
    });
    const to = aContent({
      messages: [userMessage('Be quite kind.')],
      settings: { temperature: 0.4, stop: ['a'], maxTokens: 5 },
      variables: [{ name: 'x', default: '1' }],
    });
    const result = compare(from, to, true);
    assert.equal(result.same, false);
    assert.deepEqual(result.messages, [
      {
        index: 0,
        role: 'user',
        change: 'changed',
        by: 'words',
        parts: [
          { op: 'same', text: 'Be ' },
          { op: 'remove', text: 'very' },
          { op: 'add', text: 'quite' },
          { op: 'same', text: ' kind.' },
        ],
      },
    ]);
    assert.deepEqual(result.settings, [
      { key: 'maxTokens', from: null, to: 5 },
      { key: 'temperature', from: 0.2, to: 0.4 },
    ]);
    assert.deepEqual(result.variables, [{ name: 'x', from: { name: 'x' }, to: { name: 'x', default: '1' } }]);
  });

  it('names added and removed messages', () => {
    const one = aContent();
    const two = aContent({ messages: [...one.messages, { role: 'assistant', content: 'Sorted.' }] });
    const added = compare(one, two).messages;
    assert.deepEqual(added, [
      { index: 1, role: 'assistant', change: 'added', by: 'lines', parts: [{ op: 'add', text: 'Sorted.' }] },
    ]);
    assert.deepEqual(
      compare(two, one).messages.map(({ change }) => change),
      ['removed'],
    );
  });

  const texts = fc
    .array(fc.constantFrom('a', 'b', ' ', '\n', 'word', '\r\n', '{{x}}'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  it('holds both texts whole, by lines and by words, and a patch that leads from one to the other', () => {
    fc.assert(
      fc.property(texts, texts, fc.boolean(), (old, now, words) => {
        fc.pre(old !== now);
        const from = aContent({ messages: [userMessage(old)] });
        const to = aContent({ messages: [userMessage(now)] });
        const result = compare(from, to, words);
        const parts = result.messages[0]?.parts ?? [];
        assert.deepEqual([sideOf(parts, 'add'), sideOf(parts, 'remove')], [old, now]);
        const declared = (ref: string) => contentAsText(vault.show({ ref }));
        assert.equal(applyPatch(declared(`a${n - 1}`), result.unified), declared(`b${n - 1}`));
      }),
      { numRuns: 100 },
    );
  });

  it('gives up comparing what has nothing in common, with a patch that still leads from one to the other', () => {
    const noise = (seed: number) =>
      Array.from({ length: 60_000 }, (_, i) => ((i * seed) % 7919).toString(36) + (i % 3 ? '' : '\r')).join('\n');
    const [from, to] = [31, 57].map((seed) => aContent({ messages: [userMessage(noise(seed))] }));
    const result = compare(from!, to!, true);
    const { by, parts } = result.messages[0]!;
    assert.equal(by, 'whole');
    assert.deepEqual([sideOf(parts, 'add'), sideOf(parts, 'remove')], [noise(31), noise(57)]);
    assert.equal(applyPatch(contentAsText(from!), result.unified), contentAsText(to!));
  });
});
