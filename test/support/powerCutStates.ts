import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../../src/vault/database.ts';
import { migrations } from '../../src/vault/migrations.ts';
import { verifyUseCases } from '../../src/vault/verify.ts';
import { createDisk, type DiskImage, type DiskStart, seeded } from './powerCutDisk.ts';
import { type DiskChange, readChanges } from './powerCutLog.ts';

export type StatesRequest = {
  log: string;
  /** The recorded folder; the vault is `.promptvault/vault.db` in it. */
  root: string;
  start: DiskStart;
  /** Migrations after the released ones. */
  extra: string[];
  count: number;
  seed: number;
  /** Where states are laid out. */
  scratch: string;
};
/** `corrupt`: does not open or fails its checks; `torn`: no state that was ever committed; `lost`: one before what was acknowledged. */
export type Verdict = 'good' | 'corrupt' | 'torn' | 'lost';
export type StatesReport = Record<Verdict, number> & { rolledBack: number; commits: number; examples: string[] };

const vaultOf = (root: string) => join(root, '.promptvault', 'vault.db');
/** Where recorded processes keep backups. */
export const backupsOf = (root: string) => join(root, 'kept', 'backups');

/** Cuts the power at `count` random points of a recording and says what our own opening makes of each. */
export function judgeStates(request: StatesRequest): StatesReport {
  const { root, start, count, scratch } = request;
  const changes = readChanges(request.log);
  const random = seeded(request.seed);
  const { states, acknowledged } = commits(changes, request);
  const report: StatesReport = { good: 0, corrupt: 0, torn: 0, lost: 0, rolledBack: 0, commits: 0, examples: [] };
  report.commits = states.length - 1;
  const points = Array.from({ length: count }, () => Math.floor(random() * (changes.length + 1))).sort((a, b) => a - b);
  const disk = createDisk({ root, ...start });
  let done = 0;
  for (const point of points) {
    for (; done < point; done++) disk.apply(changes[done]!);
    const before = states.filter((state) => state.at <= point);
    const told = acknowledged.findLast(({ at }) => at <= point);
    const least = states.findLastIndex(({ at }) => at <= (told?.at ?? 0));
    const image = disk.afterPowerCut(random);
    const hot = image.has(`${vaultOf(root)}-journal`);
    const found = examine(image, { root, scratch, extra: request.extra });
    const gone = told?.backups.find((path) => !image.has(path));
    if (gone) found.problem ??= `the acknowledged backup ${gone} is gone`;
    const at = states.findLastIndex(({ print }, index) => print === found.print && index <= before.length);
    const verdict = found.problem ? 'corrupt' : at === -1 ? 'torn' : at < least ? 'lost' : 'good';
    report[verdict] += 1;
    if (hot && verdict === 'good') report.rolledBack += 1;
    if (verdict !== 'good' && report.examples.length < 3) {
      const where = `seed ${request.seed}, change ${point} of ${changes.length}`;
      report.examples.push(`${verdict} (${where}): ${found.problem ?? `state ${at}, acknowledged ${least}`}`);
    }
  }
  return report;
}

/** Every committed state in its order: a commit is the end of a journal, or a file that is put in the vault's place. */
function commits(changes: DiskChange[], { root, start, scratch, extra }: StatesRequest) {
  const disk = createDisk({ root, ...start });
  const states = [{ at: 0, print: examine(start.files, { root, scratch, extra }).print }];
  const acknowledged: { at: number; backups: string[] }[] = [];
  for (const [index, change] of changes.entries()) {
    disk.apply(change);
    if (change.kind === 'acknowledge') {
      const backups = [...disk.whole().keys()].filter((path) => path.startsWith(backupsOf(root)));
      acknowledged.push({ at: index + 1, backups });
    }
    const ended = change.kind === 'unlink' && change.path === `${vaultOf(root)}-journal`;
    const placed = (change.kind === 'link' || change.kind === 'rename') && change.to === vaultOf(root);
    if (!ended && !placed) continue;
    const { print, problem } = examine(disk.whole(), { root, scratch, extra });
    if (problem) throw new Error(`What was recorded is no whole vault: ${problem}`);
    states.push({ at: index + 1, print });
  }
  return { states, acknowledged };
}

type Finding = { print: string; problem?: string };

/** Opens what the power cut left, as the next start would, and takes a print of all its rows. */
function examine(
  image: DiskImage,
  { root, scratch, extra }: Pick<StatesRequest, 'root' | 'scratch' | 'extra'>,
): Finding {
  rmSync(scratch, { recursive: true, force: true });
  for (const [path, bytes] of image) {
    const target = join(scratch, relative(root, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const file = vaultOf(scratch);
  const backups = backupsOf(scratch);
  if (!existsSync(file)) return { print: 'no vault' };
  try {
    const database = openDatabase(file, {
      mode: 'write',
      actor: 'After',
      migrations: [...migrations, ...extra],
      backups,
    });
    const { problems } = verifyUseCases(database).verify();
    database.close();
    if (problems.length > 0) return { print: '', problem: JSON.stringify(problems.slice(0, 2)) };
    const print = printOf(file);
    return { print, problem: brokenBackup(backups, extra.length > 0 ? 1 : 0) };
  } catch (error) {
    return { print: '', problem: String(error) };
  }
}

function printOf(file: string): string {
  const raw = new Sqlite(file, { readonly: true });
  const tables = raw.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
  const hash = createHash('sha256');
  for (const name of tables as string[]) {
    hash.update(JSON.stringify(raw.prepare(`SELECT * FROM "${name}"`).raw().all()));
  }
  raw.close();
  return hash.digest('hex');
}

/** A migrated vault has a backup, and what is called one is one. */
function brokenBackup(folder: string, least: number): string | undefined {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const backups = names.filter((name) => name.endsWith('.db'));
  if (backups.length < least) return 'migrated without a backup';
  for (const name of backups) {
    try {
      openDatabase(join(folder, name), { mode: 'read', actor: 'After' }).close();
    } catch (error) {
      return `the backup ${name} does not open: ${error}`;
    }
  }
  return undefined;
}

process.on('message', (request: Omit<StatesRequest, 'start'> & { start: [string, string, string][] }) => {
  const start: DiskStart = {
    files: new Map(request.start.map(([path, text]) => [path, Buffer.from(text, 'base64')])),
    inodes: new Map(request.start.map(([path, _, inode]) => [path, BigInt(inode)])),
  };
  process.send?.(judgeStates({ ...request, start }), () => process.exit(0));
});
