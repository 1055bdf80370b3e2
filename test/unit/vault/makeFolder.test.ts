import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flush, makeFolder } from '../../../src/vault/flush.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

describe('making the folder of a vault', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  it('makes all that is missing on the way, and minds nothing that is there', () => {
    const deep = join(folder.path, 'a', 'b', 'c');
    makeFolder(deep, { mode: 0o700 });
    makeFolder(deep);
    assert.ok(statSync(deep).isDirectory());
    if (process.platform !== 'win32') assert.equal(statSync(join(folder.path, 'a')).mode & 0o777, 0o700);
    flush(deep);
  });

  it('ends at once with a reason where nothing can be made: below a file, a device, /proc', () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const places = process.platform === 'linux' ? [file, '/dev/null', '/proc'] : [file];
    for (const place of places) {
      const wanted = join(place, 'x', '.promptvault', 'vault.db');
      assert.throws(() => openVault(wanted, { actor: testActor, mode: 'create' }), { code: 'READ_ONLY' }, place);
      assert.equal(existsSync(wanted), false);
    }
  });
});
