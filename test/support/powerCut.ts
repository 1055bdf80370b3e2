import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { forkEngine } from '../../src/engine/engineClient.ts';
import { openVault } from '../../src/vault/vault.ts';
import { runCli } from './cliProcess.ts';
import { engineModule, noHost } from './engineProcesses.ts';
import { createDisk, type DiskImage, type DiskStart, readImage, readStart, seeded } from './powerCutDisk.ts';
import { acknowledge, compileRecorder, readChanges, recordingTo } from './powerCutLog.ts';
import { backupsOf, type StatesReport } from './powerCutStates.ts';
import { createReleased } from './vaultBuilders.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const actor = 'Ada <ada@example.org>';
const said = (content: string) => [{ role: 'user' as const, content }];
const addNotes = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  INSERT INTO notes (text) SELECT path FROM prompts;`;

/** What real processes did to a folder, to be replayed. */
export type Recording = { root: string; log: string; start: DiskStart; extra: string[] };
export type Recorder = ReturnType<typeof createRecorder>;

/** Records scenarios and cuts the power in their replay. Works in memory where the system offers a folder for that. */
export function createRecorder() {
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'promptvault-power-'));
  const library = compileRecorder(home);
  let scenarios = 0;

  function place(): Omit<Recording, 'start'> & { env: Record<string, string>; file: string } {
    scenarios += 1;
    const root = join(home, `scenario${scenarios}`);
    const log = join(home, `scenario${scenarios}.log`);
    mkdirSync(root);
    writeFileSync(log, '');
    const file = join(root, '.promptvault', 'vault.db');
    return { root, log, extra: [], file, env: recordingTo({ library, root, log }) };
  }
  return {
    /** A vault's life by command line and engine, one acknowledged write after the other. */
    async life(synchronous?: 'FULL' | 'OFF'): Promise<Recording> {
      const { root, log, extra, file, env } = place();
      const tell = async (done: Promise<unknown>) => {
        await done;
        acknowledge(log);
      };
      const cli = async (args: string[], stdin?: string) => {
        const { exit, stderr } = await runCli([...args, '--vault', file], { env, stdin });
        assert.equal(exit, 0, stderr);
        acknowledge(log);
      };
      const start = readStart(root);
      await tell(runCli(['init', root], { env }));
      await liveOn({ file, env: { ...env, ...(synchronous && { POWER_CUT_SYNCHRONOUS: synchronous }) } }, tell);
      if (!synchronous) {
        await cli(['edit', 'p1@1.1'], 'from the command line');
        await cli(['promote', 'p1@1.1']);
        const folder = join(home, `patterns${scenarios}`);
        mkdirSync(folder);
        for (let n = 0; n < 40; n++) writeFileSync(join(folder, `i${n}.md`), `Imported ${n} ${'x'.repeat(n * 40)}`);
        await cli(['import', folder, '--folder', 'imported']);
      }
      return complete({ root, log, start, extra });
    },
    /** An older vault is opened by a program with one more migration. */
    async migration(): Promise<Recording> {
      const { root, log, file, env } = place();
      const vault = openVault(file, { actor, mode: 'create' });
      for (let n = 0; n < 10; n++) createReleased(vault, { path: `p${n}`, messages: said('x'.repeat(n * 700)) });
      vault.close();
      const start = readStart(root);
      const args = [here('./powerCutMigrate.ts'), file, addNotes, backupsOf(root)];
      await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
      acknowledge(log);
      return complete({ root, log, start, extra: [addNotes] });
    },
    /** A backup is made and, after more work, takes the vault's place. */
    async restore(): Promise<Recording> {
      const { root, log, extra, file, env } = place();
      const vault = openVault(file, { actor, mode: 'create' });
      createReleased(vault, { path: 'p', messages: said('x'.repeat(5000)) });
      vault.close();
      const start = readStart(root);
      const cli = async (args: string[], stdin?: string) => {
        const own = { ...env, PROMPTVAULT_BACKUPS: backupsOf(root) };
        const { exit, stdout, stderr } = await runCli([...args, '--vault', file, '--json'], { env: own, stdin });
        assert.equal(exit, 0, stderr);
        acknowledge(log);
        return JSON.parse(stdout);
      };
      const { file: backup } = await cli(['backup']);
      await cli(['new', 'later'], 'made after the backup');
      await cli(['restore', backup]);
      await cli(['new', 'last'], 'made after the restore');
      return complete({ root, log, start, extra });
    },
    /** A vault is opened after a power cut, and the power is cut again meanwhile. */
    async secondCut(first: Recording): Promise<Recording> {
      const { root, log, extra, file, env } = place();
      for (const [path, bytes] of interrupted(first)) {
        const target = join(root, relative(first.root, path));
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, bytes);
      }
      const start = readStart(root);
      const args = ['list', '--vault', file];
      const { exit, stderr } = await runCli(args, { env });
      assert.equal(exit, 0, stderr);
      acknowledge(log);
      return complete({ root, log, start, extra });
    },
    /** `count` power cuts, judged by two processes. */
    async cut(recording: Recording, count: number, seed = Math.floor(Math.random() * 2 ** 31)): Promise<StatesReport> {
      const { files, inodes } = recording.start;
      const start = [...files].map(([path, bytes]) => [path, bytes.toString('base64'), String(inodes.get(path))]);
      const half = (part: number) => {
        const scratch = join(home, `state${process.pid}-${scenarios}-${part}`);
        const share = part === 0 ? Math.ceil(count / 2) : Math.floor(count / 2);
        return judge({ ...recording, start, count: share, seed: seed + part, scratch });
      };
      const reports = await Promise.all([half(0), half(1)]);
      return reports.reduce((sum, one) => ({
        good: sum.good + one.good,
        corrupt: sum.corrupt + one.corrupt,
        torn: sum.torn + one.torn,
        lost: sum.lost + one.lost,
        rolledBack: sum.rolledBack + one.rolledBack,
        commits: one.commits,
        examples: [...sum.examples, ...one.examples],
      }));
    },
    clean: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** What was recorded is all that happened, or the replay would prove nothing. */
function complete(recording: Recording): Recording {
  const disk = createDisk({ root: recording.root, ...recording.start });
  for (const change of readChanges(recording.log)) disk.apply(change);
  const [replayed, real] = [disk.whole(), readImage(recording.root)];
  assert.deepEqual([...replayed.keys()].sort(), [...real.keys()].sort());
  for (const [path, bytes] of real) assert.ok(replayed.get(path)?.equals(bytes), `${path} was recorded wholly`);
  return recording;
}

/** A state with a journal that has to be rolled back. */
function interrupted({ root, log, start }: Recording): DiskImage {
  const disk = createDisk({ root, ...start });
  const random = seeded(Math.floor(Math.random() * 2 ** 31));
  const changes = readChanges(log);
  const from = changes.length * (0.3 + random() * 0.5);
  for (const [index, change] of changes.entries()) {
    disk.apply(change);
    const isPage = change.kind === 'write' && change.data.length === 4096;
    if (index < from || !isPage) continue;
    const image = disk.afterPowerCut(random);
    const journal = image.get(join(root, '.promptvault', 'vault.db-journal'));
    // With its mark and at least one page.
    if (journal && journal.length > 4096 && journal.readUInt32BE(0) === 0xd9d505f9 && journal.readUInt32BE(8) > 0) {
      return image;
    }
  }
  throw new Error('No write was interrupted');
}

async function liveOn(
  place: { file: string; env: NodeJS.ProcessEnv },
  tell: (done: Promise<unknown>) => Promise<void>,
) {
  const modulePath = place.env.POWER_CUT_SYNCHRONOUS ? here('./powerCutEngine.ts') : engineModule;
  const before = { ...process.env };
  Object.assign(process.env, place.env);
  const engine = await forkEngine({ modulePath, file: place.file, actor, mode: 'write', host: noHost }).finally(() => {
    for (const name of Object.keys(place.env)) delete process.env[name];
    Object.assign(process.env, before);
  });
  for (let n = 0; n < 8; n++) {
    const path = `p${n}`;
    await tell(engine.create({ path, messages: said(`Sort ${n} ${'mail '.repeat(n * n * 60)}`), tags: [`t${n % 3}`] }));
    await tell(engine.edit({ ref: path, messages: said(`Sort ${n} better`), rationale: 'Shorter' }));
    await tell(engine.promote({ ref: `${path}@1.0` }));
    await tell(engine.promote({ ref: `${path}@1.0`, expectStage: 'TST' }));
    await tell(engine.createVersion({ ref: `${path}@1.0` }));
    if (n % 2 === 1) continue;
    await tell(engine.promote({ ref: `${path}@1.1` }));
    await tell(engine.promote({ ref: `${path}@1.1` }));
    await tell(engine.rollback({ path, to: '1.0', reason: 'It was better' }));
    await tell(engine.move({ path, to: `moved/${path}` }));
  }
  await tell(engine.deleteVersion({ ref: 'p3@1.1' }));
  await engine.close();
}

type JudgeMessage = Omit<Recording, 'start'> & { start: string[][]; count: number; seed: number; scratch: string };

function judge(message: JudgeMessage): Promise<StatesReport> {
  const child = fork(here('./powerCutStates.ts'), { execArgv: [] });
  return new Promise((resolve, reject) => {
    let report: StatesReport | undefined;
    child.on('message', (answer) => {
      report = answer as StatesReport;
    });
    child.on('exit', (code) => (report ? resolve(report) : reject(new Error(`The judge ended with ${code}`))));
    child.send(message);
  });
}
