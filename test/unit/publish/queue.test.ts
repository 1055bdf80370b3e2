import assert from 'node:assert/strict';
import type { Vault } from '../../../src/vault/vault.ts';
import { createReleased, promoteToPrd, type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('the queue of deliveries', () => {
  let held: TestVault;
  let vault: Vault;
  beforeEach(() => {
    held = temporaryVault();
    vault = held.vault;
  });
  afterEach(() => held.remove());

  function addTarget(name: string, kind: 'sync' | 'webhook', more: { actions?: string; automatic?: 0 | 1 } = {}) {
    const { actions = '', automatic = 1 } = more;
    vault.database.writeUnlogged((tx) =>
      tx
        .prepare('INSERT INTO targets (name, kind, automatic, actions) VALUES (?, ?, ?, ?)')
        .run(name, kind, automatic, ` ${actions} `),
    );
  }
  const queued = (target: string) =>
    vault.database
      .prepare('SELECT action, path, version FROM deliveries WHERE target = ? ORDER BY id')
      .all<{ action: string; path: string; version: string | null }>(target)
      .map(({ action, path, version }) => [action, path, version].filter((word) => word !== null).join(' '));

  it('holds one entry for each automatic sync target when a version goes to PRD, and none for others', () => {
    for (const name of ['one', 'two']) addTarget(name, 'sync');
    addTarget('manual', 'sync', { automatic: 0 });
    createReleased(vault, { path: 'a' });
    vault.create({ path: 'draft', messages: [{ role: 'user', content: 'x' }] });
    assert.deepEqual(['one', 'two', 'manual'].map(queued), [['sync a'], ['sync a'], []]);
  });

  it('holds the old and the new path of a served prompt that moves, and nothing of one that is not served', () => {
    addTarget('one', 'sync');
    createReleased(vault, { path: 'a' });
    vault.create({ path: 'draft', messages: [{ role: 'user', content: 'x' }] });
    vault.move({ path: 'a', to: 'b/a' });
    vault.move({ path: 'draft', to: 'b/draft' });
    assert.deepEqual(queued('one'), ['sync a', 'sync b/a', 'sync a']);
  });

  it('holds for webhooks what each has chosen to hear', () => {
    addTarget('all', 'webhook', { actions: 'promoted.TST promoted.PRD rolledBack retired moved' });
    addTarget('live', 'webhook', { actions: 'promoted.PRD' });
    createReleased(vault, { path: 'a' });
    const { version } = vault.createVersion({ ref: 'a' });
    promoteToPrd(vault, `a@${version}`);
    vault.move({ path: 'a', to: 'b' });
    const promotions = ['promoted.TST a 1.0', 'promoted.PRD a 1.0', 'promoted.TST a 1.1', 'promoted.PRD a 1.1'];
    assert.deepEqual(queued('all'), [...promotions, 'retired a 1.0', 'moved b']);
    assert.deepEqual(queued('live'), ['promoted.PRD a 1.0', 'promoted.PRD a 1.1']);
  });

  it('tells a rollback as one thing to those who hear of rollbacks, and as a promotion to the others', () => {
    createReleased(vault, { path: 'a' });
    promoteToPrd(vault, `a@${vault.createVersion({ ref: 'a' }).version}`);
    addTarget('chat', 'webhook', { actions: 'promoted.TST promoted.PRD rolledBack' });
    addTarget('live', 'webhook', { actions: 'promoted.PRD' });
    vault.rollback({ path: 'a', to: '1.0', reason: 'worse' });
    assert.deepEqual([queued('chat'), queued('live')], [['rolledBack a 1.2'], ['promoted.PRD a 1.2']]);
  });

  it('is written with the promotion or not at all', () => {
    addTarget('one', 'sync');
    vault.create({ path: 'a', messages: [{ role: 'user', content: 'x' }] });
    vault.promote({ ref: 'a@1.0' });
    assert.throws(() =>
      vault.database.write(() => {
        vault.promote({ ref: 'a@1.0' });
        throw new Error('power cut');
      }),
    );
    assert.deepEqual(queued('one'), []);
    vault.promote({ ref: 'a@1.0' });
    assert.deepEqual(queued('one'), ['sync a']);
  });

  it('takes nothing in for a target that is off', () => {
    addTarget('one', 'sync');
    vault.database.writeUnlogged((tx) => tx.prepare(`UPDATE targets SET state = 'off'`).run());
    createReleased(vault, { path: 'a' });
    assert.deepEqual(queued('one'), []);
  });
});
