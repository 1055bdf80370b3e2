import assert from 'node:assert/strict';
import { metricsOf } from '../../../src/lab/cellScore.ts';
import { listChecks } from '../../../src/lab/checks/registry.ts';
import { judgeCheck, prepareCheck, prepareFor } from '../../../src/lab/checks.ts';
import { parseExpectation } from '../../../src/lab/expectation.ts';
import { createRegexMatcher, type RegexMatcher } from '../../../src/lab/regexMatcher.ts';
import { type Check, checkTypes } from '../../../src/lab/types.ts';
import { contextOf } from './checkContext.ts';

type Row = [check: Check | string, output: string, pass: boolean];

const rows: Row[] = [
  ['contains-any:refund, money', 'Your money is back', true],
  ['contains-any:refund, Money', 'Your money is back', false],
  ['contains-any:"yes, of course",no', 'yes', false],
  ['contains-any:"yes, of course",no', 'Oh yes, of course!', true],
  ['contains-any:"say ""hi""", x', 'they say "hi"', true],
  [{ type: 'contains-any', value: ['a,b', 'c'] }, 'a,b', true],
  ['contains-all:name, address', 'address and name', true],
  ['contains-all:name, address', 'name only', false],
  ['not-contains-all:name, address', 'name only', true],
  ['icontains-any:REFUND, money', 'a Refund', true],
  ['icontains-all:REFUND, MONEY', 'money, refund', true],
  ['icontains-all:REFUND, MONEY', 'money', false],
  ['starts-with:Dear', 'Dear all', true],
  ['starts-with:Dear', 'Oh Dear', false],
  ['word-count:3', ' one two\nthree ', true],
  ['word-count:3', 'one two', false],
  ['word-count:{"min":2,"max":3}', 'one two', true],
  ['word-count:{"min":2}', 'one', false],
  [{ type: 'word-count', value: { max: 0 } }, '  ', true],
  ['is-refusal', "I'm sorry, but I can't help with that.", true],
  ['is-refusal', 'I\u2019m unable to share that.', true],
  ['is-refusal', '', true],
  ['is-refusal', "I'm sorry to hear that your card is lost. Here is what to do.", false],
  ['not-is-refusal', 'Your card is on its way.', true],
  ['contains-json', 'Here: {"a": [1, {"b": "}"}]} ok?', true],
  ['contains-json', 'Use {curly} or [square] brackets', false],
  ['contains-json', 'only 42', false],
  ['contains-json:{"required":["b"]}', 'no {"a":1} but {"b":2}', true],
  ['contains-json:{"required":["b"]}', 'no {"a":{"b":2}}', false],
  ['is-xml', '<?xml version="1.0"?>\n<a><b x="1"/>&amp;</a>', true],
  ['is-xml', '<a><b></a>', false],
  ['is-xml', '<a/><b/>', false],
  ['is-xml', '<a>&nbsp;</a>', false],
  ['is-xml', 'plain', false],
  ['is-xml:a.b, a.c', '<a><b/><c/></a>', true],
  ['is-xml:a.b, a.d', '<a><b/><c/></a>', false],
  ['is-html', '<!doctype html><html><head><title>x</title></head><body><p>a<br>b</body></html>', true],
  ['is-html', '<ul><li>a<li>b</ul>', true],
  ['is-html', '<div><p>a</div>', true],
  ['is-html', '<my-card>a</my-card>', true],
  ['is-html', '<div>a', false],
  ['is-html', '<div><span>a</div>', false],
  ['is-html', '<answer>a</answer>', false],
  ['is-html', 'a plain text', false],
  ['is-sql', 'SELECT a, count(*) FROM t WHERE b = 1 GROUP BY a', true],
  ['is-sql', 'SELECT a FROM', false],
  ['is-sql', 'hello world', false],
  ['is-sql', '```sql\nSELECT 1\n```', false],
  ['is-sql', '', false],
  ['is-sql:postgresql', 'SELECT a ~* b FROM t', true],
  ['is-sql:mysql', 'SELECT a ~* b FROM t', false],
  ['levenshtein(2):kitten', 'sitten', true],
  ['levenshtein(2):kitten', 'sitting', false],
  ['levenshtein(3):kitten', 'sitting', true],
  ['levenshtein:kitten', 'kitten', true],
  ['not-levenshtein(2):kitten', 'sitting', true],
  ['levenshtein(0):\u{1f600}', '\u{1f600}', true],
  ['rouge-n:the cat sat', 'The cat sat.', true],
  ['rouge-n:the cat sat on it', 'the cat', false],
  [{ type: 'rouge-n', threshold: 0.5, value: { text: 'the cat sat', n: 2 } }, 'the cat ran', true],
  ['bleu:the cat sat on the mat', 'the cat sat on the mat', true],
  ['bleu:the cat sat on the mat', 'a dog', false],
  ['bleu:yes', 'yes', true],
  ['tokens(50)', '', true],
  ['tokens(49)', '', false],
  ['tokens(10):output', '', true],
  ['tokens(39):input', '', false],
  ['finish-reason:stop', '', true],
  ['finish-reason:end_turn', '', true],
  ['finish-reason:length', '', false],
  ['not-finish-reason:length', '', true],
  [
    {
      type: 'assert-set',
      checks: [
        { type: 'contains', value: 'a' },
        { type: 'contains', value: 'b' },
      ],
    },
    'ab',
    true,
  ],
  [
    {
      type: 'assert-set',
      checks: [
        { type: 'contains', value: 'a' },
        { type: 'contains', value: 'b' },
      ],
    },
    'a',
    false,
  ],
  [
    {
      type: 'assert-set',
      threshold: 0.5,
      checks: [
        { type: 'contains', value: 'a' },
        { type: 'contains', value: 'b' },
      ],
    },
    'a',
    true,
  ],
  [{ type: 'assert-set', not: true, checks: [{ type: 'contains', value: 'a' }] }, 'b', true],
];

describe('each kind of check', () => {
  let regex: RegexMatcher;
  before(() => {
    regex = createRegexMatcher();
  });
  after(() => regex.close());

  const checkOf = (check: Check | string) => (typeof check === 'string' ? parseExpectation(check) : check);
  for (const [written, output, pass] of rows) {
    const shown = typeof written === 'string' ? written : JSON.stringify(written);
    it(`${pass ? 'passes' : 'fails'} ${shown} on ${JSON.stringify(output)}`, async () => {
      const check = prepareCheck(checkOf(written));
      const result = await judgeCheck(check, output, contextOf(regex));
      assert.equal(result.pass, pass, result.reason);
      assert.ok(result.score >= 0 && result.score <= 1);
      assert.notEqual(result.reason, '');
      if (check.type === 'assert-set') return;
      const turned = await judgeCheck({ ...check, not: !check.not }, output, contextOf(regex));
      assert.equal(turned.pass, !pass);
    });
  }

  const unusable: (Check | string)[] = [
    'contains-any:',
    'contains-all:,',
    'word-count:some',
    'word-count:{"min":3,"max":2}',
    'word-count:{"least":3}',
    'is-refusal:x',
    'is-html:x',
    'is-sql:oracle',
    'is-xml(2)',
    'levenshtein',
    'rouge-n(2):x',
    'similar(1.5):x',
    'bleu',
    'llm-rubric(2):kind',
    'factuality',
    'select-best',
    'finish-reason:done',
    'tokens(5):both',
    { type: 'rouge-n', value: { text: 'x', n: 9 } },
    { type: 'contains', value: 'x', model: 'openai:gpt-test' },
    { type: 'contains', value: 'x', checks: [] },
    { type: 'assert-set' },
    { type: 'assert-set', checks: [] },
    { type: 'assert-set', checks: [{ type: 'regex', value: '(' }] },
    { type: 'assert-set', checks: [{ type: 'select-best', value: 'x' }] },
    { type: 'assert-set', threshold: 2, checks: [{ type: 'is-json' }] },
    { type: 'levenshtein', value: 'x', threshold: Number.NaN },
  ];
  for (const check of unusable) {
    it(`refuses ${typeof check === 'string' ? check : JSON.stringify(check)} before anything runs`, () => {
      assert.throws(() => prepareCheck(checkOf(check)), { code: 'INVALID_INPUT' });
    });
  }

  it('is listed with an example that can be used', () => {
    const listed = listChecks();
    assert.deepEqual(
      listed.map(({ type }) => type),
      checkTypes,
    );
    for (const { type, about, example } of listed) {
      assert.notEqual(about, '');
      if (type !== 'assert-set') assert.equal(parseExpectation(example).type, type);
    }
  });

  it('puts the case’s values into its own, once', async () => {
    const variables = { name: 'Ada', max: 30, trap: '{{name}}' };
    const judged = async (check: Check, output: string) =>
      (await judgeCheck(prepareFor(check, variables), output, contextOf(regex, { variables }))).pass;
    assert.equal(await judged({ type: 'contains', value: 'Dear {{name}}' }, 'Dear Ada,'), true);
    assert.equal(await judged({ type: 'equals', value: { to: ['{{ name }}'] } }, '{"to":["Ada"]}'), true);
    assert.equal(await judged({ type: 'word-count', value: '{{max}}' }, 'one'), false);
    assert.equal(await judged({ type: 'equals', value: '{{trap}}' }, '{{name}}'), true);
    assert.equal(await judged({ type: 'equals', value: '\\{{name}}' }, '{{name}}'), true);
    assert.throws(() => prepareFor({ type: 'contains', value: '{{nobody}}' }, variables), { code: 'INVALID_INPUT' });
    assert.throws(() => prepareFor({ type: 'word-count', value: '{{name}}' }, variables), { code: 'INVALID_INPUT' });
    assert.doesNotThrow(() => prepareCheck({ type: 'word-count', value: '{{max}}' }));
  });

  it('tells in a group what each of its checks found', async () => {
    const checks: Check[] = [
      { type: 'contains', value: 'a', weight: 3 },
      { type: 'contains', value: 'z', metric: 'tone' },
    ];
    const result = await judgeCheck({ type: 'assert-set', threshold: 0.7, checks }, 'a', contextOf(regex));
    assert.deepEqual([result.pass, result.score], [true, 0.75]);
    assert.deepEqual(
      result.checks?.map(({ pass, metric }) => [pass, metric]),
      [
        [true, undefined],
        [false, 'tone'],
      ],
    );
    assert.deepEqual(metricsOf([result]), { tone: 0 });
  });

  it('does not stop for SQL that its grammar never gets through', async () => {
    const started = performance.now();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 20);
    const judging = judgeCheck({ type: 'is-sql', value: 'postgresql' }, `SELECT ${'('.repeat(20)}`, contextOf(regex));
    await assert.rejects(judging, { code: 'JUDGE' });
    clearInterval(timer);
    assert.ok(performance.now() - started < 15_000);
    assert.ok(ticks > 20, `${ticks} ticks`);
    const next = await judgeCheck({ type: 'is-sql', value: 'postgresql' }, 'SELECT 1', contextOf(regex));
    assert.equal(next.pass, true);
  });

  it('gives up on long texts instead of comparing them for minutes', async () => {
    const check: Check = { type: 'levenshtein', value: 'ab'.repeat(50_000), threshold: 10_000 };
    const started = performance.now();
    await assert.rejects(judgeCheck(check, 'ba'.repeat(50_000), contextOf(regex)), { code: 'JUDGE' });
    const brackets = await judgeCheck({ type: 'contains-json' }, '[{'.repeat(100_000), contextOf(regex));
    assert.equal(brackets.pass, false);
    assert.ok(performance.now() - started < 15_000);
  });
});
