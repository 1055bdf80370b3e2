import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { allEvents, allRevisions, allVersions } from '../../../src/engine/wholeHistory.ts';
import { temporaryFolder, userMessage } from '../../support/vaultBuilders.ts';

describe('the whole history of a prompt, read a page at a time', () => {
  const folder = temporaryFolder();
  let engine: Engine;
  before(async () => {
    engine = await openEngine(join(folder.path, 'vault.db'), {
      ...{ actor: 'Ada', host: environmentHost({}), mode: 'create', backups: join(folder.path, 'backups') },
    });
    await engine.create({ path: 'a', messages: [userMessage('0')] });
    for (let n = 1; n <= 250; n += 1) await engine.edit({ ref: 'a@1.0', messages: [userMessage(String(n))] });
    for (let n = 0; n < 60; n += 1) await engine.createVersion({ ref: 'a@1.0' });
  });
  after(async () => {
    await engine.close();
    folder.remove();
  });

  it('has every version once, highest number first', async () => {
    const versions = (await allVersions(engine, 'a')).map(({ version }) => version);
    assert.deepEqual(
      versions,
      Array.from({ length: 61 }, (_, n) => `1.${60 - n}`),
    );
  });

  it('has every event once, oldest first', async () => {
    const seqs = (await allEvents(engine, 'a')).map(({ seq }) => seq);
    const { lastSeq } = await engine.info();
    assert.deepEqual(
      seqs,
      Array.from({ length: lastSeq - 1 }, (_, n) => n + 2),
    );
  });

  it('has every saved state of a version once, newest first', async () => {
    const revisions = (await allRevisions(engine, 'a@1.0')).map(({ revision }) => revision);
    assert.deepEqual(
      revisions,
      Array.from({ length: 251 }, (_, n) => 251 - n),
    );
  });

  it('is none of a prompt that is not there', async () => {
    await assert.rejects(allVersions(engine, 'b'), { code: 'NOT_FOUND' });
    await assert.rejects(allEvents(engine, 'b'), { code: 'NOT_FOUND' });
    await assert.rejects(allRevisions(engine, 'b'), { code: 'NOT_FOUND' });
  });
});
