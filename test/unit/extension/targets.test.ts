import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ArgumentKind, folderOf, nameOf, parseArguments, refOf } from '../../../src/extension/targets.ts';

const one = (kind: ArgumentKind, value: unknown) => parseArguments([kind], [value])[0];

describe('command arguments', () => {
  it('reads a ref, with and without a version', () => {
    assert.deepEqual(one('prompt', 'support/triage'), { path: 'support/triage' });
    assert.deepEqual(one('prompt', 'support/triage@2.3'), { path: 'support/triage', version: '2.3' });
  });

  it('reads a tree row and leaves out what it does not know', () => {
    const row = { kind: 'version', vault: 'file:///w', path: 'a/b', version: '1.0', info: { secret: true } };
    assert.deepEqual(one('version', row), { vault: 'file:///w', path: 'a/b', version: '1.0' });
  });

  it('takes a prompt for no version', () => {
    assert.equal(one('version', { path: 'a/b' }), undefined);
  });

  it('reads the document of a version, and no other document', () => {
    const document = { scheme: 'promptvault', path: '/.promptvault/drafts/a/b@1.2.prompt.md', query: 'file:///w' };
    assert.deepEqual(one('version', document), { vault: 'file:///w', path: 'a/b', version: '1.2' });
    assert.equal(one('prompt', { scheme: 'webview-panel', path: '/webview-panel/editor', query: '' }), undefined);
    assert.equal(one('prompt', { scheme: 'file', path: '/w/a.md', query: '' }), undefined);
  });

  it('reads a revision only with a whole number', () => {
    assert.deepEqual(one('revision', { path: 'a', version: '1.0', revision: 3 }), {
      path: 'a',
      version: '1.0',
      revision: 3,
    });
    assert.equal(one('revision', { path: 'a', version: '1.0', revision: '3' }), undefined);
  });

  it('reads a side of a comparison: a prompt, a version or a revision', () => {
    const revision = { path: 'a', version: '1.0', revision: 3 };
    assert.deepEqual(one('side', { ...revision, vault: 'file:///w', kind: 'revision' }), {
      ...revision,
      vault: 'file:///w',
    });
    assert.deepEqual(one('side', 'a@1.0'), { path: 'a', version: '1.0' });
    assert.deepEqual(one('side', { path: 'a', revision: 3 }), { path: 'a' });
    assert.equal(one('side', 7), undefined);
  });

  it('reads lists of rows, and an empty one as not given', () => {
    assert.deepEqual(one('prompts', ['a', { path: 'b', version: '1.0' }, 7]), [
      { path: 'a' },
      { path: 'b', version: '1.0' },
    ]);
    assert.equal(one('prompts', [7]), undefined);
  });

  it('reads one file of the Explorer as a list', () => {
    assert.deepEqual(one('uris', { fsPath: '/w/a.md', scheme: 'file' }), [{ fsPath: '/w/a.md' }]);
  });

  it('never throws, whatever it is called with', () => {
    const kinds: ArgumentKind[] = ['prompt', 'version', 'revision', 'run', 'vault', 'text', 'prompts', 'uris'];
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 8 }), (given) => {
        assert.equal(parseArguments(kinds, given).length, kinds.length);
      }),
    );
  });

  it('splits a path into folder and name', () => {
    assert.deepEqual([folderOf('a/b/c'), nameOf('a/b/c')], ['a/b', 'c']);
    assert.deepEqual([folderOf('c'), nameOf('c')], ['', 'c']);
  });

  it('spells a ref', () => {
    assert.equal(refOf({ path: 'a/b', version: '1.0' }), 'a/b@1.0');
    assert.equal(refOf({ path: 'a/b' }), 'a/b');
  });
});
