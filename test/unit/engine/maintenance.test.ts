import assert from 'node:assert/strict';
import { join } from 'node:path';
import { maintenance } from '../../../src/engine/maintenance.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { aPrompt, temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

describe('the care of a vault’s file', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'vault.db');
  const root = join(folder.path, 'backups');

  it('copies, lists, looks, shows, goes back and rescues, with the vault not open', () => {
    const vault = openVault(file, { actor: testActor, mode: 'create' });
    vault.create(aPrompt());
    vault.close();
    const named = maintenance.backup({ file, root, to: join(folder.path, 'copy.db') });
    const kept = maintenance.backup({ file, root });
    assert.deepEqual([named.file, kept.reason], [join(folder.path, 'copy.db'), 'manual']);
    assert.deepEqual(maintenance.backups({ file, root }), [kept]);
    assert.equal(maintenance.doctor({ file, root }).ok, true);
    const text = maintenance.text({ file });
    assert.match(text, /^# support\/triage$/m);
    assert.equal(maintenance.restore({ file, from: named.file, actor: testActor, root }).prompts, 1);
    const rescued = maintenance.salvage({ from: file, to: join(folder.path, 'rescued.db'), actor: testActor });
    assert.deepEqual([rescued.lost, maintenance.text({ file: rescued.file })], [[], text]);
  });

  it('refuses what is not there', () => {
    assert.throws(() => maintenance.backup({ file: join(folder.path, 'none.db'), root }), { code: 'FILE_NOT_FOUND' });
  });
});
