import assert from 'node:assert/strict';
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../../../src/engine/engine.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { temporaryFolder, userMessage } from '../../support/vaultBuilders.ts';

describe('the stamp of a vault', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'vault.db');
  const open = () => openEngine(file, { actor: 'Ada', host: environmentHost({}), mode: 'create' });
  let engine: Engine;
  let other: Engine;
  before(async () => {
    engine = await open();
    other = await open();
    await engine.create({ path: 'a/one', messages: [userMessage('Hi')] });
  });
  after(async () => {
    await engine.close();
    await other.close();
    folder.remove();
  });

  it('stays while nobody commits, however much is read', async () => {
    const before = await engine.stamp();
    await engine.list({});
    await other.list({});
    await assert.rejects(other.create({ path: 'a/one', messages: [userMessage('Again')] }));
    assert.equal(await engine.stamp(), before);
  });

  it('is another one after each commit, its own or of somebody else', async () => {
    const seen = [await engine.stamp()];
    for (const who of [engine, other, engine, other, other]) {
      await who.edit({ ref: 'a/one@1.0', messages: [userMessage(`Text ${seen.length}`)] });
      seen.push(await engine.stamp());
    }
    assert.equal(new Set(seen).size, seen.length);
  });

  it('is another one after a commit that leaves no entry in the log', async () => {
    const before = await engine.stamp();
    await engine.saveMapping({ source: 'cases.csv', path: 'a/one', mapping: { text: 'mail' } });
    const after = await engine.stamp();
    assert.notEqual(after, before);
  });

  it('is another one a moment after another file has taken the place of the vault', async () => {
    const before = await engine.stamp();
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
    // It is looked for once a millisecond.
    await wait(2);
    assert.notEqual(await engine.stamp(), before);
  });
});
