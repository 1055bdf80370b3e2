import assert from 'node:assert/strict';
import { judgeAll, judgeCheck, prepareCheck } from '../../../src/lab/checks.ts';
import { createRegexMatcher, type RegexMatcher } from '../../../src/lab/regexMatcher.ts';
import type { Check } from '../../../src/lab/types.ts';
import type { Json } from '../../../src/shared/json.ts';
import { contextOf } from './checkContext.ts';

type Row = [check: Check, output: string, pass: boolean];
const schema: Json = {
  type: 'object',
  required: ['intent', 'score'],
  additionalProperties: false,
  properties: {
    intent: { enum: ['refund', 'card'] },
    score: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    tags: { type: 'array', maxItems: 2, items: { type: 'string', minLength: 1 } },
  },
};

const rows: Row[] = [
  [{ type: 'equals', value: 'card' }, 'card', true],
  [{ type: 'equals', value: 'card' }, 'card\n', false],
  [{ type: 'equals', value: 'card' }, 'Card', false],
  [{ type: 'equals', value: { b: [1, { c: null }], a: 'x' } }, ' {"a":"x","b":[1,{"c":null}]}', true],
  [{ type: 'equals', value: { a: 1 } }, '{"a":1,"b":2}', false],
  [{ type: 'equals', value: { a: 1 } }, 'a is 1', false],
  [{ type: 'equals', value: ['1'] }, '{"0":"1"}', false],
  [{ type: 'equals', value: 'card', not: true }, 'refund', true],
  [{ type: 'contains', value: 'Refund' }, 'A Refund.', true],
  [{ type: 'contains', value: 'Refund' }, 'a refund.', false],
  [{ type: 'contains', value: 'Refund', not: true }, 'A Refund.', false],
  [{ type: 'icontains', value: 'REFUND' }, 'a refund.', true],
  [{ type: 'icontains', value: 'refunds' }, 'a refund.', false],
  [{ type: 'regex', value: '^\\d{3}$' }, '123', true],
  [{ type: 'regex', value: '^\\d{3}$' }, '1234', false],
  [{ type: 'regex', value: '^\\d{3}$', not: true }, '1234', true],
  [{ type: 'is-json' }, ' [1] ', true],
  [{ type: 'is-json' }, '```json\n{}\n```', false],
  [{ type: 'is-json', not: true }, 'plain', true],
  [{ type: 'is-json', value: schema }, '{"intent":"card","score":null,"tags":["a"]}', true],
  [{ type: 'is-json', value: schema }, '{"intent":"other","score":0.5}', false],
  [{ type: 'is-json', value: schema }, '{"intent":"card"}', false],
  [{ type: 'is-json', value: schema }, '{"intent":"card","score":1.5}', false],
  [{ type: 'is-json', value: schema }, '{"intent":"card","score":1,"more":1}', false],
  [{ type: 'is-json', value: schema }, '{"intent":"card","score":1,"tags":["a",""]}', false],
  [{ type: 'is-json', value: schema }, '{"intent":"card","score":1,"tags":["a","b","c"]}', false],
  [{ type: 'is-json', value: JSON.stringify(schema) }, '{"intent":"card","score":"1"}', false],
  [{ type: 'latency', value: 120 }, '', true],
  [{ type: 'latency', threshold: 119 }, '', false],
  [{ type: 'latency', value: '119', not: true }, '', true],
  [{ type: 'cost', value: 0.002 }, '', true],
  [{ type: 'cost', threshold: 0.001 }, '', false],
];

describe('checks', () => {
  let regex: RegexMatcher;
  before(() => {
    regex = createRegexMatcher();
  });
  after(() => regex.close());
  const context = () => contextOf(regex);
  const judge = (check: Check, output: string) => judgeCheck(prepareCheck(check), output, context());

  for (const [check, output, pass] of rows) {
    it(`${pass ? 'passes' : 'fails'} ${JSON.stringify(check).slice(0, 60)} on ${JSON.stringify(output)}`, async () => {
      const result = await judge(check, output);
      assert.equal(result.pass, pass, result.reason);
      assert.equal(result.score, pass ? 1 : 0);
    });
  }

  it('quotes in the reason what was missing and what was there', async () => {
    assert.match((await judge({ type: 'contains', value: 'refund' }, 'x')).reason, /"refund"/);
    const { reason } = await judge({ type: 'equals', value: 'card' }, 'refund');
    assert.match(reason, /"card".*"refund"/);
  });

  const unusable: Check[] = [
    { type: 'webhook' as 'equals', value: 'x' },
    { type: 'contains' },
    { type: 'contains', value: '' },
    { type: 'contains', value: 'x', threshold: 2 },
    { type: 'regex', value: '(' },
    { type: 'latency' },
    { type: 'latency', value: 'fast' },
    { type: 'cost', value: -1 },
    { type: 'equals', value: 'x', weight: -1 },
    { type: 'is-json', value: '{"type":' },
    { type: 'is-json', value: { type: 'object', properties: { a: { pattern: '(' } } } },
    { type: 'is-json', value: { oneOf: [] } },
    { type: 'is-json', value: { constructor: 1 } },
  ];
  for (const check of unusable) {
    it(`refuses ${JSON.stringify(check)} before anything runs`, () => {
      assert.throws(() => prepareCheck(check), { code: 'INVALID_INPUT' });
    });
  }

  it('cannot tell a cost or a time that nobody knows, negated or not', async () => {
    const unknown = contextOf(regex, { costUsd: null, latencyMs: null, finishReason: null, outputTokens: null });
    const checks: Check[] = [
      { type: 'latency', value: 1 },
      { type: 'cost', value: 1 },
      { type: 'tokens', value: 1 },
      { type: 'finish-reason', value: 'stop' },
    ];
    for (const check of checks) {
      for (const not of [false, true]) {
        await assert.rejects(judgeCheck({ ...check, not }, 'x', unknown), { code: 'JUDGE' });
        const { error, results } = await judgeAll([{ ...check, not }], 'x', unknown);
        assert.equal(error?.code, 'JUDGE');
        assert.equal(results[0]?.pass, false);
      }
    }
  });

  it('does not judge the latency of a stored answer', async () => {
    const cached = contextOf(regex, { cached: true });
    for (const not of [false, true]) {
      const { pass, results, error } = await judgeAll([{ type: 'latency', value: 1, not }], 'x', cached);
      assert.deepEqual([pass, error, results[0]?.skipped], [true, null, true]);
    }
  });

  it('counts a check of weight 0 in the results but not in the verdict', async () => {
    const checks: Check[] = [
      { type: 'contains', value: 'a' },
      { type: 'contains', value: 'z', weight: 0 },
    ];
    const { pass, results } = await judgeAll(checks, 'abc', context());
    assert.equal(pass, true);
    assert.deepEqual(
      results.map((result) => result.pass),
      [true, false],
    );
    assert.equal((await judgeAll([{ type: 'contains', value: 'z' }], 'abc', context())).pass, false);
  });
});

describe('a pattern that does not end', () => {
  const evil = { pattern: '^(a+)+$', text: `${'a'.repeat(29)}!` };

  it('is cut after 200 ms, fails negated or not, and the next pattern is judged', async () => {
    const regex = createRegexMatcher();
    const context = contextOf(regex);
    const started = performance.now();
    const result = await judgeCheck({ type: 'regex', value: evil.pattern }, evil.text, context);
    const took = performance.now() - started;
    assert.equal(result.pass, false);
    // Unbounded it takes many seconds.
    assert.ok(took >= 190 && took < 3000, `${took} ms`);
    assert.equal((await judgeCheck({ type: 'regex', value: evil.pattern, not: true }, evil.text, context)).pass, false);
    assert.deepEqual(await regex.match({ pattern: 'b', text: 'abc' }), { matches: true });
    await regex.close();
  });

  it('does not delay the engine while it runs', async () => {
    const regex = createRegexMatcher();
    await regex.match({ pattern: 'warm', text: '' });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    assert.ok('stopped' in (await regex.match(evil)));
    clearInterval(timer);
    assert.ok(ticks >= 5, `${ticks} ticks`);
    await regex.close();
  });

  it('is not started on an output beyond the cap', async () => {
    const regex = createRegexMatcher();
    assert.ok('stopped' in (await regex.match({ pattern: 'a', text: 'a'.repeat(1_000_001) })));
    await regex.close();
  });
});
