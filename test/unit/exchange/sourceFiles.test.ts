import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findSourceFiles } from '../../../src/exchange/sourceFiles.ts';
import type { ImportFormat } from '../../../src/exchange/types.ts';
import { useFileTree } from '../../support/fileTree.ts';

describe('findSourceFiles', () => {
  const tree = useFileTree();

  async function find(path = '', format: ImportFormat = 'auto') {
    const { files, skipped } = await findSourceFiles(join(tree.folder, path), format);
    return {
      files: files.map(({ format: kind, name }) => `${kind} ${name}`),
      skipped: skipped.map(({ source }) => source.slice(tree.folder.length + 1)),
    };
  }

  it('finds files of every kind, patterns among them, in the order of their names', async () => {
    await tree.write({
      ...{ 'z.md': 'x', 'a/b/c.txt': 'x', 'a/d.csv': 'x', 'e.json': '{}', 'f.yml': 'x', 'g.prompt.md': 'x' },
      ...{ 'packs/one/system.md': 'x', 'packs/one/user.md': 'x', 'packs/two/system.md': 'x' },
    });
    const { files, skipped } = await find();
    assert.deepEqual(files.slice(0, 4), ['json e', 'yaml f', 'markdown g', 'markdown z']);
    assert.deepEqual(files.slice(4), ['csv a/d', 'text a/b/c', 'fabric packs/one', 'fabric packs/two']);
    assert.deepEqual(skipped, []);
  });

  it('names what it leaves out', async () => {
    await tree.write({
      ...{ 'README.md': 'x', LICENSE: 'x', 'a.ts': 'x', 'b.png': 'x', '.hidden/a.md': 'x', '.a.md': 'x' },
      ...{ 'node_modules/p/a.md': 'x', 'packs/one/system.md': 'x', 'packs/one/README.md': 'x', 'packs/about.md': 'x' },
    });
    const { files, skipped } = await find();
    assert.deepEqual(files, ['fabric packs/one']);
    assert.deepEqual(skipped, ['LICENSE', 'README.md', '', 'packs/about.md', 'packs/one/README.md']);
  });

  it('follows no link below the folder, but the one a person names', async () => {
    await tree.write({ 'outside/secret.md': 'x', 'in/a.md': 'x' });
    await symlink(join(tree.folder, 'outside'), join(tree.folder, 'in/folder'));
    await symlink(join(tree.folder, 'outside/secret.md'), join(tree.folder, 'in/file.md'));
    await symlink(join(tree.folder, 'in'), join(tree.folder, 'link'));
    assert.deepEqual(await find('in'), { files: ['markdown a'], skipped: ['in/file.md', 'in/folder'] });
    assert.deepEqual((await find('link')).files, ['markdown a']);
  });

  it('takes one pattern by its folder or its system.md', async () => {
    await tree.write({ 'packs/one/system.md': 'x' });
    assert.deepEqual((await find('packs/one')).files, ['fabric one']);
    assert.deepEqual((await find('packs/one/system.md')).files, ['fabric one']);
    assert.deepEqual((await find('packs/one/system.md', 'markdown')).files, ['markdown system']);
  });

  it('takes only the format asked for, and any file named with one', async () => {
    await tree.write({ 'a.md': 'x', 'b.txt': 'x', 'c.tmpl': 'x', 'p/system.md': 'x' });
    assert.deepEqual((await find('', 'text')).files, ['text b']);
    assert.deepEqual((await find('', 'fabric')).files, ['fabric p']);
    assert.deepEqual((await find('c.tmpl', 'text')).files, ['text c']);
    await assert.rejects(find('c.tmpl'), { code: 'BAD_FILE' });
    await assert.rejects(find('a.md', 'fabric'), { code: 'BAD_FILE' });
  });

  it('fails when there is no such file', async () => {
    await assert.rejects(find('missing.md'), { code: 'FILE_NOT_FOUND' });
    await tree.write({ 'a.md': 'x' });
    await assert.rejects(find('a.md/b'), { code: 'FILE_NOT_FOUND' });
  });
});
