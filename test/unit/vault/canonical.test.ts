import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, contentHash } from '../../../src/vault/canonical.ts';
import type { Content } from '../../../src/vault/types.ts';
import { aContent, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}
const wellFormed = fc.string({ unit: 'grapheme' });
const plain = { noNullPrototype: true };
const contents: fc.Arbitrary<Content> = fc.record({
  messages: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: wellFormed }, plain), {
    minLength: 1,
    maxLength: 3,
  }),
  settings: fc.dictionary(
    wellFormed,
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
    plain,
  ),
  variables: fc.uniqueArray(
    fc.record(
      { name: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/), default: wellFormed, description: wellFormed },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
    { selector: ({ name }) => name, maxLength: 4 },
  ),
});

describe('the canonical form', () => {
  it('is the one of RFC 8785 on its own examples', () => {
    const example = {
      numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    assert.equal(
      canonicalJson(example),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    assert.deepEqual(Object.values(JSON.parse(canonicalJson(keys))), [4, 2, 6, 7, 1, 5, 3]);
  });

  it('does not depend on the order of keys or variables', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const other = reversed({ ...content, variables: [...content.variables].reverse() }) as Content;
        assert.equal(contentHash(other), contentHash(content));
      }),
    );
  });

  it('tells any two different contents apart', () => {
    fc.assert(
      fc.property(contents, contents, (a, b) => {
        const sorted = (content: Content) => ({
          ...content,
          variables: [...content.variables].sort((x, y) => (x.name < y.name ? -1 : 1)),
        });
        const same = canonicalJson(sorted(a)) === canonicalJson(sorted(b));
        assert.equal(contentHash(a) === contentHash(b), same);
      }),
    );
    const base = aContent({ messages: [userMessage('a')] });
    const others: Content[] = [
      aContent({ messages: [userMessage('a ')] }),
      aContent({ messages: [{ role: 'system', content: 'a' }] }),
      aContent({ messages: [userMessage('a'), userMessage('')] }),
      { ...base, settings: { temperature: 0 } },
      { ...base, variables: [{ name: 'a' }] },
      { ...base, variables: [{ name: 'a', default: '' }] },
    ];
    assert.equal(new Set([base, ...others].map(contentHash)).size, others.length + 1);
  });

  it('is known: the same content has this hash for ever', () => {
    const content = {
      messages: [userMessage('Hi {{name}}')],
      settings: { temperature: 0.2, model: 'echo:echo' },
      variables: [{ name: 'name', default: 'Ada' }],
    };
    assert.equal(contentHash(content), 'sha256:3ad2b9586242f098e1d819f2a7eb2a1be020d53170c18a0d60eed9ebb7d5ba28');
  });

  for (const [what, value] of [
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['NaN', Number.NaN],
    ['an infinity', [Number.POSITIVE_INFINITY]],
    ['a function', { f: () => 1 }],
    ['a bigint', 1n],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => canonicalJson(value), { code: 'INVALID_INPUT' }));
  }

  it('refuses what is nested too deeply instead of overflowing', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i += 1) deep = [deep];
    assert.throws(() => canonicalJson(deep), { code: 'INVALID_INPUT' });
  });
});

describe('a stored content', () => {
  it('comes back byte for byte, whatever the text', () => {
    const made = temporaryVault();
    let n = 0;
    fc.assert(
      fc.property(contents, (content) => {
        const path = `p${n++}`;
        made.vault.create({ path, ...content });
        const { messages, settings, hash, variables } = made.vault.show({ ref: path });
        assert.deepEqual({ messages, settings }, { messages: content.messages, settings: content.settings });
        assert.equal(hash, contentHash({ messages, settings, variables }));
      }),
      { numRuns: 60 },
    );
    const odd = 'NUL \0 CRLF \r\n BOM \ufeff tab \t \u2028 é e\u0301 😀 {{ braces }} \\{{x}}';
    made.vault.create({ path: 'odd', messages: [userMessage(odd)] });
    assert.equal(made.vault.show({ ref: 'odd' }).messages[0]?.content, odd);
    assert.deepEqual(made.vault.verify().problems, []);
    made.remove();
  });
});
