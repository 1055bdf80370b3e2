import assert from 'node:assert/strict';
import { plainLine, plainText } from '../../../src/cli/plainText.ts';

describe('plainText', () => {
  it('shows controls, reordering and hidden letters as escapes', () => {
    const cases: [string, string][] = [
      ['\u001b[2J', '\\u{1b}[2J'],
      ['\u009b31m', '\\u{9b}31m'],
      ['a\u202eb', 'a\\u{202e}b'],
      ['a\u2066b', 'a\\u{2066}b'],
      ['a\ufeffb', 'a\\u{feff}b'],
      ['a\rb', 'a\\u{d}b'],
      ['tag\u{e0041}', 'tag\\u{e0041}'],
    ];
    for (const [text, expected] of cases) assert.equal(plainText(text), expected);
  });

  it('keeps tabs, line ends, letters of all scripts and emoji', () => {
    const text = 'a\tb\nÄ 日本 می‌خواهم 👩‍💻';
    assert.equal(plainText(text), text);
    assert.equal(plainText('a\r\nb'), 'a\nb');
    assert.equal(plainLine(' a\n\tb '), 'a b');
  });
});
