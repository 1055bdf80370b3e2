import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishFile, readPublishFile } from '../../../src/publish/publishFile.ts';
import { sentLedger } from '../../../src/publish/sentLedger.ts';
import { isForVault } from '../../../src/publish/vaultScope.ts';
import { temporaryFolder } from '../../support/vaultBuilders.ts';

describe('the file of targets and webhooks', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'publish.json');
  const read = (value: unknown, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return readPublishFile({ PROMPTVAULT_PUBLISH: file, ...env });
  };

  it('names secrets, which are in the environment', async () => {
    const s3 = { region: 'eu', accessKeyId: 'env:ID', secretAccessKey: 'env:KEY' };
    const { targets, webhooks } = await read(
      {
        targets: [
          { name: 'a', url: 'https://host', token: 'env:TOKEN', headers: { 'x-key': 'env:KEY', plain: 'yes' }, s3 },
        ],
        webhooks: [{ name: 'b', url: 'env:HOOK', secret: 'env:KEY', vaults: ['~/app'] }],
      },
      { TOKEN: 't', KEY: 'k', ID: 'i', HOOK: 'https://hooks.example.com/x' },
    );
    assert.deepEqual(targets[0], {
      ...{ name: 'a', url: 'https://host', token: 't', headers: { 'x-key': 'k', plain: 'yes' } },
      s3: { region: 'eu', accessKeyId: 'i', secretAccessKey: 'k' },
    });
    assert.deepEqual([webhooks[0]?.url, webhooks[0]?.secret], ['https://hooks.example.com/x', 'k']);
  });

  it('holds no secret itself, and says of each that is missing', async () => {
    const { targets } = await read({
      targets: [
        { name: 'a', url: 'https://host', token: 'canary' },
        { name: 'b', url: 'https://host', headers: { 'x-key': 'env:NOT_SET' } },
        { name: 'c', url: 'https://host', s3: { secretAccessKey: 'canary' } },
        { name: 'd', url: 'https://host', problem: 'made up' },
      ],
    });
    assert.deepEqual(
      targets.map(({ problem }) => problem === undefined),
      [false, false, false, true],
    );
    assert.ok(!JSON.stringify(targets).includes('canary'));
    assert.match(targets[1]?.problem ?? '', /NOT_SET/);
  });

  it('may be absent, and is refused when it is something else', async () => {
    assert.deepEqual(await readPublishFile({ PROMPTVAULT_PUBLISH: join(folder.path, 'none.json') }), {
      targets: [],
      webhooks: [],
    });
    for (const bad of ['{', '{"targets": {}}', '{"webhooks": [{"name": 1}]}', '{"targets": [null]}']) {
      await assert.rejects(read(bad), { code: 'BAD_FILE' }, bad);
    }
  });

  it('lies where the platform keeps settings, unless the user says otherwise', () => {
    assert.equal(publishFile({ PROMPTVAULT_PUBLISH: '/x/y.json' }), '/x/y.json');
    if (process.platform === 'linux')
      assert.equal(publishFile({ XDG_CONFIG_HOME: '/c' }), '/c/promptvault/publish.json');
  });
});

describe('isForVault', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'vault.db');

  it('knows a vault by its file, by a folder above it, or by being any', () => {
    writeFileSync(file, '');
    for (const vaults of [[file], [folder.path], [`${folder.path}/`], ['/'], ['*'], ['/elsewhere', file]]) {
      assert.ok(isForVault(vaults, file), JSON.stringify(vaults));
    }
    for (const vaults of [[], ['/elsewhere'], [folder.path.slice(0, -1)], ['vault.db'], ['.'], ['~/nowhere']]) {
      assert.ok(!isForVault(vaults, file), JSON.stringify(vaults));
    }
  });
});

describe('the notes of what was sent', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const entry = (path: string, version: string | null) => ({
    target: 't',
    path,
    version,
    hash: version && 'h',
    at: 'now',
  });

  it('are read by every process, as they grow', () => {
    const [one, other] = [sentLedger('id', folder.path), sentLedger('id', folder.path)];
    one.note(entry('a', '1.0'));
    assert.equal(other.of('t').get('a')?.version, '1.0');
    other.note(entry('a', null));
    other.noteDone('key');
    assert.deepEqual([one.of('t').get('a')?.version, one.hasDone('key'), one.hasDone('no')], [null, true, false]);
    assert.equal(sentLedger('another', folder.path).of('t').size, 0);
  });

  it('stay short, whatever is sent again and again, and lose nothing by it', () => {
    const ledger = sentLedger('long', folder.path);
    ledger.noteDone('key');
    for (let n = 0; n < 2500; n += 1) ledger.note(entry('a', `1.${n}`));
    const again = sentLedger('long', folder.path);
    assert.deepEqual([again.of('t').get('a')?.version, again.hasDone('key')], ['1.2499', true]);
  });

  it('are passed over where a line is broken', () => {
    const ledger = sentLedger('broken', folder.path);
    ledger.note(entry('a', '1.0'));
    writeFileSync(join(folder.path, 'broken.jsonl'), '{"target":"t"\n{"key":"k"}\n', { flag: 'a' });
    const again = sentLedger('broken', folder.path);
    assert.deepEqual([again.of('t').get('a')?.version, again.hasDone('k')], ['1.0', true]);
  });
});
