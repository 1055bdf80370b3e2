import assert from 'node:assert/strict';
import { barText } from '../../../src/extension/history/barText.ts';
import { previousVersion } from '../../../src/extension/history/previousVersion.ts';
import { createReleased, promoteToPrd, temporaryVault } from '../../support/vaultBuilders.ts';

describe('the version before', () => {
  it('is what it was copied from, what a rollback replaced, or the number below', () => {
    const { vault, remove } = temporaryVault();
    createReleased(vault, { path: 'a' });
    vault.createVersion({ ref: 'a@1.0' });
    vault.createVersion({ ref: 'a@1.0' });
    promoteToPrd(vault, 'a@1.1');
    vault.rollback({ path: 'a', to: '1.0', reason: 'incident' });
    vault.createVersion({ ref: 'a@1.2' });
    vault.deleteVersion({ ref: 'a@1.2' });
    const { versions } = vault.history({ path: 'a' });
    const before = Object.fromEntries(versions.map((one) => [one.version, previousVersion(versions, one)?.version]));
    assert.deepEqual(before, { '1.0': undefined, '1.1': '1.0', '1.3': '1.1', '1.4': '1.3' });
    remove();
  });
});

describe('what changed, in a status bar', () => {
  it('says what fits, never an icon, and how many more there are', () => {
    assert.equal(
      barText(['temperature 0.2 → 0.4', 'message 1 (user) added']),
      'temperature 0.2 → 0.4, message 1 (user) added',
    );
    assert.equal(barText(['x $(alert)']), 'x $ (alert)');
    const many = Array.from({ length: 9 }, (_, i) => `setting number ${i} removed`);
    assert.equal(barText(many), `${many.slice(0, 3).join(', ')}, 6 more`);
    assert.ok(barText(['y'.repeat(500)]).length < 90);
  });
});
