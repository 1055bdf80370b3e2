import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importPrompts } from '../../../src/exchange/importPrompts.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { useFileTree } from '../../support/fileTree.ts';

const patterns = join(import.meta.dirname, '../../fixtures/data/fabric-patterns');

describe('import of 225 fabric patterns', () => {
  const tree = useFileTree();
  let vault: Vault;
  beforeEach(() => {
    vault = openVault(join(tree.folder, 'vault.db'), { actor: 'Ann <ann@example.com>', mode: 'create' });
  });
  afterEach(() => vault.close());

  it('loses none and keeps every message byte for byte; a second import changes nothing', async function () {
    this.timeout(60_000);
    const started = performance.now();
    const report = await importPrompts(vault, { sources: [patterns], folder: 'fabric', tags: ['fabric'] });
    assert.ok(performance.now() - started < 40_000);
    const entries = await readdir(patterns, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.equal(names.length, 225);
    assert.deepEqual(
      report.created,
      names.sort().map((name) => `fabric/${name}`),
    );

    let bytes = 0;
    for (const name of names) {
      const { messages, title } = vault.show({ ref: `fabric/${name}` });
      assert.equal(title, name);
      for (const file of ['system.md', 'user.md']) {
        const stored = messages.filter(({ role }) => `${role}.md` === file).map(({ content }) => Buffer.from(content));
        const content = await readFile(join(patterns, name, file)).catch(() => Buffer.alloc(0));
        assert.deepEqual(stored, content.length === 0 ? [] : [content], `${name}/${file}`);
        bytes = Math.max(bytes, content.length);
      }
    }
    assert.ok(bytes > 230_000);

    const seq = vault.info().lastSeq;
    const again = await importPrompts(vault, { sources: [patterns], folder: 'fabric', tags: ['fabric'] });
    assert.deepEqual([again.created, again.updated, again.unchanged.length], [[], [], 225]);
    assert.equal(vault.info().lastSeq, seq);
  });

  it('says which files it did not take, and why', async () => {
    const { skipped } = await importPrompts(vault, { sources: [patterns], dryRun: true });
    const files = skipped.map(({ source }) => source.slice(patterns.length + 1));
    for (const file of ['pattern_explanations.md', 'LICENSE', 'NOTICE', 'suggest_pattern/user_clean.md']) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(skipped.every(({ reason }) => reason !== ''));
    assert.equal(vault.info().prompts, 0);
  });
});
