import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { extractLiteral } from '../../../src/code/extractLiteral.ts';

const line = fc.array(fc.constantFrom('a', 'b c', ' ', '# x', "it's", ': ', '"', '- ', '\\', 'é'), { maxLength: 4 });
const lines = fc.array(
  line.map((pieces) => pieces.join('')),
  { minLength: 1, maxLength: 6 },
);

describe('YAML texts', () => {
  it('say what a YAML reader reads in blocks', () => {
    const header = fc.constantFrom('|', '>', '|-', '>-', '|+', '>+');
    fc.assert(
      fc.property(header, lines, fc.boolean(), (mark, texts, isLast) => {
        // The first line tells the indentation, so it must not begin deeper.
        const body = [`x${texts[0]}`, ...texts.slice(1)].map((text) => (text.trim() === '' ? '' : `    ${text}`));
        const source = `- key: ${mark}\n${body.join('\n')}\n${isLast ? '' : 'other: 1\n'}`.replace(/other/, '  other');
        const [{ key }] = parse(source) as [{ key: string }];
        assert.equal(extractLiteral(source, 'yaml', source.indexOf(mark))?.text, key, source);
      }),
      { numRuns: 500 },
    );
  });

  it('say what a YAML reader reads in quotes', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\\n',
      '\\"',
      '\\\\',
      '\\x41',
      '\\u00e9',
      '\\t',
      '\n  ',
      '\n\n  ',
      '\\\n  ',
      '#',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const source = `key: "x${pieces.join('')}y"\n`;
        const { key } = parse(source) as { key: string };
        assert.equal(extractLiteral(source, 'yaml', 6)?.text, key, source);
      }),
      { numRuns: 500 },
    );
    assert.equal(extractLiteral("key: 'it''s\n  so'\n", 'yaml', 6)?.text, "it's so");
  });
});
