import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../../src/vault/vault.ts';
import { useVaultFile, writeVault } from '../../support/useVaultFile.ts';
import { aPrompt, temporaryVault, testActor, userMessage } from '../../support/vaultBuilders.ts';

const actor = testActor;

describe('an open vault whose file is moved', () => {
  let folder: string;
  let file: string;
  useVaultFile((place) => {
    ({ folder, file } = place);
  });

  it('waits a moment for a file that is gone, says so, and goes on when it is back', () => {
    writeVault(file);
    const vault = openVault(file, { actor });
    const away = join(folder, 'away.db');
    renameSync(file, away);
    const began = performance.now();
    assert.throws(() => vault.list({}), { code: 'FILE_NOT_FOUND' });
    const waited = performance.now() - began;
    for (let n = 0; n < 20; n += 1) {
      assert.throws(() => vault.create(aPrompt({ path: 'lost' })), { code: 'FILE_NOT_FOUND' });
    }
    const later = performance.now() - began - waited;
    assert.ok(waited >= 300 && later < 20 * 300, `only the first call waits: ${waited} ms, then ${later} ms`);
    writeFileSync(file, 'half a file');
    assert.throws(() => vault.list({}), { code: 'FOREIGN' });
    renameSync(away, file);
    assert.equal(vault.list({}).total, 1);
    vault.close();
  });

  it('goes over to the file that git put in its place', () => {
    const one = temporaryVault();
    const two = temporaryVault();
    one.vault.create(aPrompt({ path: 'of/one' }));
    two.vault.create(aPrompt({ path: 'of/two' }));
    two.vault.create(aPrompt({ path: 'of/two-more' }));
    const version = one.vault.database.dataVersion();
    two.vault.close();
    renameSync(two.file, one.file);
    assert.notEqual(one.vault.database.dataVersion(), version);
    assert.deepEqual(
      one.vault.list({}).prompts.map(({ path }) => path),
      ['of/two', 'of/two-more'],
    );
    one.vault.create(aPrompt({ path: 'of/both', messages: [userMessage('written to the new file')] }));
    assert.ok(one.vault.verify().ok);
    one.remove();
    two.remove();
  });
});
