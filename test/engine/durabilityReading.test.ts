import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openVault } from '../../src/vault/vault.ts';
import { jsonOf, runCli } from '../support/cliProcess.ts';
import { createReleased, temporaryFolder, temporaryVault } from '../support/vaultBuilders.ts';

describe('reading from the command line after a crash', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'vault.db');

  /** A vault as a killed writer leaves it: half of a write in the file, its journal beside it. */
  function leaveHalfWritten(): void {
    const { vault, file: whole, remove } = temporaryVault();
    for (let n = 0; n < 30; n++) createReleased(vault, { path: `p${n}` });
    vault.close();
    const raw = new Sqlite(whole);
    raw.pragma('cache_size = 1');
    raw.exec(`BEGIN IMMEDIATE; UPDATE prompts SET description = hex(zeroblob(3000))`);
    copyFileSync(whole, file);
    copyFileSync(`${whole}-journal`, `${file}-journal`);
    raw.exec('ROLLBACK');
    raw.close();
    remove();
  }

  beforeEach(leaveHalfWritten);

  for (const args of [['list', '--limit', '1'], ['get', 'p3'], ['show', 'p3'], ['history', 'p3'], ['verify']]) {
    it(`${args[0]} undoes the interrupted write and answers`, async () => {
      const answer = await jsonOf([...args, '--vault', file]);
      assert.ok(Object.keys(answer).length > 0);
      assert.equal(existsSync(`${file}-journal`), false);
      const vault = openVault(file, { actor: 'x', mode: 'read' });
      assert.deepEqual(vault.verify().problems, []);
      assert.equal(vault.list({ limit: 1 }).prompts[0]?.description ?? '', '');
      vault.close();
    });
  }

  it('is refused when nobody who reads may write: a vault opened for reading stays as it is', async () => {
    assert.throws(() => openVault(file, { actor: 'x', mode: 'read' }), { code: 'READ_ONLY' });
    assert.equal(existsSync(`${file}-journal`), true);
    const { exit } = await runCli(['list', '--vault', `${file}.none`]);
    assert.equal(exit, 4);
  });
});
