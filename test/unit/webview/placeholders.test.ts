import assert from 'node:assert/strict';
import fc from 'fast-check';
import { declareNew, extractVariables, renderContent } from '../../../src/vault/variables.ts';
import { changeBetween } from '../../../webview-ui/editor/messageText.ts';
import { typedInto } from '../../../webview-ui/editor/plainMessage.ts';
import { warningLines } from '../../../webview-ui/editor/previewText.ts';
import {
  givenValues,
  variableRows,
  withNewDeclarations,
  withStandIns,
} from '../../../webview-ui/editor/variableRows.ts';
import { findPlaceholders, placeholderNames } from '../../../webview-ui/shared/placeholders.ts';

const user = (content: string) => ({ role: 'user' as const, content });
const braces = fc
  .array(fc.constantFrom('{{', '}}', '{', '}', '\\', 'a', 'b1', ' ', '\n', '#if', '{{a}}', '{{ b }}', '\\{{'))
  .map((parts) => parts.join(''));

describe('The highlighter of placeholders', () => {
  it('reads any text as the vault does', () => {
    fc.assert(
      fc.property(braces, (text) => {
        assert.deepEqual(placeholderNames([text]), extractVariables([user(text)]));
        const malformed = findPlaceholders(text).filter(({ kind }) => kind === 'malformed');
        const warned = renderContent({ messages: [user(text)], settings: {}, variables: [] }, {}).warnings;
        const expected = warned.filter(({ kind }) => kind === 'malformed').map((warning) => warning.text);
        assert.deepEqual([...new Set(malformed.map(({ from, to }) => text.slice(from, to)))], expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('expects the same new declarations as a save makes', () => {
    fc.assert(
      fc.property(braces, braces, (before, after) => {
        const [stored, messages] = [[user(before)], [user(after)]];
        const variables = [{ name: 'a' }];
        assert.deepEqual(withNewDeclarations({ messages, stored, variables }), declareNew(variables, messages, stored));
      }),
    );
  });

  it('tells where each one stands', () => {
    assert.deepEqual(findPlaceholders('Hi {{ name }}, {{#if}} \\{{raw}}'), [
      { kind: 'placeholder', name: 'name', from: 3, to: 13 },
      { kind: 'malformed', name: '', from: 15, to: 22 },
    ]);
  });
});

describe('The variables of a draft', () => {
  const messages = [user('{{product}} {{tone}} {{order}} {{fresh}}')];
  const stored = [user('{{order}}')];
  const variables = [{ name: 'product' }, { name: 'tone', default: 'friendly' }, { name: 'locale', default: 'en' }];

  it('say which are used, never used, new, not declared, and still need a value', () => {
    const rows = variableRows({ messages, stored, variables, values: { tone: 'dry' } });
    assert.deepEqual(
      rows.map(({ name, state, missing }) => [name, state, missing]),
      [
        ['product', 'used', true],
        ['tone', 'used', false],
        ['locale', 'unused', false],
        ['fresh', 'new', true],
        ['order', 'undeclared', false],
      ],
    );
  });

  it('send only what is declared and filled in, so that defaults hold', () => {
    assert.deepEqual(givenValues(variables, { product: 'Acme', tone: '', order: '1' }), { product: 'Acme' });
  });

  it('stand in for themselves where a value is missing', () => {
    const values = withStandIns({ tone: 'dry' }, ['product']);
    const { messages: rendered } = renderContent({ messages, settings: {}, variables }, values);
    assert.equal(rendered[0]?.content, '{{product}} dry {{order}} {{fresh}}');
  });

  it('are warned about in one line of each kind', () => {
    const warnings = ['a', 'b', 'c', 'd', 'e'].map((text) => ({ kind: 'undeclared' as const, text, message: 0 }));
    const lines = warningLines([...warnings, { kind: 'unused', text: 'locale', message: -1 }]);
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^a, b, c and 2 others/);
  });
});

describe('A change from outside', () => {
  it('replaces the least that makes one text the other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (start, a, b, end) => {
        const [before, after] = [start + a + end, start + b + end];
        const { from, to, insert } = changeBetween(before, after);
        assert.equal(before.slice(0, from) + insert + before.slice(to), after);
        assert.ok(to - from <= a.length && insert.length <= b.length);
      }),
    );
  });
});

describe('What is typed into the text area of a message', () => {
  const text = fc.array(fc.constantFrom('a', '\r\n', '\n', 'b ', '{{x}}')).map((parts) => parts.join(''));
  const asArea = (value: string) => value.replace(/\r\n?/g, '\n');

  it('keeps the line ends of all that was not typed over', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.constantFrom('', 'z', '\n', 'zz z'), (before, at, typed) => {
        const area = asArea(before);
        const place = at % (area.length + 1);
        const after = typedInto(before, area.slice(0, place) + typed + area.slice(place));
        assert.equal(asArea(after), area.slice(0, place) + typed + area.slice(place));
        assert.equal(after.match(/\r/g)?.length, before.match(/\r/g)?.length);
        assert.equal(after.length, before.length + typed.length);
      }),
    );
  });

  it('keeps the rest of a text too long to be shown at once', () => {
    const long = `${'word\r\n'.repeat(5000)}the end`;
    const shown = asArea(long.slice(0, 20_000));
    assert.equal(typedInto(long, `z${shown}`), `z${long}`);
  });
});
