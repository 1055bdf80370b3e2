import assert from 'node:assert/strict';
import { referenceLanguages } from '../../../src/code/findReferences.ts';
import { languageOfFile } from '../../../src/code/languageOfFile.ts';

describe('languageOfFile', () => {
  it('knows files of every language in which references are found', () => {
    const files = 'a.ts b.tsx c.js d.jsx e.py f.go g.java h.cs i.rb j.php k.rs l.sh m.yml n.json o.jsonc compose.yaml';
    assert.deepEqual(files.split(' ').map(languageOfFile).sort(), [...referenceLanguages].sort());
  });

  it('goes by the name at the end of a path', () => {
    assert.equal(languageOfFile('/a.py/b.ts/docker-compose.prod.yml'), 'dockercompose');
    assert.equal(languageOfFile('C:\\work\\Rakefile'), 'ruby');
    assert.equal(languageOfFile('deep/app.MTS'), 'typescript');
    for (const other of [
      'README.md',
      'py',
      '/a.ts/none',
      'package-lock.json',
      'x.min.js',
      '.constructor',
      'a.toString',
    ]) {
      assert.equal(languageOfFile(other), null, other);
    }
  });
});
