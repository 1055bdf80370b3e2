import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blamedRanges, lineNotes } from '../../../src/extension/history/blameLines.ts';
import { versionText } from '../../../src/extension/versionText.ts';
import { splitSentences } from '../../../src/vault/sentences.ts';
import type { BlameOrigin, BlameResult } from '../../../src/vault/types.ts';
import { userMessage } from '../../support/vaultBuilders.ts';

const now = new Date('2026-01-10T12:00:00Z');
const origin = (version: string, changes: Partial<BlameOrigin> = {}): BlameOrigin => ({
  version,
  stage: 'RET',
  revision: 1,
  at: '2026-01-10T10:00:00Z',
  author: 'Priya <priya@example.com>',
  rationale: '',
  ...changes,
});
type Messages = BlameResult['messages'];
const user = (...sentences: [string, number][]): Messages[number] => ({
  role: 'user',
  sentences: sentences.map(([text, index]) => ({ text, origin: index })),
});
const textOf = (messages: Messages) =>
  versionText({
    messages: messages.map(({ sentences }) => userMessage(sentences.map(({ text }) => text).join(''))),
    settings: {},
    variables: [],
  });
const cut = (text: string, { start, end }: ReturnType<typeof blamedRanges>[number]) => {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  if (start.line === end.line) return lines[start.line]!.slice(start.character, end.character);
  const between = lines.slice(start.line + 1, end.line);
  return [lines[start.line]!.slice(start.character), ...between, lines[end.line]!.slice(0, end.character)].join('\n');
};

describe('blame in a document', () => {
  it('finds each sentence where it stands', () => {
    const messages = [user(['Be kind. ', 0], ['Be brief.\n', 1], ['\n Stop.', 0]), user(['Be kind.', 2])];
    const text = textOf(messages);
    const ranges = blamedRanges(text, messages);
    assert.deepEqual(
      ranges.map((range) => [cut(text, range), range.start.line, range.origin]),
      [
        ['Be kind.', 2, 0],
        ['Be brief.', 2, 1],
        ['Stop.', 4, 0],
        ['Be kind.', 8, 2],
      ],
    );
  });

  it('does not take a heading for a sentence', () => {
    const messages = [user(['USER', 0])];
    assert.equal(blamedRanges(textOf(messages), messages)[0]?.start.line, 2);
  });

  it('finds all sentences of any messages, whatever their line endings', () => {
    const texts = fc.array(fc.constantFrom('A. ', 'B? ', 'USER', '# USER\n', '\r\n', '\n', 'x y. ', '\\', '---\n'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), (all) => {
        const messages = all.map((parts) =>
          user(...splitSentences(parts.join('')).map((text, i): [string, number] => [text, i])),
        );
        const contents = messages.map(({ sentences }) => sentences.map(({ text }) => text).join(''));
        const document = contents.map((content) => `> HEAD\n${content}\n`).join('\n');
        const said = messages.flatMap(({ sentences }) => sentences.filter(({ text }) => text.trim() !== ''));
        const ranges = blamedRanges(document, messages);
        assert.deepEqual(
          ranges.map((range) => [cut(document, range), range.origin]),
          said.map(({ text, origin: index }) => [text.replaceAll(/\r\n?/g, '\n').trim(), index]),
        );
      }),
    );
  });

  it('notes a line whose origin differs from the line before, the newest first', () => {
    const messages = [user(['One.\n', 0], ['Two.\n', 0], ['Three. ', 0], ['Four.\n', 1], ['Five.', 1])];
    const origins = [origin('1.0'), origin('1.2', { author: 'Omar', rationale: 'Berlin asked\nand more' })];
    assert.deepEqual(lineNotes(blamedRanges(textOf(messages), messages), origins, now), [
      { line: 2, text: 'v1.0 · Priya, 2 h ago' },
      { line: 4, text: 'v1.2 (and v1.0) · Omar, 2 h ago · Berlin asked' },
      { line: 5, text: 'v1.2 · Omar, 2 h ago · Berlin asked' },
    ]);
  });
});
