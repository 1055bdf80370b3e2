import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { maintain } from '../../src/engine/maintain.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { listBackups } from '../../src/vault/backup.ts';
import type { BackupInfo, Diagnosis, RestoreReport, SalvageReport } from '../../src/vault/careTypes.ts';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { engineModule, failsWith } from '../support/engineProcesses.ts';
import { userMessage } from '../support/vaultBuilders.ts';

describe('the verbs that care for a vault', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path(), ...names);
  const options = (stdin = '') => ({ cwd: folder.path(), env: { PROMPTVAULT_BACKUPS: at('backups') }, stdin });
  const run = (...args: string[]) => runCli(args, options());
  const json = <T>(...args: string[]) => jsonOf<T>(args, options());
  let file: string;
  before(async () => {
    file = at('.promptvault', 'vault.db');
    await run('init');
    const { exit, stderr } = await runCli(['new', 'support/triage'], options('Sort this mail by urgency.'));
    assert.equal(exit, 0, stderr);
  });
  function damage(): void {
    const bytes = readFileSync(file);
    const letter = bytes.indexOf('"content":"Sort this') + 12;
    bytes.writeUInt8((bytes[letter] ?? 0) ^ 1, letter);
    writeFileSync(file, bytes);
  }

  it('a drill: back up, lose a letter, be told, restore, be whole', async () => {
    const { file: copy } = await json<BackupInfo>('backup');
    assert.ok(copy.startsWith(at('backups')));
    const well = await json<Diagnosis & { gitDiff: boolean | null }>('doctor');
    assert.deepEqual([well.ok, well.backups.count, well.steps], [true, 1, []]);
    damage();
    for (const verb of ['verify', 'doctor']) assert.equal((await run(verb)).exit, 6, verb);
    const told = await run('doctor');
    assert.ok(told.stdout.includes(`promptvault restore "${copy}"`), told.stdout);
    assert.match((await run('backup')).stderr, /damaged.*support\/triage@1\.0/);
    const { backups } = await json<{ backups: BackupInfo[] }>('restore');
    assert.deepEqual(
      backups.map((one) => one.file),
      [copy],
    );
    const report = await json<RestoreReport>('restore', copy);
    assert.ok(report.kept?.endsWith('.damaged'));
    assert.equal((await run('verify')).exit, 0);
    assert.match((await run('show', 'support/triage')).stdout, /Sort this mail by urgency/);
  });

  it('a drill without a vault: the backup brings it back', async () => {
    const { file: copy } = await json<BackupInfo>('backup');
    rmSync(file);
    const lost = await run('doctor');
    assert.equal(lost.exit, 6);
    assert.ok(lost.stdout.includes(copy));
    assert.equal((await run('restore', copy)).exit, 0);
    assert.equal((await run('verify')).exit, 0);
  });

  it('salvage makes a new vault and says what is lost', async () => {
    const { exit, stderr } = await runCli(['new', 'support/second'], options('Another prompt.'));
    assert.equal(exit, 0, stderr);
    damage();
    const before = readFileSync(file);
    const report = await json<SalvageReport>('salvage', '--to', 'salvaged.db');
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual([report.prompts, report.lost.map(({ path }) => path)], [1, ['support/triage', 'support/triage']]);
    assert.equal((await run('verify', '--vault', 'salvaged.db')).exit, 0);
    assert.equal((await run('salvage', '--to', 'salvaged.db')).exit, 5);
    assert.equal((await run('salvage')).exit, 2);
  });
});

describe('backups nobody asks for', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path(), ...names);
  async function open(file: string) {
    const host = environmentHost({});
    return openEngine(file, { actor: 'Ada', host, mode: 'create', backups: at('backups') });
  }
  const reasonsOf = (file: string) => listBackups(at('backups'), { file }).map(({ reason }) => reason);

  it('are made daily, by whoever wrote, when the vault is a day old', async () => {
    const file = at('old.db');
    const made = await open(file);
    await made.create({ path: 'a', messages: [userMessage('x')] });
    await made.close();
    assert.deepEqual(reasonsOf(file), [], 'a vault made today has nothing to lose');
    const raw = new Sqlite(file);
    raw.exec(`UPDATE meta SET value = '2026-01-01T00:00:00.000Z' WHERE key = 'created_at'`);
    raw.close();
    await (await open(file)).close();
    assert.deepEqual(reasonsOf(file), [], 'nothing was written');
    for (const text of ['y', 'z']) {
      const engine = await open(file);
      await engine.edit({ ref: 'a', messages: [userMessage(text)] });
      await engine.close();
      assert.deepEqual(reasonsOf(file), ['daily']);
    }
  });

  it('are made and looked at in a process of their own, which ends', async () => {
    const file = at('aside.db');
    await (await open(file)).close();
    const made = await maintain(engineModule, 'backup', { file, root: at('backups'), reason: 'daily' });
    assert.deepEqual([made.reason, reasonsOf(file)], ['daily', ['daily']]);
    const found = await maintain(engineModule, 'doctor', { file, root: at('backups') });
    assert.equal(found.ok, true);
    const gone = maintain(engineModule, 'backup', { file: at('nothing.db'), root: at('backups') });
    await assert.rejects(gone, failsWith('FILE_NOT_FOUND'));
  });
});
