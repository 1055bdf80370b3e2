import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { type BackUp, keepBackups } from '../../../src/engine/keepBackups.ts';
import { listBackups, takeBackup } from '../../../src/vault/backup.ts';
import { connect } from '../../../src/vault/database.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { aPrompt, temporaryFolder, testActor, userMessage } from '../../support/vaultBuilders.ts';

const hour = 60 * 60 * 1000;

describe('daily backups while a vault is open', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let root: string;
  let vault: Vault;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'vault.db');
    root = join(folder.path, 'backups');
    vault = openVault(file, { actor: testActor, mode: 'create' });
    vault.create(aPrompt({ messages: [userMessage('A text to be flipped.')] }));
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
  });
  afterEach(() => {
    mock.timers.reset();
    vault.close();
    folder.remove();
  });
  const made = () => listBackups(root, { file }).length;
  const days = (n: number) => {
    for (let i = 0; i < n * 24; i += 1) mock.timers.tick(hour);
  };

  it('are made once a day from the second day on, a minute after the start at the earliest', () => {
    const keeper = keepBackups(vault, { root });
    mock.timers.tick(61_000);
    assert.equal(made(), 0, 'made today');
    days(1);
    assert.equal(made(), 1);
    mock.timers.tick(20 * hour);
    assert.equal(made(), 1);
    days(4);
    assert.ok(made() >= 4 && made() <= 5, `${made()}`);
    return keeper.close();
  });

  it('are looked for a minute after the start, and no more once it is closed', async () => {
    const other = keepBackups(vault, { root });
    await other.close();
    mock.timers.tick(30 * hour);
    const keeper = keepBackups(vault, { root });
    mock.timers.tick(59_000);
    assert.equal(made(), 0);
    mock.timers.tick(2000);
    assert.equal(made(), 1);
    await keeper.close();
    days(3);
    assert.equal(made(), 1);
  });

  it('go on when the clock is put back, and are none of a reader’s business', async () => {
    const keeper = keepBackups(vault, { root });
    days(2);
    const before = made();
    await keeper.close();
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() - 40 * 24 * hour });
    const later = keepBackups(vault, { root });
    mock.timers.tick(61_000);
    assert.equal(made(), before + 1);
    await later.close();
    const reader = openVault(file, { actor: testActor, mode: 'read' });
    const seen: string[] = [];
    const reading = keepBackups(reader, { root, aside: ({ reason }) => seen.push(reason) });
    days(3);
    await reading.close();
    reader.close();
    assert.deepEqual(seen, []);
  });

  it('tell of damage, and are tried again when they fail otherwise', async () => {
    const told: string[] = [];
    let calls = 0;
    const aside: BackUp = ({ reason }) => {
      calls += 1;
      if (calls === 1) throw new Error('The disk is away');
      return takeBackup(file, { root, reason, connect });
    };
    const keeper = keepBackups(vault, { root, aside });
    keeper.onDidFindDamage(({ message }) => told.push(message));
    days(1);
    mock.timers.tick(hour);
    assert.deepEqual([calls > 1, made(), told], [true, 1, []]);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('A text to be flipped');
    bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    writeFileSync(file, bytes);
    days(2);
    await Promise.resolve();
    assert.equal(made(), 1);
    assert.match(told[0] ?? '', /damaged/);
    await keeper.close();
  });

  it('precede an import of more than a hundred prompts, which does not begin when they fail', async () => {
    const keeper = keepBackups(vault, { root });
    keeper.beforeImport(100);
    assert.equal(made(), 0);
    keeper.beforeImport(101);
    assert.deepEqual(listBackups(root, { file })[0]?.reason, 'import');
    await keeper.close();
    const nowhere = keepBackups(vault, { root: join(file, 'below a file') });
    assert.throws(() => nowhere.beforeImport(101), { code: 'READ_ONLY' });
    await nowhere.close();
  });
});
