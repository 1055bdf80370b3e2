import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleCalls } from '../../../src/publish/bundle.ts';
import type { PromptBundle } from '../../../src/publish/bundleTypes.ts';
import { type ClientError, type ClientErrorCode, createClient } from '../../../src/publish/client/client.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryFolder,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

const path = 'support/triage';
const failsWith = (code: ClientErrorCode) => (error: unknown) => (error as ClientError).code === code;

describe('a bundle', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'prompts.json');
  let test: TestVault;
  before(() => {
    test = temporaryVault();
    const { vault } = test;
    createReleased(vault, { path, messages: [userMessage('One {{mail}}.')], tags: ['mail'] });
    release('Two {{mail}}.', 'minor');
    release('Three {{mail}}.', 'major');
    vault.createVersion({ ref: path });
    createReleased(vault, { path: 'billing/2024', messages: [userMessage('Ünïcode \u{1F600}')] });
    vault.create({ path: 'drafts/only', messages: [userMessage('Not yet.')] });
  });
  after(() => {
    test.remove();
    folder.remove();
  });

  function release(text: string, step: 'minor' | 'major'): string {
    const { version } = test.vault.createVersion({ ref: path, major: step === 'major' });
    test.vault.edit({ ref: `${path}@${version}`, messages: [userMessage(text)] });
    return promoteToPrd(test.vault, `${path}@${version}`).version;
  }
  const calls = () => bundleCalls({ ...test.vault, read: test.vault.database.read });
  const bundle = (request = {}): Promise<PromptBundle> => calls().bundle(request);

  it('holds the released versions and nothing else, as the vault serves them', async () => {
    const { prompts, vaultId, at } = await bundle();
    assert.deepEqual(Object.keys(prompts), ['billing/2024', path]);
    assert.equal(prompts[path]?.prd, '2.0');
    assert.deepEqual(Object.keys(prompts[path]?.versions ?? {}), ['1.0', '1.1', '2.0']);
    for (const [version, served] of Object.entries(prompts[path]!.versions))
      assert.deepEqual(served, test.vault.get({ ref: `${path}@${version}` }));
    assert.equal(vaultId, test.vault.info().vaultId);
    assert.equal(at, test.vault.show({ ref: 'billing/2024@1.0' }).deployedAt);
  });

  it('is the same bytes for the same vault, and holds what a folder or a tag has', async () => {
    assert.equal(JSON.stringify(await bundle()), JSON.stringify(await bundle()));
    assert.deepEqual(Object.keys((await bundle({ folder: 'billing' })).prompts), ['billing/2024']);
    assert.deepEqual(Object.keys((await bundle({ tag: 'mail' })).prompts), [path]);
  });

  it('is refused for a folder or a tag without a release, and empty for a vault without one', async () => {
    for (const slip of [{ tag: 'nobody' }, { folder: 'bilings' }])
      await assert.rejects(bundle(slip), { code: 'NOT_FOUND' });
    const none = temporaryVault();
    try {
      const empty = await bundleCalls({ ...none.vault, read: none.vault.database.read }).bundle({});
      assert.deepEqual([empty.at, empty.prompts], [null, {}]);
    } finally {
      none.remove();
    }
  });

  it('is refused where one text could not hold it', async () => {
    const { length } = JSON.stringify((await bundle()).prompts);
    const ofAtMost = (most: number) => bundleCalls({ ...test.vault, read: test.vault.database.read }, most).bundle({});
    await assert.rejects(ofAtMost(length / 2), (error) => (error as { code: string }).code === 'INVALID_INPUT');
    assert.deepEqual(await ofAtMost(length), await bundle());
  });

  it('tells what another has otherwise', async () => {
    const now = await bundle();
    const ask = (other: object) => calls().compareBundle({ text: JSON.stringify(other, null, 7), file });
    assert.deepEqual(await ask(now), { same: true, missing: [], outdated: [], gone: [] });
    const { [path]: triage, ...others } = now.prompts;
    const other = { ...now, prompts: { ...others, 'old/one': triage, 'billing/2024': { ...triage, prd: '1.0' } } };
    assert.deepEqual(await ask(other), { same: false, missing: [path], outdated: ['billing/2024'], gone: ['old/one'] });
    assert.equal((await ask({ ...now, vaultId: 'another' })).same, false);
    for (const text of ['', '{}', '[]', 'null', '{"promptvaultBundle":2,"prompts":{}}'])
      await assert.rejects(
        calls().compareBundle({ text, file }),
        (error) => (error as { code: string }).code === 'BAD_FILE',
      );
  });

  it('answers a client with production, a version, a range', async () => {
    const client = createClient({ source: { bundle: await bundle() } });
    const versionOf = async (options = {}) => (await client.get(path, options)).version;
    assert.equal(await versionOf(), '2.0');
    assert.equal(await versionOf({ version: '1.0' }), '1.0');
    assert.equal(await versionOf({ range: '^1' }), '1.1');
    assert.equal(await versionOf({ range: '<1.1' }), '1.0');
    await assert.rejects(client.get(path, { version: '2.1' }), failsWith('NOT_FOUND'));
    await assert.rejects(client.get(path, { range: '^3' }), failsWith('NOT_FOUND'));
    await assert.rejects(client.get('drafts/only'), failsWith('NOT_FOUND'));
    await assert.rejects(client.get('constructor'), failsWith('NOT_FOUND'));
  });

  for (const asked of [{}, { version: '1.0' }, { range: '^1' }]) {
    it(`answers as the vault does to ${JSON.stringify(asked)}`, async () => {
      const client = createClient({ source: { bundle: await bundle() } });
      const selector = Object.values(asked)[0];
      const ref = selector === undefined ? path : `${path}@${selector}`;
      const values = { mail: 'Hi {{mail}}' };
      const { isFallback, stale, ...served } = await client.get(path, { ...asked, variables: values });
      assert.deepEqual(served, test.vault.get({ ref, values }));
      assert.deepEqual([isFallback, stale], [false, false]);
    });
  }

  it('is refused when a text in it was changed', async () => {
    const changed = structuredClone(await bundle());
    changed.prompts[path]!.versions['2.0']!.messages[0]!.content = 'Something else {{mail}}.';
    const client = createClient({ source: { bundle: changed } });
    await assert.rejects(client.get(path), failsWith('TAMPERED'));
    assert.equal((await client.get(path, { version: '1.1' })).version, '1.1');
  });

  it('is read from a file, by name or URL, and again once the file has changed', async () => {
    await writeFile(file, JSON.stringify(await bundle()));
    const clients = [file, pathToFileURL(file)].map((bundle) => createClient({ source: { bundle }, ttlMs: 0 }));
    for (const client of clients) assert.equal((await client.get(path)).version, '2.0');
    const version = release('Four {{mail}}.', 'minor');
    await writeFile(file, JSON.stringify(await bundle()));
    for (const client of clients) assert.equal((await client.get(path)).version, version);
    await writeFile(file, '{"promptvaultBundle":');
    for (const client of clients) {
      const { version: last, stale } = await client.get(path);
      assert.deepEqual([last, stale], [version, true]);
    }
    await assert.rejects(createClient({ source: { bundle: file } }).get(path), failsWith('BAD_ANSWER'));
    await assert.rejects(createClient({ source: { bundle: `${file}.no` } }).get(path), failsWith('UNREACHABLE'));
  });

  describe('and a directory', () => {
    const directory = join(folder.path, 'last good');
    const gone = join(folder.path, 'gone.json');
    const warnings: string[] = [];
    const start = (options = {}) =>
      createClient({
        source: { bundle: gone },
        directory,
        onWarning: ({ kind, error }) => warnings.push(`${kind} ${error.code}`),
        ...options,
      });
    const files = async () => readdir(directory).catch(() => []);

    beforeEach(async () => {
      warnings.length = 0;
      await rm(directory, { recursive: true, force: true });
      await writeFile(gone, JSON.stringify(await bundle()));
      const client = start();
      await client.get(path);
      await client.get(path, { version: '1.0' });
      while ((await files()).filter((name) => /^[0-9a-f]{64}\.json$/.test(name)).length < 2)
        await new Promise(setImmediate);
      await rm(gone);
    });

    it('give the last good one after a restart without the source', async () => {
      const { version, stale, isFallback } = await start().get(path);
      assert.deepEqual([version, stale, isFallback], [test.vault.get({ ref: path }).version, true, false]);
      assert.deepEqual(warnings, ['refresh UNREACHABLE']);
    });

    it('give an exact version without asking the source', async () => {
      const { version, stale } = await start().get(path, { version: '1.0' });
      assert.deepEqual([version, stale, warnings], ['1.0', false, []]);
    });

    it('prefer the last good one to a fallback', async () => {
      assert.equal((await start({ fallback: { [path]: 'Fallback.' } }).get(path)).isFallback, false);
    });

    it('give nothing that was changed there, and nothing of another source or selector', async () => {
      await assert.rejects(start({ source: { bundle: `${gone}.other` } }).get(path), failsWith('UNREACHABLE'));
      await assert.rejects(start().get(path, { range: '^2' }), failsWith('UNREACHABLE'));
      assert.deepEqual(warnings, []);
      for (const name of await files()) {
        const text = await readFile(join(directory, name), 'utf8');
        await writeFile(join(directory, name), text.replace('{{mail}}', '{{keys}}'));
      }
      await assert.rejects(start().get(path), failsWith('UNREACHABLE'));
      assert.deepEqual(warnings, ['directory TAMPERED']);
      for (const name of await files()) await writeFile(join(directory, name), '{"half":');
      await assert.rejects(start().get(path), failsWith('UNREACHABLE'));
      assert.deepEqual(warnings, ['directory TAMPERED', 'directory BAD_ANSWER']);
    });

    it('go on without it where nothing can be written', async () => {
      await writeFile(gone, JSON.stringify(await bundle()));
      await mkdir(directory, { recursive: true });
      const inTheWay = join(directory, 'a file');
      await writeFile(inTheWay, '');
      const client = start({ directory: join(inTheWay, 'below') });
      assert.equal((await client.get(path)).stale, false);
      while (warnings.length < 2) await new Promise(setImmediate);
      assert.deepEqual(warnings, ['directory UNREACHABLE', 'directory UNREACHABLE']);
    });
  });
});
