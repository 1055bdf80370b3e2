import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchCommits } from '../../../src/engine/watchCommits.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../../support/vaultBuilders.ts';

describe('watching the folder of a vault', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  it('is a hint within a moment of a change, once for many, and none after it ends', async () => {
    let looks = 0;
    const watching = watchCommits(join(folder.path, 'vault.db'), () => {
      looks += 1;
    });
    const change = () => {
      for (let n = 0; n < 200; n += 1) writeFileSync(join(folder.path, 'vault.db-journal'), String(n));
    };
    change();
    await until(() => looks > 0);
    await sleep(100);
    const seen = looks;
    assert.ok(seen >= 1 && seen < 20, `${seen}`);
    watching.dispose();
    change();
    await sleep(150);
    assert.equal(looks, seen);
  });

  it('is left out where there is no folder to watch', () => {
    const never = () => assert.fail('There is nothing to look at');
    watchCommits(join(folder.path, 'none', 'vault.db'), never).dispose();
  });
});
