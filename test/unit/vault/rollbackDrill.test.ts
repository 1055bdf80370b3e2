import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  testActor,
  userMessage,
} from '../../support/vaultBuilders.ts';

const path = 'support/triage';

/** 1.0 was replaced by 1.1. */
function prepare(vault: Vault): void {
  createReleased(vault, { path, messages: [userMessage('Be kind.')], settings: { temperature: 0.2 } });
  vault.createVersion({ ref: path });
  vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Be quick.')], settings: { temperature: 0.9 } });
  promoteToPrd(vault, `${path}@1.1`);
}

describe('a rollback drill', () => {
  let made: TestVault;
  let vault: Vault;
  beforeEach(() => {
    made = temporaryVault();
    vault = made.vault;
    prepare(vault);
    // Copies are made here, where nobody else makes any.
    process.env.TMPDIR = dirname(made.file);
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    made.remove();
  });
  const before = process.env.TMPDIR;
  const drillFolders = () => readdirSync(dirname(made.file));
  const fingerprint = () => createHash('sha256').update(readFileSync(made.file)).digest('hex');

  it('tells what would be served, what changes, and how long it takes', () => {
    const drill = vault.drillRollback({ path, to: '1.0' });
    const { path: about, to, from, served, changes } = drill;
    assert.deepEqual([about, to, from, served.version], [path, '1.0', '1.1', '1.2']);
    assert.equal(served.hash, vault.show({ ref: `${path}@1.0` }).hash);
    assert.deepEqual(changes?.settings, [{ key: 'temperature', from: 0.9, to: 0.2 }]);
    assert.deepEqual(
      changes?.messages[0]?.parts.filter(({ op }) => op !== 'same').map(({ text }) => text),
      ['quick', 'kind'],
    );
    assert.ok(drill.copyMs > 0 && drill.rollbackMs > 0);
    assert.ok(drill.totalMs >= drill.copyMs + drill.rollbackMs - 0.2);
  });

  it('foretells exactly what the rollback then serves', () => {
    const { served } = vault.drillRollback({ path, to: 'v1.0' });
    vault.rollback({ path, to: '1.0', reason: 'incident' });
    const { version, hash } = vault.get({ ref: path });
    assert.deepEqual(served, { version, hash });
  });

  it('leaves the vault byte for byte and event for event, and no copy behind', () => {
    const [bytes, events, folders] = [fingerprint(), vault.eventsAfter({ seq: 0 }), drillFolders()];
    vault.drillRollback({ path, to: '1.0' });
    assert.deepEqual([fingerprint(), vault.eventsAfter({ seq: 0 }), drillFolders()], [bytes, events, folders]);
    assert.equal(vault.get({ ref: path }).version, '1.1');
  });

  it('refuses what the rollback would refuse, and leaves no copy behind', () => {
    const folders = drillFolders();
    const drill = (to: string, at = path) => vault.drillRollback({ path: at, to });
    assert.throws(() => drill('1.1'), { code: 'RULE' });
    assert.throws(() => drill('7.0'), { code: 'NOT_FOUND' });
    assert.throws(() => drill('latest'), { code: 'INVALID_INPUT' });
    assert.throws(() => drill('1.0', 'no/where'), { code: 'NOT_FOUND' });
    assert.deepEqual(drillFolders(), folders);
  });

  it('can be held by one who may only read', () => {
    const reader = openVault(made.file, { actor: testActor, mode: 'read' });
    assert.equal(reader.drillRollback({ path, to: '1.0' }).served.version, '1.2');
    reader.close();
  });
});
