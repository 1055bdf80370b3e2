import assert from 'node:assert/strict';
import { judgeCheck, prepareCheck } from '../../../src/lab/checks.ts';
import { createRegexMatcher } from '../../../src/lab/regexMatcher.ts';
import type { Json } from '../../../src/shared/json.ts';
import { contextOf } from './checkContext.ts';

const draft7 = 'http://json-schema.org/draft-07/schema#';
const tree: Json = {
  $ref: '#/$defs/node',
  $defs: {
    node: { type: 'object', required: ['name'], properties: { children: { items: { $ref: '#/$defs/node' } } } },
  },
};
const payment: Json = {
  anyOf: [
    {
      properties: { kind: { const: 'card' }, digits: { type: 'string', pattern: '^[0-9]{4}$' } },
      required: ['digits'],
    },
    { properties: { kind: { const: 'cash' } }, required: ['kind'], additionalProperties: false },
  ],
};

type Row = [schema: Json, value: Json, problem: RegExp | null];
const table: Row[] = [
  [true, 1, null],
  [false, 1, /^\$: /],
  [{ type: ['integer', 'null'] }, 3, null],
  [{ type: 'integer' }, 3.5, /^\$: .*integer/],
  [payment, { kind: 'card', digits: '1234' }, null],
  [payment, { kind: 'cash' }, null],
  [payment, { kind: 'cash', more: 1 }, /\$\.more: Nothing is allowed here/],
  [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 1, null],
  [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3, /^\$: .*exactly one/],
  [{ allOf: [{ minLength: 2 }, { maxLength: 3 }] }, '😀', /^\$: .*too short/],
  [{ not: { required: ['secret'] } }, { secret: 1 }, /^\$: .*not/],
  [{ if: { required: ['a'] }, else: { required: ['b'] } }, {}, /^\$: .*"b"$/],
  [tree, { name: 'a', children: [{ name: 'b', children: [] }] }, null],
  [tree, { name: 'a', children: [{ name: 'b', children: [{}] }] }, /^\$\.children\[0\]\.children\[0\]: .*"name"$/],
  [{ definitions: { n: { type: 'number' } }, items: { $ref: '#/definitions/n' } }, [1, 'x'], /^\$\[1\]: /],
  [{ $schema: draft7, items: [{ type: 'string' }], additionalItems: false }, ['a', 1], /^\$\[1\]: /],
  [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1, 'b'], /^\$\[2\]: /],
  // In draft 7 nothing beside a reference counts.
  [
    { $schema: draft7, properties: { a: { $ref: '#/definitions/any', type: 'string' } }, definitions: { any: {} } },
    { a: 1 },
    null,
  ],
  [{ properties: { a: { $ref: '#/$defs/any', type: 'string' } }, $defs: { any: {} } }, { a: 1 }, /^\$\.a: /],
  [{ patternProperties: { '^x/': { type: 'number' } } }, { 'x/y': 'n' }, /^\$\.x\/y: /],
  [{ propertyNames: { maxLength: 2 } }, { abc: 1 }, /^\$: .*"abc"/],
  [{ format: 'date' }, '2026-02-29', /^\$: .*date/],
  [{ format: 'email' }, 'a@example.org', null],
  [
    { uniqueItems: true },
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    /^\$: .*0 and 1/,
  ],
  [{ contains: { const: 2 }, minContains: 2 }, [2, 1], /\$: .*at least 2/],
  [{ multipleOf: 0.01 }, 19.99, null],
  [{ properties: { constructor: { type: 'string' } }, required: ['toString'] }, {}, /^\$: .*"toString"$/],
  [{ type: 'object', 'x-order': 1, title: 'T', examples: [{}] }, {}, null],
];

const refused: [schema: Json, word: RegExp][] = [
  [{ requird: ['a'] }, /requird/],
  [{ $defs: { a: { properties: { b: { typ: 'string' } } } } }, /\$\.\$defs\.a\.properties\.b typ/],
  [{ type: 'strin' }, /strin/],
  [{ anyOf: { type: 'string' } }, /anyOf/],
  [{ anyOf: [] }, /anyOf/],
  [{ properties: { a: 'string' } }, /properties/],
  [{ pattern: '(' }, /pattern/],
  [{ patternProperties: { '(': true } }, /patternProperties/],
  [{ format: 'constructor' }, /format/],
  [{ $ref: 'https://example.org/card.json' }, /https:\/\/example\.org\/card\.json/],
  [{ items: { $ref: '#/$defs/none' } }, /#\/\$defs\/none/],
  [{ $schema: 'http://json-schema.org/draft-04/schema#' }, /draft-04/],
  [{ $dynamicRef: '#node' }, /\$dynamicRef/],
];

describe('a JSON schema', () => {
  const regex = createRegexMatcher();
  after(() => regex.close());
  const judge = (value: Json, output: string, type: 'is-json' | 'contains-json' = 'is-json', not = false) =>
    judgeCheck({ type, value, not }, output, contextOf(regex));

  for (const [schema, value, problem] of table) {
    it(`${problem ? 'refuses' : 'takes'} ${JSON.stringify(value)} by ${JSON.stringify(schema).slice(0, 70)}`, async () => {
      const { pass, reason } = await judge(schema, JSON.stringify(value));
      assert.equal(pass, problem === null, reason);
      if (problem) assert.match(reason.replace('Output does not fit the schema: ', ''), problem);
    });
  }

  for (const [schema, word] of refused) {
    it(`is refused as ${JSON.stringify(schema).slice(0, 70)} before anything runs`, () => {
      assert.throws(
        () => prepareCheck({ type: 'is-json', value: schema }),
        ({ code, message }) => code === 'INVALID_INPUT' && word.test(message),
      );
    });
  }

  it('tells the first ten problems', async () => {
    const { reason } = await judge({ items: { type: 'string' } }, JSON.stringify(Array.from({ length: 50 }, () => 1)));
    assert.equal(reason.match(/\$\[\d+\]: /g)?.length, 10);
  });

  it('finds the JSON in a text that fits, by a pattern too', async () => {
    const schema = { required: ['id'], properties: { id: { pattern: '^A' } } };
    assert.equal((await judge(schema, 'First {"id":"B1"}, then {"id":"A1"}', 'contains-json')).pass, true);
    assert.match((await judge(schema, 'Only {"id":"B1"}', 'contains-json')).reason, /\$\.id: /);
  });

  const endless: [what: string, schema: Json, output: Json][] = [
    ['a pattern', { items: { pattern: '^(a+)+$' } }, [`${'a'.repeat(29)}!`]],
    ['names by a pattern', { patternProperties: { '^(a+)+$': false } }, { [`${'a'.repeat(29)}!`]: 1 }],
    ['references that double', doubling(40), 1],
    ['a schema that is only itself', { $ref: '#' }, 1],
  ];
  for (const [what, schema, output] of endless) {
    it(`that takes for ever by ${what} is stopped: it fails, negated or not, and nothing waits`, async () => {
      let ticks = 0;
      const timer = setInterval(() => ticks++, 10);
      const started = performance.now();
      for (const not of [false, true]) {
        const { pass, reason } = await judge(schema, JSON.stringify(output), 'is-json', not);
        assert.equal(pass, false);
        assert.match(reason, /stopped/);
      }
      clearInterval(timer);
      const took = performance.now() - started;
      assert.ok(took < 5000 && ticks >= Math.min(20, took / 50), `${took} ms, ${ticks} ticks`);
      assert.equal((await judge({ pattern: '^a' }, '"abc"')).pass, true);
    });
  }

  it('that is nested deeper than the stack fails and says so', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    assert.equal((await judge({ items: true }, deep)).pass, false);
  });
});

/** Each level is asked twice: 2 to the power of `levels` questions, none of them a pattern. */
function doubling(levels: number): Json {
  const level = (n: number) => ({ $ref: `#/$defs/d${n}` });
  const names = Array.from({ length: levels }, (_, n) => [`d${n}`, { allOf: [level(n + 1), level(n + 1)] }]);
  return { ...level(0), $defs: { ...Object.fromEntries(names), [`d${levels}`]: { type: 'string' } } };
}
