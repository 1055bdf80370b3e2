import assert from 'node:assert/strict';
import { join } from 'node:path';
import { importPrompts } from '../../../src/exchange/importPrompts.ts';
import type { ImportReport, ImportRequest } from '../../../src/exchange/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { useFileTree } from '../../support/fileTree.ts';

describe('importPrompts', () => {
  const tree = useFileTree();
  let vault: Vault;
  beforeEach(() => {
    vault = openVault(join(tree.folder, 'vault.db'), { actor: 'Ann <ann@example.com>', mode: 'create' });
  });
  afterEach(() => vault.close());

  const take = (request: Partial<ImportRequest> = {}, signal?: AbortSignal) =>
    importPrompts(vault, { sources: [join(tree.folder, 'in')], ...request }, { signal });
  const lists = ({ created, updated, unchanged }: ImportReport) => ({ created, updated, unchanged });
  const text = (ref: string) => vault.show({ ref }).messages.map(({ content }) => content);

  it('creates prompts below a folder with tags, titles and settings', async () => {
    await tree.write({ 'in/Straße/Ünser Text.md': '---\ntags: [own]\nmodel: gpt\n---\nHello {{name}}' });
    const report = await take({ folder: 'clients/acme/', tags: ['new', 'a,b'] });
    assert.deepEqual(report.created, ['clients/acme/Strasse/Unser-Text']);
    const version = vault.show({ ref: report.created[0]! });
    assert.deepEqual([version.version, version.stage, version.title], ['1.0', 'DEV', 'Ünser Text']);
    assert.deepEqual(version.tags, ['a', 'b', 'new', 'own']);
    assert.deepEqual(version.settings, { model: 'gpt' });
    assert.deepEqual(version.variables, [{ name: 'name' }]);
    assert.deepEqual(version.messages, [{ role: 'user', content: 'Hello {{name}}' }]);
  });

  it('changes nothing when done again', async () => {
    await tree.write({
      'in/a.md': '---\ntitle: " Two\\nlines "\ndescription: D\ntags: x\n---\nText {{v}}\r\n',
      'in/b.csv': 'title,prompt,tags\n"Long\ntitle",x,"t1;t2"\nä,1,\na,2,\n',
      'in/c.json': JSON.stringify({ path: 'deep/c', prompt: 'C', settings: { b: -0, a: 1.5 }, variables: ['z'] }),
    });
    const first = await take();
    assert.deepEqual(lists(first), {
      created: ['a', 'Long-title', 'a-3', 'a-2', 'deep/c'],
      updated: [],
      unchanged: [],
    });
    const seq = vault.info().lastSeq;
    assert.deepEqual(lists(await take()), { created: [], updated: [], unchanged: first.created });
    assert.equal(vault.info().lastSeq, seq);
  });

  it('edits the newest draft, else makes a new version, and leaves production alone', async () => {
    await tree.write({ 'in/draft.md': 'one', 'in/live.md': 'one' });
    await take();
    vault.promote({ ref: 'live@1.0' });
    vault.promote({ ref: 'live@1.0' });
    await tree.write({ 'in/draft.md': 'two', 'in/live.md': 'two' });
    assert.deepEqual(lists(await take()), { created: [], updated: ['draft', 'live'], unchanged: [] });
    const drafts = vault.history({ path: 'draft' }).versions;
    assert.deepEqual(
      drafts.map(({ version, revision }) => [version, revision]),
      [['1.0', 2]],
    );
    assert.deepEqual([text('live@PRD'), text('live@1.1')], [['one'], ['two']]);
    assert.deepEqual(lists(await take()), { created: [], updated: [], unchanged: ['draft', 'live'] });
  });

  it('updates title, description and tags without a new revision, and takes no tag away', async () => {
    await tree.write({ 'in/a.md': '---\ntags: [one]\n---\nx' });
    await take();
    vault.tag({ path: 'a', add: ['mine'] });
    await tree.write({ 'in/a.md': '---\ntitle: New\ntags: [two]\n---\nx' });
    assert.deepEqual((await take()).updated, ['a']);
    const { title, tags, revision } = vault.show({ ref: 'a' });
    assert.deepEqual([title, tags, revision], ['New', ['mine', 'one', 'two'], 1]);
  });

  it('reports the same in a dry run and writes nothing', async () => {
    await tree.write({ 'in/a.md': 'x', 'in/b.md': 'y', 'in/bad.md': Buffer.from([0xff]) });
    await take({ sources: [join(tree.folder, 'in/a.md')] });
    await tree.write({ 'in/a.md': 'changed' });
    const seq = vault.info().lastSeq;
    const dry = await take({ dryRun: true });
    assert.equal(vault.info().lastSeq, seq);
    assert.deepEqual(dry, await take());
    assert.deepEqual([lists(dry), dry.skipped.length], [{ created: ['b'], updated: ['a'], unchanged: [] }, 1]);
  });

  it('refuses everything when a named source is missing or bad, before anything is written', async () => {
    await tree.write({ 'in/good.md': 'x', 'ragged.csv': 'title,prompt\na\n', 'latin.md': Buffer.from([0xe4]) });
    const seq = vault.info().lastSeq;
    for (const [name, code] of [
      ['ragged.csv', 'BAD_FILE'],
      ['latin.md', 'BAD_FILE'],
      ['missing.md', 'FILE_NOT_FOUND'],
    ]) {
      await assert.rejects(take({ sources: ['in', name!].map((source) => join(tree.folder, source)) }), { code });
    }
    assert.equal(vault.info().lastSeq, seq);
  });

  it('goes on past what a folder holds that is no prompt, with the reasons', async () => {
    await tree.write({
      ...{
        'in/a.md': 'x',
        'in/ragged.csv': 'title,prompt\na\n',
        'in/latin.md': Buffer.from([0xe4]),
        'in/empty.md': '',
      },
      ...{ 'in/other.json': '{"name":"package"}', 'in/rows.csv': 'path,prompt\n../up,x\nok,y\nok,z\n' },
      ...{ 'in/vars.json': '[{"path":"v","prompt":"x","variables":["not a name"]}]' },
    });
    const report = await take();
    assert.deepEqual(report.created, ['a', 'ok']);
    const sources = report.skipped.map(({ source }) => source.slice(tree.folder.length + 4));
    const expected = [
      'empty.md',
      'latin.md:1',
      'other.json',
      'ragged.csv:2',
      'rows.csv:2',
      'rows.csv:4',
      'vars.json#1',
    ];
    assert.deepEqual(sources.sort(), expected);
  });

  it('refuses a folder that is no path, an unknown format and no source', async () => {
    await tree.write({ 'in/a.md': 'x' });
    await assert.rejects(take({ folder: '../x' }), { code: 'INVALID_PATH' });
    await assert.rejects(take({ format: 'toml' as never }), { code: 'USAGE' });
    await assert.rejects(take({ sources: [] }), { code: 'USAGE' });
  });

  it('stops when cancelled, keeps what is in, and goes on the next time', async () => {
    await tree.write(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`in/p${i}.md`, 'x'])));
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    const request = { sources: [join(tree.folder, 'in')] };
    await assert.rejects(importPrompts(vault, request, { onProgress, signal: abort.signal }), { code: 'CANCELLED' });
    const kept = vault.info().prompts;
    assert.ok(kept > 0 && kept < 100);
    const report = await take();
    assert.deepEqual([report.created.length, report.unchanged.length], [100 - kept, kept]);
  });

  it('fails as a whole on a vault that cannot be written', async () => {
    await tree.write({ 'in/a.md': 'x' });
    const reader = openVault(vault.file, { actor: 'Bob <bob@example.com>', mode: 'read' });
    await assert.rejects(importPrompts(reader, { sources: [join(tree.folder, 'in')] }), { code: 'READ_ONLY' });
    reader.close();
  });
});
