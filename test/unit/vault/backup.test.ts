import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mock } from 'node:test';
import Sqlite from 'better-sqlite3';
import { isBackupDue, keptBackups, listBackups, takeBackup } from '../../../src/vault/backup.ts';
import { backupRoot } from '../../../src/vault/backupPlace.ts';
import type { backupReasons } from '../../../src/vault/careTypes.ts';
import { connect } from '../../../src/vault/database.ts';
import { diagnose } from '../../../src/vault/doctor.ts';
import { restore } from '../../../src/vault/restore.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { vaultText } from '../../../src/vault/vaultText.ts';
import { journalOfCrash, writeRichVault } from '../../support/damage.ts';
import { aPrompt, temporaryFolder, testActor, userMessage } from '../../support/vaultBuilders.ts';

const actor = testActor;

describe('backups', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let root: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'work', '.promptvault', 'vault.db');
    root = join(folder.path, 'backups');
    openVault(file, { actor, mode: 'create' }).close();
    writeRichVault(file, 10);
  });
  afterEach(() => folder.remove());
  const back = (reason: (typeof backupReasons)[number] = 'manual') => takeBackup(file, { root, reason, connect });
  /** Turns one letter of a stored text; SQLite does not notice. */
  function damage(target = file): void {
    const bytes = readFileSync(target);
    const at = bytes.indexOf('"content":"Prompt 3: sort');
    assert.ok(at > 0);
    bytes.writeUInt8((bytes[at + 12] ?? 0) ^ 1, at + 12);
    writeFileSync(target, bytes);
  }
  const problemsOf = (target: string) => {
    const vault = openVault(target, { actor, mode: 'read' });
    const { problems } = vault.verify();
    vault.close();
    return problems;
  };

  it('are whole, private, and lie where they are told to', () => {
    const { file: copy, reason, bytes, elsewhere } = back();
    assert.ok(copy.startsWith(root));
    assert.deepEqual([reason, elsewhere, bytes], ['manual', false, statSync(copy).size]);
    assert.deepEqual(problemsOf(copy), []);
    assert.equal(vaultText(copy), vaultText(file));
    if (process.platform !== 'win32') {
      assert.equal(statSync(copy).mode & 0o777, 0o600);
      assert.equal(statSync(dirname(copy)).mode & 0o777, 0o700);
    }
    assert.deepEqual(readdirSync(dirname(copy)).length, 1, 'nothing temporary stays behind');
  });

  it('lie outside of the repository unless somebody says otherwise', () => {
    assert.equal(backupRoot('/given', { PROMPTVAULT_BACKUPS: '/override' }), '/override');
    assert.equal(backupRoot('/given', {}), '/given');
    const byDefault = backupRoot(undefined, { XDG_STATE_HOME: '/state', LOCALAPPDATA: 'C:\\local' });
    assert.match(byDefault, /[\\/](promptvault|PromptVault)[\\/]backups$/);
    if (process.platform === 'linux') assert.equal(byDefault, '/state/promptvault/backups');
  });

  it('are kept ten per vault, the newest of each kind always', () => {
    const first = back('migration').file;
    for (let n = 0; n < keptBackups + 4; n += 1) back('daily');
    const left = listBackups(root, { file });
    assert.equal(left.length, keptBackups);
    assert.ok(left.some((one) => one.file === first));
    const times = left.map(({ at }) => at);
    assert.deepEqual(times, times.toSorted().reverse());
  });

  it('of two clones do not push each other out, and each finds the other’s', () => {
    const clone = join(folder.path, 'clone', '.promptvault', 'vault.db');
    restore(clone, { from: file, root, actor });
    for (let n = 0; n < keptBackups; n += 1) takeBackup(clone, { root, reason: 'manual', connect });
    back();
    const vault = openVault(file, { actor, mode: 'read' });
    const id = vault.info().vaultId;
    vault.close();
    assert.equal(listBackups(root, { file }).length, 1);
    assert.equal(listBackups(root, { file, id }).filter(({ elsewhere }) => elsewhere).length, keptBackups);
  });

  it('are not made of a damaged vault, which would push out good ones', () => {
    back();
    damage();
    assert.throws(() => back(), { code: 'DAMAGED' });
    assert.equal(listBackups(root, { file }).length, 1);
    const unchecked = takeBackup(file, { root, reason: 'manual', connect, unchecked: true });
    assert.notDeepEqual(problemsOf(unchecked.file), [], 'without the check a bad copy counts as a backup');
  });

  it('go to a file that is named, and never over one that is there', () => {
    const to = join(folder.path, 'mine.db');
    const { at, reason } = takeBackup(file, { root, reason: 'manual', connect, to });
    assert.deepEqual([at, reason], [statSync(to).mtime.toISOString(), 'manual']);
    const before = readFileSync(to);
    assert.throws(() => takeBackup(file, { root, reason: 'manual', connect, to }), { code: 'EXISTS' });
    assert.deepEqual(readFileSync(to), before);
    assert.equal(existsSync(root), false);
  });

  it('of one millisecond have names of their own, and one that cannot be deleted harms none', () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const files = [back('daily'), back('daily'), back('daily')].map((one) => one.file);
    mock.timers.reset();
    assert.equal(new Set(files).size, 3);
    const inTheWay = join(dirname(files[0] ?? ''), '2020-01-01T00-00-00-000Z_daily.db');
    mkdirSync(join(inTheWay, 'full'), { recursive: true });
    for (let n = 0; n < keptBackups; n += 1) back('daily');
    assert.ok(existsSync(inTheWay));
    assert.ok(files.every((one) => !existsSync(one) || problemsOf(one).length === 0));
  });

  it('of a vault that lost its id lie in a folder that says so, and the vault can be read', () => {
    const raw = new Sqlite(file);
    for (const name of raw.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()) {
      const sql = raw.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(name) as string;
      raw.exec(`DROP TRIGGER ${name}; DELETE FROM meta WHERE key = 'vault_id'; ${sql}`);
    }
    raw.close();
    assert.match(back().file, /backups.unknown-/);
    const vault = openVault(file, { actor, mode: 'read' });
    assert.equal(vault.info().vaultId, '');
    vault.close();
  });

  it('are not taken from somebody else’s folder by a name alone', () => {
    const { file: copy } = back();
    writeFileSync(join(dirname(copy), 'notes.db'), 'mine');
    writeFileSync(join(dirname(copy), '2026-01-01_manual.db'), 'mine');
    assert.deepEqual(
      listBackups(root, { file }).map((one) => one.file),
      [copy],
    );
  });

  it('say where they could not be made', () => {
    writeFileSync(root, 'a file in the way');
    assert.throws(
      () => back(),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'READ_ONLY');
        assert.match(error.message, /PROMPTVAULT_BACKUPS/);
        return true;
      },
    );
  });

  it('are due a day after the last one, or after the vault was made', () => {
    const createdAt = '2026-01-01T00:00:00.000Z';
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
    assert.equal(isBackupDue(root, { file, createdAt, now: new Date('2026-01-01T23:00:00.000Z') }), false);
    assert.equal(isBackupDue(root, { file, createdAt, now: new Date('2026-01-02T01:00:00.000Z') }), true);
    back('daily');
    assert.equal(isBackupDue(root, { file, createdAt, now: hours(23) }), false);
    assert.equal(isBackupDue(root, { file, createdAt, now: hours(25) }), true);
  });

  describe('are restored', () => {
    it('to what they were, and what was there is kept', () => {
      const copy = back().file;
      const before = vaultText(file);
      const vault = openVault(file, { actor });
      vault.create(aPrompt({ path: 'made/later' }));
      const later = vaultText(file);
      const report = restore(file, { from: copy, root, actor });
      assert.equal(vaultText(file), before);
      assert.equal(vaultText(report.kept ?? ''), later);
      assert.deepEqual(problemsOf(file), []);
      // The vault was open all the time: it is another file now.
      assert.equal(vault.list({ search: 'made' }).total, 0);
      assert.equal(vault.eventsAfter({ seq: 0 }).at(-1)?.kind, 'vault.restored');
      vault.create(aPrompt({ path: 'made/after' }));
      vault.close();
      assert.ok(vaultText(file).includes('made/after'));
    });

    it('over a damaged vault with another file’s journal, whose bytes are kept', () => {
      const copy = back().file;
      const text = vaultText(file);
      const other = join(folder.path, 'other.db');
      writeRichVault(other, 30);
      writeFileSync(`${file}-journal`, journalOfCrash(other, folder.path));
      const bad = readFileSync(file).fill(7, 100, 3000);
      writeFileSync(file, bad);
      const { kept } = restore(file, { from: copy, root, actor });
      assert.deepEqual(readFileSync(kept ?? ''), bad);
      assert.ok(existsSync(`${kept}-journal`));
      assert.equal(existsSync(`${file}-journal`), false);
      assert.equal(vaultText(file), text);
      assert.deepEqual(problemsOf(file), []);
    });

    it('where there is no vault any more', () => {
      const copy = back().file;
      renameSync(file, join(folder.path, 'gone.db'));
      assert.equal(listBackups(root, { file })[0]?.file, copy);
      const { kept, prompts } = restore(file, { from: copy, root, actor });
      assert.deepEqual([kept, prompts], [null, 10]);
    });

    for (const [what, make, code] of [
      ['a damaged backup', damage, 'DAMAGED'],
      ['something else', (copy: string) => writeFileSync(copy, 'text'), 'FOREIGN'],
    ] as const) {
      it(`not from ${what}: nothing is changed`, () => {
        const copy = back().file;
        make(copy);
        const before = readFileSync(file);
        assert.throws(() => restore(file, { from: copy, root, actor }), { code });
        assert.deepEqual(readFileSync(file), before);
        assert.deepEqual(readdirSync(dirname(file)).sort(), ['.gitattributes', '.gitignore', 'vault.db']);
      });
    }

    it('only when what is there can be kept, and not from the vault itself', () => {
      const copy = back().file;
      const before = readFileSync(file);
      const blocked = join(folder.path, 'blocked');
      writeFileSync(blocked, 'a file in the way');
      assert.throws(() => restore(file, { from: copy, root: blocked, actor }), { code: 'READ_ONLY' });
      assert.throws(() => restore(file, { from: file, root, actor }), { code: 'USAGE' });
      assert.deepEqual(readFileSync(file), before);
      assert.deepEqual(readdirSync(dirname(file)).sort(), ['.gitattributes', '.gitignore', 'vault.db']);
    });
  });

  it('stand in the doctor’s report, with what to do', () => {
    const well = diagnose(file, { root });
    assert.deepEqual([well.ok, well.prompts, well.backups.count, well.error], [true, 10, 0, null]);
    assert.match(well.steps.join(), /promptvault backup/);
    const copy = back().file;
    damage();
    const ill = diagnose(file, { root });
    assert.deepEqual([ill.ok, ill.backups.newest?.file], [false, copy]);
    assert.ok(ill.problems.some(({ path }) => path === 'team3/prompt3'));
    assert.ok(ill.steps[0]?.includes(copy));
    assert.match(ill.steps[1] ?? '', /salvage/);
    const gone = diagnose(join(folder.path, 'nothing.db'), { root });
    assert.deepEqual([gone.ok, gone.error?.code], [false, 'FILE_NOT_FOUND']);
  });

  it('go on while somebody writes', () => {
    const vault = openVault(file, { actor });
    vault.create(aPrompt({ path: 'one' }));
    vault.database.write((tx) => {
      tx.appendEvent({ kind: 'prompt.edited' });
      assert.deepEqual(problemsOf(back().file), []);
    });
    vault.edit({ ref: 'one', messages: [userMessage('new')] });
    vault.close();
  });
});
