/** Works on a vault until it is killed, and writes into a diary what it is about to do and what it was told is done. */
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { importPrompts } from '../../src/exchange/importPrompts.ts';
import { openDatabase } from '../../src/vault/database.ts';
import { migrations } from '../../src/vault/migrations.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';

export type KillTask = 'life' | 'import' | 'migration';
export type WorkerOrder = {
  task: KillTask;
  file: string;
  diary: string;
  /** Run on each connection after it was set up, to take a guard away or to make damage likelier. */
  pragmas: string[];
  /** A folder to import, or the older vault to migrate. */
  source: string;
};
/** One line of the diary. */
export type Entry = { begun: string } | { done: string; seq?: number; hash?: string };
/** Makes the migration long enough to be met. */
export const slowMigration = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
  INSERT INTO notes (text) SELECT 'note ' || i || hex(zeroblob(50)) FROM n;`;
const actor = 'Ada <ada@example.org>';
/** Opens as a program with one more migration; its backups stay beside the vault. */
export const newerProgram = (file: string) => ({
  mode: 'write' as const,
  actor,
  migrations: [...migrations, slowMigration],
  backups: join(dirname(file), 'backups'),
});
const paths = ['p0', 'p1', 'p2', 'p3'];

export async function work({ task, file, diary, pragmas, source }: WorkerOrder): Promise<void> {
  const write = (entry: Entry) => appendFileSync(diary, `${JSON.stringify(entry)}\n`);
  if (task === 'migration') {
    process.send?.('ready');
    for (let n = 0; ; n++) {
      migrateCopy({ source, file: join(dirname(file), `m${process.pid}-${n}`, 'vault.db'), write });
      if (await isAlone()) return;
    }
  }
  applyPragmas(pragmas);
  const vault = openVault(file, { actor, mode: 'create' });
  const done = (what: string) => {
    const last = vault.database.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').get();
    write({ done: what, ...last });
  };
  for (const path of paths) {
    if (vault.list({ search: path }).total === 0) vault.create({ path, messages: [{ role: 'user', content: path }] });
  }
  process.send?.('ready');
  for (let n = 0; ; n++) {
    if (task === 'import') {
      const folder = `r${process.pid}-${n}`;
      write({ begun: folder });
      await importPrompts(vault, { sources: [source], folder }, { onProgress: () => done(folder) });
    } else liveOn(vault, paths[Math.floor(Math.random() * paths.length)] ?? 'p0', { write, done });
    if (await isAlone()) return;
  }
}

function applyPragmas(pragmas: string[]): void {
  const { pragma } = Sqlite.prototype;
  Sqlite.prototype.pragma = function (text, ...rest) {
    const answer = pragma.call(this, text, ...rest);
    if (text === 'journal_mode = DELETE') for (const more of pragmas) pragma.call(this, more);
    return answer;
  };
}

/** The parent may have gone without a word, which shows only after a pause. */
async function isAlone(): Promise<boolean> {
  await setImmediate();
  return !process.connected;
}

/** One step of a prompt's life: always one transaction. */
function liveOn(vault: Vault, path: string, tell: { write(entry: Entry): void; done(what: string): void }): void {
  const { versions } = vault.history({ path });
  const draft = versions.find(({ stage }) => stage === 'DEV' || stage === 'TST');
  const retired = versions.find(({ stage }) => stage === 'RET');
  if (draft) {
    const steps = [`edit ${path}`, `promote ${draft.stage}`];
    const step = steps[Math.random() < 0.2 ? 0 : 1] ?? '';
    const ref = `${path}@${draft.version}`;
    tell.write({ begun: step });
    const content = `${Math.random()} ${'x'.repeat(Math.random() * 9000)}`;
    if (step === steps[0]) vault.edit({ ref, expectRevision: draft.revision, messages: [{ role: 'user', content }] });
    else vault.promote({ ref });
    tell.done(step);
  } else if (retired && Math.random() < 0.6) {
    tell.write({ begun: 'rollback' });
    vault.rollback({ path, to: retired.version, reason: 'It was better' });
    tell.done('rollback');
  } else {
    tell.write({ begun: 'version' });
    vault.createVersion({ ref: `${path}@${versions[0]?.version}` });
    tell.done('version');
  }
}

function migrateCopy({ source, file, write }: { source: string; file: string; write(entry: Entry): void }): void {
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(source, file);
  write({ begun: file });
  openDatabase(file, newerProgram(file)).close();
  write({ done: file });
}

if (process.env.KILL_WORKER) await work(JSON.parse(process.env.KILL_WORKER) as WorkerOrder);
