import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printMessages, readMessages } from '../../../src/extension/draftText.ts';
import type { Message } from '../../../src/vault/types.ts';

const roles = ['system', 'user', 'assistant'] as const;
// Texts made of what could be mistaken for layout, among any others.
const tricky = fc.constantFrom(
  ...['# USER', '# SYSTEM (CRLF)', '# ASSISTANT (escaped)', '\\# USER', '\\\\# USER  ', '# USER\t', '# Steps', '---'],
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\0',
    '\u2028',
    '\u2029',
    '\uFEFF',
    '\\',
    '\\r',
    '\\u2028',
    '\\\\',
    ' ',
    'a',
    '{{x}}',
  ],
);
const content = fc.oneof(
  fc.array(tricky, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom('# USER', 'text', '', '\\# USER'), { maxLength: 6 }).map((lines) => lines.join('\r\n')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const message = fc.record({ role: fc.constantFrom(...roles), content }, { noNullPrototype: true });
const messages = fc.array(message, { minLength: 1, maxLength: 5 });
const user = (text: string): Message => ({ role: 'user', content: text });

/** As an editor does: bytes of UTF-8, a byte order mark, one kind of line end in the whole file. */
const throughEditor = (text: string) =>
  Buffer.from(`\uFEFF${text}`)
    .toString()
    .replace(/\r\n|\r|\n/g, '\r\n');

describe('the text of a draft', () => {
  it('gives any messages back as they were', () => {
    fc.assert(
      fc.property(messages, (given) => assert.deepEqual(readMessages(printMessages(given)).messages, given)),
      { numRuns: 3000 },
    );
  });

  it('gives them back from an editor with other line ends and a byte order mark', () => {
    fc.assert(
      fc.property(messages, (given) =>
        assert.deepEqual(readMessages(throughEditor(printMessages(given))).messages, given),
      ),
      { numRuns: 3000 },
    );
  });

  it('has no line end or character in it that an editor would change', () => {
    fc.assert(fc.property(messages, (given) => assert.doesNotMatch(printMessages(given), /[\r\0\u2028\u2029]/)));
  });

  it('reads like a document', () => {
    const text = printMessages([{ role: 'system', content: 'You help.\n\n# Steps\n1. Read' }, user('{{message}}\n')]);
    assert.equal(text, '# SYSTEM\n\nYou help.\n\n# Steps\n1. Read\n\n# USER\n\n{{message}}\n\n');
  });

  it('marks a line of the content that looks like a heading', () => {
    assert.equal(printMessages([user('a\n# USER\n\\# USER')]), '# USER\n\na\n\\# USER\n\\\\# USER\n');
  });

  it('says in the heading when a content has other line ends', () => {
    assert.equal(printMessages([user('a\r\nb')]), '# USER (CRLF)\n\na\nb\n');
    assert.equal(printMessages([user('a\rb\nc\\d')]), '# USER (escaped)\n\na\\rb\nc\\\\d\n');
  });

  it('takes a text whose empty lines somebody left out', () => {
    const found = readMessages('\n# SYSTEM\nShort\n# USER\n# ASSISTANT  \nyes');
    assert.deepEqual(found.messages, [
      { role: 'system', content: 'Short' },
      { role: 'user', content: '' },
      { role: 'assistant', content: 'yes' },
    ]);
  });

  it('refuses text before the first heading, and says where it is', () => {
    const found = readMessages('\uFEFF\n stray\n# USER\n\nHello');
    assert.equal(found.messages, undefined);
    assert.equal(found.problem?.offset, 3);
  });

  it('refuses a text without a message', () => {
    for (const text of ['', '\n\n', 'just words', '# User\n\nwrong heading']) {
      assert.ok(readMessages(text).problem, JSON.stringify(text));
    }
  });
});
