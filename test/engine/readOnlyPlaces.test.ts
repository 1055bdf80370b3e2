import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { placeOf } from '../../src/vault/place.ts';
import { openVault } from '../../src/vault/vault.ts';
import { runCli } from '../support/cliProcess.ts';
import { failsWith, workplace } from '../support/engineProcesses.ts';
import { writeOldVault } from '../support/oldVault.ts';
import { temporaryFolder, testActor, userMessage } from '../support/vaultBuilders.ts';

type Seen = { [name: string]: unknown; message: string; written: number; added: number };
const script = join(import.meta.dirname, '../support/useReadOnly.ts');
const isRoot = process.getuid?.() === 0;
/** root may write anything, so root asks nobody. */
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
const looked = { prompts: 1, shown: 'first', differs: true, exported: true, whole: true };

describe('where a vault cannot be written', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    file = join(folder.path, 'vault.db');
    const vault = openVault(file, { actor: testActor, mode: 'create' });
    vault.create({ path: 'a', messages: [userMessage('first')] });
    vault.createVersion({ ref: 'a@1.0' });
    vault.edit({ ref: 'a@1.1', messages: [userMessage('second')] });
    vault.close();
    chmodSync(file, 0o666);
  });
  afterEach(() => {
    chmodSync(folder.path, 0o755);
    folder.remove();
  });

  function use(
    target: string,
    {
      shell,
      ...options
    }: { uid?: number; shell?: string; length?: number; times?: number; env?: NodeJS.ProcessEnv } = {},
  ): Seen {
    const { length = 100, times = 1, ...as } = options;
    const node = [process.execPath, script, target, String(length), String(times)];
    const [command = '', ...args] = shell ? ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...node] : node;
    const { stdout, stderr, signal } = spawnSync(command, args, { encoding: 'utf8', ...as });
    assert.ok(stdout, `${signal} ${stderr}`);
    return JSON.parse(stdout);
  }
  function requireReadOnly(seen: Seen, reason: RegExp): void {
    const { write, written, added, logged, readOnly, message, readOnlyReason, ...rest } = seen;
    assert.deepEqual(rest, looked);
    assert.deepEqual([write, written, added, logged, readOnly], ['READ_ONLY', 0, 0, 0, true]);
    assert.match(`${readOnlyReason} ${message}`, reason);
  }

  for (const [what, lock] of [
    ['file', () => chmodSync(file, 0o444)],
    ['folder', () => chmodSync(folder.path, 0o555)],
  ] as const) {
    it(`a read-only ${what}: looking, comparing and exporting work, writing says why`, () => {
      const before = readFileSync(file);
      lock();
      requireReadOnly(use(file, nobody), new RegExp(`The vault's ${what} .* cannot be written`));
      assert.deepEqual(readFileSync(file), before);
      assert.deepEqual(readdirSync(folder.path), ['vault.db']);
    });
  }

  it('an older PromptVault’s vault in a read-only folder: the same, through a copy that leaves nothing behind', () => {
    writeOldVault(file);
    chmodSync(file, 0o444);
    const before = readFileSync(file);
    chmodSync(folder.path, 0o555);
    const scratch = temporaryFolder();
    chmodSync(scratch.path, 0o777);
    const { prompts, ...seen } = use(file, { ...nobody, env: { ...process.env, TMPDIR: scratch.path } });
    assert.ok((prompts as number) >= 4);
    requireReadOnly({ ...seen, prompts: 1 } as Seen, /older PromptVault \(schema 1\)/);
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual([readdirSync(folder.path), readdirSync(scratch.path)], [['vault.db'], []]);
    scratch.remove();
  });

  it('a read-only mount: the same, for root too', function () {
    const point = join(folder.path, 'mounted');
    mkdirSync(point);
    const bound = spawnSync('mount', ['--bind', folder.path, point]).status === 0;
    const mounted = bound && spawnSync('mount', ['-o', 'remount,ro,bind', point]).status === 0;
    try {
      if (!mounted) this.skip();
      const before = readFileSync(file);
      requireReadOnly(use(join(point, 'vault.db')), /cannot be written/);
      assert.deepEqual(readFileSync(file), before);
    } finally {
      if (bound) spawnSync('umount', [point]);
    }
  });

  /** What is there is whole, each write is there or not at all, and the reason is said. */
  function requireWhole(seen: Seen, target: string): void {
    const { write, written, added, message, readOnly, readOnlyReason, logged, ...rest } = seen;
    assert.deepEqual(rest, looked);
    assert.equal(write, 'READ_ONLY');
    assert.match(message, /full|disk|written/);
    assert.ok(written > 0, 'there was room for some');
    assert.equal(added, written, 'what was refused is not there, what was not is');
    const again = openVault(target, { actor: testActor });
    assert.deepEqual(again.verify().problems, []);
    assert.equal(again.info().prompts, written + 1);
    again.close();
  }

  it('a full disk: every write is there or was refused, and reading goes on', function () {
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) this.skip();
    try {
      const target = join(disk, 'vault.db');
      copyFileSync(file, target);
      requireWhole(use(target, { length: 20_000, times: 200 }), target);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('a file that may not grow: the same', () => {
    // In blocks of 512 bytes.
    const blocks = Math.ceil(statSync(file).size / 512) + 800;
    requireWhole(use(file, { shell: `ulimit -f ${blocks}`, length: 20_000, times: 200 }), file);
  });

  it('a write that is cut off stays half done without a journal: the same disk, SQLite’s guard switched off', () => {
    const blocks = Math.ceil(statSync(file).size / 512) + 100;
    const code = `const Sqlite = require('better-sqlite3'); const d = new Sqlite(process.argv[1]); d.pragma('journal_mode = OFF');
      d.pragma('synchronous = OFF'); d.pragma('cache_size = 1');
      try { d.exec("BEGIN; CREATE TABLE filler (x)"); for (let i = 0; i < 500; i++) d.prepare('INSERT INTO filler VALUES (randomblob(3000))').run(); d.exec('COMMIT'); } catch { }`;
    const cwd = join(import.meta.dirname, '../..');
    spawnSync('sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, '-e', code, file], { cwd });
    let whole = true;
    try {
      const raw = new Sqlite(file, { readonly: true });
      whole = raw.pragma('integrity_check', { simple: true }) === 'ok';
      raw.close();
    } catch {
      whole = false;
    }
    assert.equal(whole, false);
  });

  it('a backup place that cannot be written stops a large import before it begins, and says what to set', async () => {
    const prompts = join(folder.path, 'prompts');
    mkdirSync(prompts);
    for (let n = 0; n < 101; n += 1) writeFileSync(join(prompts, `p${n}.txt`), `Prompt ${n}`);
    const inTheWay = { PROMPTVAULT_BACKUPS: join(file, 'backups') };
    const refused = await runCli(['import', prompts, '--vault', file], { cwd: folder.path, env: inTheWay });
    assert.equal(refused.exit, 1);
    assert.match(refused.stderr, /PROMPTVAULT_BACKUPS/);
    const vault = openVault(file, { actor: testActor, mode: 'read' });
    assert.equal(vault.info().prompts, 1);
    vault.close();
    const backups = join(folder.path, 'backups');
    const done = await runCli(['import', prompts, '--vault', file], {
      cwd: folder.path,
      env: { PROMPTVAULT_BACKUPS: backups },
    });
    assert.equal(done.exit, 0, done.stderr);
    assert.match(readdirSync(join(backups, readdirSync(backups)[0] ?? '')).join(), /_import\.db$/);
  });
});

describe('the place of a vault', () => {
  const on = (type: number) => placeOf('/somewhere/vault.db', { platform: 'linux', typeOf: () => type });

  it('is warned about on a network, whose locks may not hold', () => {
    for (const type of [0x6969, 0xff534d42, -11317950, 0x01021997, 0x65735546]) {
      const { network, warning } = on(type);
      assert.ok(network, type.toString(16));
      assert.match(warning ?? '', /one machine at a time/);
    }
    for (const file of [
      '\\\\server\\share\\vault.db',
      '//server/share/vault.db',
      '\\\\?\\UNC\\server\\share\\vault.db',
    ]) {
      assert.ok(placeOf(file, { platform: 'win32', typeOf: () => 0 }).network, file);
    }
  });

  it('is no matter on a local disk', () => {
    for (const type of [0xef53, 0x58465342, 0x01021994, 0x12345678]) assert.equal(on(type).warning, null);
    for (const file of ['C:\\work\\vault.db', '\\\\?\\C:\\work\\vault.db']) {
      assert.equal(placeOf(file, { platform: 'win32', typeOf: () => 0 }).network, false, file);
    }
    const folder = temporaryFolder();
    assert.equal(placeOf(join(folder.path, 'vault.db')).network, false);
    folder.remove();
  });

  it('is one path, however many links lead to it: two windows see each other', async () => {
    const place = workplace();
    try {
      const one = await place.fork();
      const linked = join(place.folder, 'linked');
      symlinkSync(dirname(place.file), linked);
      const two = await place.fork({ file: join(linked, 'vault.db'), mode: 'write' });
      const { file } = await one.info();
      assert.equal((await two.info()).file, file);
      await one.create({ path: 'a', messages: [userMessage('x')] });
      assert.equal((await two.list({})).total, 1);
    } finally {
      await place.clean();
    }
  });

  it('belongs to one engine: a process that has one vault open takes no second', async () => {
    const place = workplace();
    try {
      const engine = await place.fork();
      const open = engine as unknown as { open?: unknown };
      assert.equal(open.open, undefined, 'nobody can ask for it through the client');
      const other = await place.fork({ file: join(place.folder, 'other', 'vault.db') });
      await engine.create({ path: 'mine', messages: [userMessage('x')] });
      assert.equal((await other.list({})).total, 0);
      assert.notEqual(engine.pids[0], other.pids[0]);
      await assert.rejects(other.show({ ref: 'mine' }), failsWith('NOT_FOUND'));
    } finally {
      await place.clean();
    }
  });
});
