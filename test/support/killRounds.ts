import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openDatabase } from '../../src/vault/database.ts';
import { verifyUseCases } from '../../src/vault/verify.ts';
import { type Entry, type KillTask, newerProgram, type WorkerOrder } from './killWorker.ts';
import { cacheDir } from './npmTool.ts';
import { createReleased, temporaryVault } from './vaultBuilders.ts';

export type KillReport = {
  kills: number;
  /** Killed between the beginning and the end of a write. */
  midWrite: number;
  /** Left a journal behind that the next opening had to undo. */
  journals: number;
  acknowledged: number;
  /** What was found broken; one entry per kill. */
  bad: string[];
};
type RoundOptions = { task: KillTask; count: number; pragmas?: string[] };

/** About as long as some writes of the kind take. */
const windowMs: Record<KillTask, number> = { life: 50, import: 250, migration: 120 };
/** Files per import: two whole batches. */
const importSize = 64;
/** A new vault now and then keeps looking through it quick. */
const killsPerVault = 25;
/** What a step adds to the log, whole. */
const kindsOf: Record<string, string[][]> = {
  edit: [['version.edited']],
  version: [['version.created']],
  'promote DEV': [['version.promoted']],
  'promote TST': [['version.promoted'], ['version.promoted', 'version.retired']],
  rollback: [['version.created', 'version.promoted', 'version.promoted', 'version.retired', 'version.rolledBack']],
};

/** Kills workers at random moments and looks each time at what they left; two vaults at a time. */
export async function killRounds(options: RoundOptions): Promise<KillReport> {
  const script = await bundledWorker();
  const half = Math.floor(options.count / 2);
  const lanes = [options.count - half, half].map((count) => killLane(script, { ...options, count }));
  const [first, second] = (await Promise.all(lanes).finally(() => rmSync(script))) as [KillReport, KillReport];
  return {
    kills: first.kills + second.kills,
    midWrite: first.midWrite + second.midWrite,
    journals: first.journals + second.journals,
    acknowledged: first.acknowledged + second.acknowledged,
    bad: [...first.bad, ...second.bad],
  };
}

async function killLane(script: string, { task, count, pragmas = [] }: RoundOptions): Promise<KillReport> {
  const home = mkdtempSync(join(tmpdir(), 'promptvault-kill-'));
  const report: KillReport = { kills: 0, midWrite: 0, journals: 0, acknowledged: 0, bad: [] };
  const source = task === 'import' ? filesToImport(home) : olderVault(home);
  try {
    for (let vault = 0; report.kills < count; vault++) {
      const folder = join(home, `v${vault}`);
      mkdirSync(folder);
      const order: WorkerOrder = {
        task,
        file: join(folder, 'vault.db'),
        diary: join(folder, 'diary'),
        pragmas,
        source,
      };
      for (let n = 0; n < killsPerVault && report.kills < count; n++) {
        writeFileSync(order.diary, '');
        await killOne(script, order);
        const problem = examine(order, report);
        report.kills += 1;
        if (problem) {
          report.bad.push(problem);
          break;
        }
      }
      rmSync(folder, { recursive: true, force: true });
    }
    return report;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** One file starts in a fraction of the time that the sources take. */
async function bundledWorker(): Promise<string> {
  const outfile = join(cacheDir, 'out', `killWorker-${process.pid}-${Date.now()}.mjs`);
  const worker = fileURLToPath(new URL('./killWorker.ts', import.meta.url));
  await build({
    entryPoints: [worker],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['better-sqlite3'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    logLevel: 'silent',
  });
  return outfile;
}

async function killOne(script: string, order: WorkerOrder): Promise<void> {
  const env = { ...process.env, KILL_WORKER: JSON.stringify(order) };
  const child: ChildProcess = fork(script, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const gone = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message'), gone.then(() => undefined)]);
  if (!ready) throw new Error(`The worker ended by itself: ${said}`);
  // However slow the machine, half of them get to finish something first.
  if (Math.random() < 0.5) await firstDone(order.diary, gone);
  await setTimeout(Math.random() * windowMs[order.task]);
  // A moment within the millisecond.
  for (const until = performance.now() + Math.random(); performance.now() < until; );
  child.kill('SIGKILL');
  const [code] = await gone;
  if (code !== null) throw new Error(`The worker ended by itself: ${said}`);
}

async function firstDone(diary: string, gone: Promise<unknown>): Promise<void> {
  const ended = gone.then(() => true);
  while (!readFileSync(diary, 'utf8').includes('"done"')) {
    if (await Promise.race([ended, setTimeout(2)])) return;
  }
}

/** What is wrong after a kill, or undefined. */
function examine(order: WorkerOrder, report: KillReport): string | undefined {
  // A line that was cut short is a write nobody was told of.
  const lines = readFileSync(order.diary, 'utf8').split('\n').slice(0, -1);
  const entries = lines.map((line) => JSON.parse(line) as Entry);
  const last = entries.at(-1);
  report.acknowledged += entries.filter((entry) => 'done' in entry).length;
  if (last && 'begun' in last) report.midWrite += 1;
  try {
    if (order.task === 'migration') return examineMigrations(entries, report);
    if (existsSync(`${order.file}-journal`)) report.journals += 1;
    return examineVault(order, entries);
  } catch (error) {
    return String(error);
  }
}

function examineMigrations(entries: Entry[], report: KillReport): string | undefined {
  for (const entry of entries.slice(-3)) {
    const file = 'begun' in entry ? entry.begun : entry.done;
    if (existsSync(`${file}-journal`)) report.journals += 1;
    // What was told to be migrated is; the one under way is wholly old or wholly new, and is finished by the next opening.
    if ('done' in entry) openDatabase(file, { ...newerProgram(file), mode: 'read' }).close();
    const database = openDatabase(file, newerProgram(file));
    const { problems } = verifyUseCases(database).verify();
    const notes = database.prepare('SELECT count(*) FROM notes').pluck().get<number>();
    database.close();
    if (problems.length > 0) return JSON.stringify(problems);
    if (notes !== 2000) return `${notes} notes`;
  }
  for (const entry of entries) if ('done' in entry) rmSync(dirname(entry.done), { recursive: true, force: true });
  return undefined;
}

function examineVault({ file, task }: WorkerOrder, entries: Entry[]): string | undefined {
  const database = openDatabase(file, { mode: 'write', actor: 'x' });
  try {
    const { problems } = verifyUseCases(database).verify();
    if (problems.length > 0) return JSON.stringify(problems.slice(0, 3));
    const two = database
      .prepare(`SELECT prompt_id FROM versions WHERE stage = 'PRD' GROUP BY prompt_id HAVING count(*) > 1`)
      .get();
    if (two) return 'two versions in production';
    const hashOf = database.prepare('SELECT hash FROM events WHERE seq = ?').pluck();
    let seq = 0;
    for (const entry of entries) {
      if (!('done' in entry)) continue;
      seq = entry.seq ?? 0;
      if (hashOf.get(seq) !== entry.hash) return `${entry.done} (event ${seq}) was acknowledged and is lost`;
    }
    const last = entries.at(-1);
    if (task === 'import') {
      const counts = database
        .prepare('SELECT DISTINCT count(*) FROM prompts WHERE folder <> ? GROUP BY folder')
        .pluck()
        .all<number>('');
      const half = counts.find((count) => ![importSize / 2, importSize].includes(count));
      return half === undefined ? undefined : `${half} prompts of a batch`;
    }
    const tail = database.prepare('SELECT kind FROM events WHERE seq > ? ORDER BY seq').pluck().all<string>(seq);
    if (seq === 0 || tail.length === 0) return undefined;
    if (!last || !('begun' in last)) return `${tail} came after the last acknowledged write`;
    const step = last.begun.startsWith('edit') ? 'edit' : last.begun;
    const whole = kindsOf[step]?.some((kinds) => kinds.join() === tail.join());
    return whole ? undefined : `half of ${step}: ${tail}`;
  } finally {
    database.close();
  }
}

function filesToImport(home: string): string {
  const folder = join(home, 'prompts');
  mkdirSync(folder);
  for (let n = 0; n < importSize; n++) writeFileSync(join(folder, `f${n}.md`), `Prompt ${n} ${'text '.repeat(n * 5)}`);
  return folder;
}

function olderVault(home: string): string {
  const { vault, file, remove } = temporaryVault();
  for (let n = 0; n < 5; n++) createReleased(vault, { path: `p${n}` });
  vault.close();
  const target = join(home, 'older.db');
  writeFileSync(target, readFileSync(file));
  remove();
  return target;
}
