import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { listBackups } from '../../src/vault/backup.ts';
import { openDatabase } from '../../src/vault/database.ts';
import { migrations } from '../../src/vault/migrations.ts';
import { writeOldVault } from '../support/oldVault.ts';
import { type TestVault, temporaryFolder, temporaryVault, testActor } from '../support/vaultBuilders.ts';

/** A made-up schema after the ones there are. */
const notes = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO notes (text) VALUES ('made');`;
const programs = [...migrations.map((_, n) => migrations.slice(0, n + 1)), [...migrations, notes]];

describe('PromptVaults of different versions on one vault', () => {
  let made: TestVault;
  const root = temporaryFolder();
  after(() => root.remove());
  beforeEach(() => {
    made = temporaryVault();
    made.vault.close();
    writeOldVault(made.file);
  });
  afterEach(() => made.remove());
  /** As the program does that knows schemas up to this one. */
  const open = (program: readonly string[] = [], mode: 'write' | 'read' = 'write') =>
    openDatabase(made.file, { mode, actor: testActor, migrations: program, backups: root.path });
  const schemaOf = () => {
    const raw = new Sqlite(made.file, { readonly: true });
    const schema = raw.pragma('user_version', { simple: true });
    raw.close();
    return schema;
  };

  for (const [held, has] of programs.entries()) {
    for (const [known, program] of programs.entries()) {
      const what = known < held ? 'refuses and leaves every byte' : known > held ? 'brings up to date' : 'opens';
      it(`the one that knows schema ${known + 1} ${what} where there is ${held + 1}`, () => {
        open(has).close();
        assert.equal(schemaOf(), held + 1);
        const before = readFileSync(made.file);
        if (known >= held) {
          open(program).close();
          assert.equal(schemaOf(), known + 1);
          if (known === held) assert.deepEqual(readFileSync(made.file), before);
          return;
        }
        for (const mode of ['write', 'read'] as const) {
          assert.throws(
            () => open(program, mode),
            (error: Error & { code: string; details: object }) => {
              assert.equal(error.code, 'NEWER');
              assert.deepEqual(error.details, { file: made.file, found: held + 1, known: known + 1 });
              assert.match(error.message, /Update PromptVault/);
              return true;
            },
          );
        }
        assert.deepEqual(readFileSync(made.file), before);
      });
    }
  }

  it('one that is open goes on reading nothing and writing nothing when a newer one has migrated', () => {
    const old = open(programs[0]);
    open(programs[1]).close();
    const before = readFileSync(made.file);
    assert.throws(() => old.write((tx) => tx.appendEvent({ kind: 'prompt.edited' })), { code: 'NEWER' });
    assert.throws(() => old.read(() => old.prepare('SELECT count(*) FROM versions').get()), { code: 'NEWER' });
    assert.deepEqual(readFileSync(made.file), before);
    old.close();
    const unguarded = openDatabase(made.file, {
      mode: 'write',
      actor: testActor,
      migrations: programs[0],
      without: ['schema check'],
    });
    unguarded.write((tx) => tx.appendEvent({ kind: 'prompt.edited' }));
    unguarded.close();
    assert.notDeepEqual(readFileSync(made.file), before, 'without the check the old one writes into the newer vault');
  });

  it('one that is open refuses to write once somebody has changed the rules', () => {
    const open1 = open(programs[0]);
    open1.write((tx) => tx.appendEvent({ kind: 'prompt.edited' }));
    const raw = new Sqlite(made.file);
    raw.exec('DROP TRIGGER events_update');
    raw.close();
    const before = readFileSync(made.file);
    assert.throws(() => open1.write((tx) => tx.appendEvent({ kind: 'prompt.edited' })), { code: 'FOREIGN' });
    assert.deepEqual(readFileSync(made.file), before);
    open1.close();
  });

  it('three that migrate at once: one does it, after one backup, and the others wait and go on', async function () {
    this.timeout(30_000);
    const backups = join(root.path, 'at-once');
    const slow = `${notes} CREATE TABLE busy AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 400000) SELECT x FROM c;`;
    const start = String(Date.now() + 1500);
    const script = join(import.meta.dirname, '../support/migrateOnce.ts');
    const seen = await Promise.all([1, 2, 3].map(() => runChild([script, made.file, backups, start, slow])));
    assert.deepEqual(seen, [{ made: 1 }, { made: 1 }, { made: 1 }]);
    assert.equal(listBackups(backups, { file: made.file }).length, 1);
    const raw = new Sqlite(made.file, { readonly: true });
    assert.equal(raw.prepare('SELECT count(*) FROM busy').pluck().get(), 400_000);
    assert.equal(raw.prepare(`SELECT count(*) FROM events WHERE reason LIKE 'process %'`).pluck().get(), 3);
    assert.equal(raw.pragma('integrity_check', { simple: true }), 'ok');
    raw.close();
    assert.deepEqual(
      readdirSync(join(made.file, '..')).filter((name) => /journal|tmp/.test(name)),
      [],
    );
  });

  it('would migrate twice without a second look under the lock', () => {
    const raws = [1, 2].map(() => new Sqlite(made.file, { timeout: 5000 }));
    const versions = raws.map((raw) => raw.pragma('user_version', { simple: true }));
    const migrateBlindly = (raw: Sqlite.Database | undefined) =>
      raw?.exec(`BEGIN EXCLUSIVE; ${notes} PRAGMA user_version = 2; COMMIT`);
    assert.deepEqual(versions, [1, 1]);
    migrateBlindly(raws[0]);
    assert.throws(() => migrateBlindly(raws[1]), /already exists/);
    for (const raw of raws) {
      if (raw.inTransaction) raw.exec('ROLLBACK');
      raw.close();
    }
  });
});

function runChild(args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(JSON.parse(out))));
}
