import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/shared/json.ts';
import type { Variable } from '../../../src/vault/types.ts';
import { declareNew, extractVariables, renderContent } from '../../../src/vault/variables.ts';
import { cpuMs } from '../../support/cpuTime.ts';
import { aContent, userMessage } from '../../support/vaultBuilders.ts';

const contentOf = (text: string, ...names: (string | Variable)[]) =>
  aContent({
    messages: [userMessage(text)],
    variables: names.map((name) => (typeof name === 'string' ? { name } : name)),
  });
const render = (text: string, values: JsonObject, ...names: (string | Variable)[]) =>
  renderContent(contentOf(text, ...names), values);
const rendered = (text: string, values: JsonObject = {}) =>
  render(text, values, ...Object.keys(values)).messages[0]?.content;

describe('rendering', () => {
  const cases: [what: string, text: string, values: JsonObject, expected: string][] = [
    ['replaces a placeholder', 'Hi {{name}}!', { name: 'Ada' }, 'Hi Ada!'],
    ['allows blanks inside', 'Hi {{ name }}{{\tname}}', { name: 'Ada' }, 'Hi AdaAda'],
    ['replaces every occurrence', '{{a}}{{b}}{{a}}', { a: '1', b: '2' }, '121'],
    ['writes {{ for an escape', '\\{{name}} is {{name}}', { name: 'Ada' }, '{{name}} is Ada'],
    ['never reads values again', '{{a}}', { a: '{{b}} \\{{c}}', b: 'no' }, '{{b}} \\{{c}}'],
    ['keeps dollar signs of values', '{{a}}', { a: "$& $1 $' $$" }, "$& $1 $' $$"],
    [
      'writes other values as JSON',
      '{{n}} {{l}} {{o}} {{x}}',
      { n: 1.5, l: [1, 'a'], o: { k: true }, x: null },
      '1.5 [1,"a"] {"k":true} null',
    ],
    ['finds a placeholder inside of JSON', '{"a":{{x}}}', { x: 1 }, '{"a":1}'],
    ['leaves an expression as typed', "{{base64('x')}} {{a}}", { a: '1' }, "{{base64('x')}} 1"],
    ['leaves what never closes', '{{a {{a}}', { a: '1' }, '{{a 1'],
    ['needs both braces', '{a} {{a} {a}}', { a: '1' }, '{a} {{a} {a}}'],
    ['does not know names with dashes or dots', '{{a-b}} {{a.b}} {{1a}}', {}, '{{a-b}} {{a.b}} {{1a}}'],
    ['replaces by an empty text', '[{{a}}]', { a: '' }, '[]'],
  ];
  for (const [what, text, values, expected] of cases) {
    it(what, () => assert.equal(rendered(text, values), expected));
  }

  it('takes the default, and the value before it', () => {
    const tone = { name: 'tone', default: 'friendly' };
    assert.equal(render('{{tone}}', {}, tone).messages[0]?.content, 'friendly');
    assert.equal(render('{{tone}}', { tone: 'dry' }, tone).messages[0]?.content, 'dry');
    assert.equal(render('{{tone}}', {}, { name: 'tone', default: '' }).messages[0]?.content, '');
  });

  it('lists all missing and all unknown values', () => {
    assert.throws(() => render('{{a}} {{b}}', { x: 1, y: 2 }, 'a', 'b', 'c'), {
      code: 'VARIABLES',
      details: { missing: ['a', 'b', 'c'], unknown: ['x', 'y'] },
    });
  });

  it('is not fooled by names that every object has', () => {
    assert.throws(() => render('{{constructor}}', {}, 'constructor', 'toString'), {
      code: 'VARIABLES',
      details: { missing: ['constructor', 'toString'], unknown: [] },
    });
    const values = JSON.parse('{"__proto__":"p"}') as JsonObject;
    assert.equal(render('{{__proto__}}', values, '__proto__').messages[0]?.content, 'p');
  });

  it('warns about what stays as typed and what is not used, once per message', () => {
    const content = aContent({
      messages: [userMessage('{{a}} {{b}} {{b}} {{f(x)}}'), userMessage('{{b}} {{never')],
      variables: [{ name: 'a' }, { name: 'c', default: '' }],
    });
    assert.deepEqual(renderContent(content, { a: 1 }).warnings, [
      { kind: 'undeclared', text: '{{b}}', message: 0 },
      { kind: 'malformed', text: '{{f(x)}}', message: 0 },
      { kind: 'undeclared', text: '{{b}}', message: 1 },
      { kind: 'malformed', text: '{{never', message: 1 },
      { kind: 'unused', text: 'c', message: -1 },
    ]);
  });

  const braces = fc.array(fc.constantFrom('{{', '}}', '{', '}', '\\', '\\{{', 'a', 'b', ' ', '\n', '{{a}}', '$&'), {
    maxLength: 40,
  });
  const texts = braces.map((parts) => parts.join(''));

  it('leaves any text without declared variables and escapes as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!text.includes('\\{{'));
        assert.equal(renderContent(contentOf(text), {}).messages[0]?.content, text);
      }),
      { numRuns: 2000 },
    );
  });

  it('replaces exactly the names the extractor finds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const names = extractVariables([userMessage(text)]);
        const content = contentOf(text, ...names);
        const marked = renderContent(content, Object.fromEntries(names.map((name) => [name, '\0'])));
        const kinds = new Set(marked.warnings.map(({ kind }) => kind));
        assert.equal(marked.messages[0]?.content.includes('\0'), names.length > 0);
        assert.ok(!kinds.has('undeclared') && !kinds.has('unused'));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads each text once: what values hold never counts', () => {
    fc.assert(
      fc.property(texts, texts, (text, value) => {
        const content = contentOf(text, 'a', 'b');
        const plain = renderContent(content, { a: '\u0001', b: '\u0001' }).messages[0]?.content;
        const real = renderContent(content, { a: value, b: value }).messages[0]?.content;
        assert.equal(
          real,
          plain?.replaceAll('\u0001', () => value),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a hostile megabyte in no time', () => {
    for (const text of ['{{', '{{a', '\\{{', '{{ ', '{', '{{{'].map((part) => part.repeat(300_000))) {
      const took = cpuMs(() => extractVariables([userMessage(text)]));
      assert.ok(took < 8000, `${took} ms for ${text.slice(0, 6)}`);
    }
    assert.deepEqual(extractVariables([userMessage(`{{${' '.repeat(300_000)}a}}`)]), ['a']);
  });
});

describe('declaring variables', () => {
  it('adds what is new in the text behind what is declared', () => {
    const declared = [{ name: 'b', default: 'x' }];
    const added = declareNew(declared, [userMessage('{{a}} {{b}} {{c}} \\{{d}} {{e()}}')], []);
    assert.deepEqual(added, [{ name: 'b', default: 'x' }, { name: 'a' }, { name: 'c' }]);
  });

  it('does not bring back what a person removed while the text still has it', () => {
    const text = [userMessage('{{a}} {{b}}')];
    assert.deepEqual(declareNew([{ name: 'a' }], text, text), [{ name: 'a' }]);
  });

  it('keeps what the text no longer uses', () => {
    assert.deepEqual(declareNew([{ name: 'a' }], [userMessage('none')], [userMessage('{{a}}')]), [{ name: 'a' }]);
  });
});
