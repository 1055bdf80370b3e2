import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { VaultError } from '../../../src/shared/errors.ts';
import type { VaultEvent, VersionRecord } from '../../../src/vault/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import {
  aPrompt,
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

const ref = 'support/triage@1.0';

describe('two writers on one vault', () => {
  let made: TestVault;
  let mine: Vault;
  let yours: Vault;
  beforeEach(() => {
    made = temporaryVault();
    mine = made.vault;
    yours = openVault(made.file, { actor: 'You <you@example.com>' });
    mine.create(aPrompt());
  });
  afterEach(() => {
    yours.close();
    made.remove();
  });

  it('refuse a stale save, keep the first one and show it', () => {
    const read = mine.show({ ref });
    yours.edit({ ref, expectRevision: 1, messages: [userMessage('yours!')] });
    const save = () => mine.edit({ ref, expectRevision: read.revision, messages: [userMessage('mine!!')] });
    assert.throws(save, (error: VaultError) => {
      const { expected, actual } = error.details as { expected: number; actual: VersionRecord };
      assert.deepEqual([error.code, expected, actual.revision], ['CONFLICT', 1, 2]);
      assert.deepEqual([actual.messages[0]?.content, actual.updatedBy], ['yours!', 'You <you@example.com>']);
      return true;
    });
    assert.equal(mine.show({ ref }).messages[0]?.content, 'yours!');
    assert.equal(mine.edit({ ref, expectRevision: 2, messages: [userMessage('mine!!')] }).revision, 3);
  });

  it('refuse a stale save even when it would change nothing else', () => {
    yours.edit({ ref, rationale: 'why' });
    assert.throws(() => mine.edit({ ref, expectRevision: 1, rationale: 'other' }), { code: 'CONFLICT' });
    assert.throws(() => mine.promote({ ref, expectRevision: 1 }), { code: 'CONFLICT' });
    assert.throws(() => mine.restoreRevision({ ref, revision: 1, expectRevision: 1 }), { code: 'CONFLICT' });
  });

  it('refuse a save on another text under the same revision, as two branches may have', () => {
    const { hash } = mine.show({ ref });
    yours.edit({ ref, messages: [userMessage('yours')], expectHash: hash });
    assert.throws(() => mine.edit({ ref, messages: [userMessage('mine')], expectHash: hash, expectRevision: 2 }), {
      code: 'CONFLICT',
    });
    assert.equal(mine.show({ ref }).messages[0]?.content, 'yours');
  });

  it('do not promote twice when both click once', () => {
    mine.promote({ ref, expectRevision: 1, expectStage: 'DEV' });
    assert.throws(() => yours.promote({ ref, expectRevision: 1, expectStage: 'DEV' }), { code: 'CONFLICT' });
    assert.equal(mine.show({ ref }).stage, 'TST');
  });

  it('do not delete what the other has just saved', () => {
    yours.edit({ ref, messages: [userMessage('yours!')] });
    assert.throws(() => mine.deleteVersion({ ref, expectRevision: 1 }), { code: 'CONFLICT' });
    assert.equal(mine.show({ ref }).messages[0]?.content, 'yours!');
    assert.equal(mine.deleteVersion({ ref, expectRevision: 2 }).promptDeleted, true);
  });

  it('do not roll back twice when both saw the same version fail', () => {
    const { path } = createReleased(mine, { path: 'live' });
    mine.createVersion({ ref: path });
    promoteToPrd(mine, `${path}@1.1`);
    const back = { path, to: '1.0', reason: '1.1 is wrong', expectPrd: '1.1' };
    yours.rollback(back);
    assert.throws(
      () => mine.rollback(back),
      ({ code, details }: VaultError) => {
        assert.deepEqual([code, (details.actual as VersionRecord).version], ['CONFLICT', '1.2']);
        return true;
      },
    );
    assert.equal(mine.get({ ref: path }).version, '1.2');
    assert.throws(() => mine.rollback({ ...back, expectPrd: null }), { code: 'CONFLICT' });
    assert.equal(mine.rollback({ ...back, expectPrd: '1.2' }).version, '1.3');
  });

  it('keep both changes of a prompt when one changes the title and the other the description', () => {
    mine.editPrompt({ path: 'support/triage', title: 'Mine' });
    yours.editPrompt({ path: 'support/triage', description: 'Yours' });
    const { title, description } = mine.show({ ref });
    assert.deepEqual([title, description], ['Mine', 'Yours']);
  });

  it('see each other: the data version moves, and the log says what happened', () => {
    const seen = yours.info().lastSeq;
    const version = yours.database.dataVersion();
    mine.promote({ ref });
    assert.notEqual(yours.database.dataVersion(), version);
    assert.deepEqual(
      yours.eventsAfter({ seq: seen }).map(({ kind, version: number, actor }) => [kind, number, actor]),
      [['version.promoted', '1.0', 'Priya <priya@example.com>']],
    );
    const own = yours.database.dataVersion();
    yours.promote({ ref });
    assert.equal(yours.database.dataVersion(), own, 'own commits do not count');
  });

  it('tell their own commits, after they are done, and nothing of what failed', () => {
    const heard: VaultEvent[][] = [];
    const listening = mine.onDidCommit((events) => {
      assert.equal(yours.show({ ref }).stage, 'TST');
      heard.push(events);
    });
    mine.promote({ ref });
    assert.throws(() => mine.deleteVersion({ ref }), { code: 'RULE' });
    mine.edit({ ref, messages: mine.show({ ref }).messages });
    listening.dispose();
    mine.promote({ ref });
    assert.deepEqual(
      heard.map((events) => events.map(({ kind }) => kind)),
      [['version.promoted']],
    );
  });

  it('say BUSY when the other does not let go', () => {
    yours.database.prepare('PRAGMA busy_timeout = 50').get();
    mine.database.write((tx) => {
      tx.appendEvent({ kind: 'run.started' });
      assert.throws(() => yours.promote({ ref }), { code: 'BUSY' });
    });
    assert.equal(yours.promote({ ref }).stage, 'TST');
  });
});

describe('four processes on one vault', () => {
  it('lose no save and break no chain', async function () {
    this.timeout(60_000);
    const made = temporaryVault();
    createReleased(made.vault, { path: 'released' });
    made.vault.create(aPrompt({ path: 'counter', messages: [userMessage('0')] }));
    const script = join(import.meta.dirname, '../../support/countUp.ts');
    const rounds = 25;
    const codes = await Promise.all(
      [1, 2, 3, 4].map(
        (n) =>
          new Promise((settle) => {
            fork(script, [made.file, `writer ${n}`, String(rounds)]).on('exit', settle);
          }),
      ),
    );
    assert.deepEqual(codes, [0, 0, 0, 0]);
    const { messages, revision } = made.vault.show({ ref: 'counter' });
    assert.deepEqual([messages[0]?.content, revision], [String(4 * rounds), 4 * rounds + 1]);
    assert.deepEqual(made.vault.verify().problems, []);
    made.remove();
  });
});
