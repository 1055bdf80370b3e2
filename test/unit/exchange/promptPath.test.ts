import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assignPaths } from '../../../src/exchange/assignPaths.ts';
import { isRelativePath, promptPath, titleLine } from '../../../src/exchange/promptPath.ts';
import type { SourcePrompt } from '../../../src/exchange/sourcePrompt.ts';
import { parsePath } from '../../../src/vault/paths.ts';

describe('promptPath', () => {
  const spellings: [string, string][] = [
    ['support/triage', 'support/triage'],
    ['Straße für Ölwechsel.v2', 'Strasse-fur-Olwechsel.v2'],
    ['Ærø/Łódź', 'AEro/Lodz'],
    ['ﬁne naïve', 'fine-naive'],
    ['你好', 'prompt'],
    ['a//./b', 'a/b'],
    ['a\\b', 'a/b'],
    ['.hidden', 'hidden'],
    ['../../etc/passwd', 'prompt/prompt/etc/passwd'],
    ['ends.', 'ends.'],
    ['what? (really!)', 'what-really'],
  ];
  for (const [name, path] of spellings) {
    it(`spells ${name} as ${path}`, () => assert.equal(promptPath(name), path));
  }

  it('makes a legal path of any text, and leaves a legal one alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const path = promptPath(name);
        assert.equal(parsePath(path).path, path);
        assert.equal(promptPath(path), path);
      }),
    );
  });

  it('knows what is no path below a folder', () => {
    for (const name of ['/a', '\\a', 'C:\\a', 'c:a', '../a', 'a/../b', '', ' '])
      assert.equal(isRelativePath(name), false);
    for (const name of ['a', 'a/b', 'a..b', 'Über/uns']) assert.equal(isRelativePath(name), true);
  });

  it('makes one line of a title', () => {
    assert.equal(titleLine('  two\r\nlines\tand \u0000 more '), 'two lines and more');
    assert.equal(titleLine('x'.repeat(500)).length, 200);
  });
});

describe('assignPaths', () => {
  const prompt = (name: string, content = name, namesPath = false): SourcePrompt => ({
    ...{ source: `${name}.md`, name, namesPath, defaultTitle: name, tags: [], settings: {} },
    messages: [{ role: 'user', content }],
  });
  const paths = (prompts: SourcePrompt[], folder = '') => assignPaths(prompts, folder).placed.map(({ path }) => path);

  it('numbers names that fall together, and gives the plain path to the one that is spelled so', () => {
    assert.deepEqual(paths([prompt('Über'), prompt('Uber'), prompt('Ûber')]), ['Uber-2', 'Uber', 'Uber-3']);
  });

  it('leaves a number that somebody has', () => {
    assert.deepEqual(paths([prompt('x', '1'), prompt('x', '2'), prompt('x-2')], 'f'), ['f/x', 'f/x-3', 'f/x-2']);
  });

  it('takes the same prompt once, and a path written twice only first', () => {
    const { placed, skipped } = assignPaths([prompt('x', '1'), prompt('x', '1')], '');
    assert.deepEqual([placed.length, skipped.length], [1, 1]);
    const written = assignPaths([prompt('x', '1', true), prompt('x', '2', true)], '');
    assert.deepEqual([written.placed.length, written.skipped.length], [1, 1]);
  });

  it('skips a written path that leads out of the folder', () => {
    for (const name of ['../x', '/x', 'C:\\x']) {
      const { placed, skipped } = assignPaths([prompt(name, 'text', true)], 'team');
      assert.deepEqual([placed.length, skipped.length], [0, 1], name);
    }
  });

  it('gives different paths to all, whatever the names', () => {
    const names = fc.array(fc.constantFrom('a', 'ä', 'a-2', 'á', '你', '好', 'prompt', 'A'), { maxLength: 30 });
    fc.assert(
      fc.property(names, (list) => {
        const all = paths(list.map((name, index) => prompt(name, String(index))));
        assert.equal(all.length, list.length);
        assert.equal(new Set(all).size, all.length);
      }),
    );
  });
});
