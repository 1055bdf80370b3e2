import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { ErrorCode } from '../../../src/shared/errors.ts';
import { applicationId, migrations } from '../../../src/vault/migrations.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { useVaultFile, writeVault } from '../../support/useVaultFile.ts';
import { aPrompt, temporaryVault, testActor } from '../../support/vaultBuilders.ts';

const actor = testActor;
/** Names and bytes of everything in a folder. */
function photograph(folder: string) {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);
}

describe('opening a vault', () => {
  let folder: string;
  let file: string;
  useVaultFile((place) => {
    ({ folder, file } = place);
  });

  function change(...statements: string[]): void {
    const raw = new Sqlite(file);
    for (const sql of statements) raw.exec(sql);
    raw.close();
  }

  const strangers: [what: string, make: () => void, code: ErrorCode][] = [
    ['an empty file', () => writeFileSync(file, ''), 'FOREIGN'],
    ['a text', () => writeFileSync(file, 'name: x\n'.repeat(500)), 'FOREIGN'],
    ['random bytes', () => writeFileSync(file, Buffer.alloc(8192, 'x7Q')), 'FOREIGN'],
    ['a folder', () => mkdirSync(file), 'FOREIGN'],
    ['another program’s database', () => change('CREATE TABLE prompts (id INTEGER)'), 'FOREIGN'],
    [
      'a database that only claims to be a vault',
      () =>
        change(
          `PRAGMA application_id = ${applicationId}`,
          'PRAGMA user_version = 1',
          'CREATE TABLE prompts (id INTEGER)',
        ),
      'FOREIGN',
    ],
    [
      'a vault with a trigger that is not ours',
      () => {
        writeVault(file);
        change(`CREATE TRIGGER evil AFTER INSERT ON contents BEGIN DELETE FROM prompt_tags; END`);
      },
      'FOREIGN',
    ],
    [
      'a vault with a rule taken away',
      () => {
        writeVault(file);
        change('DROP TRIGGER versions_frozen');
      },
      'FOREIGN',
    ],
    [
      'a vault with an endless view',
      () => {
        writeVault(file);
        change('CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT * FROM c');
      },
      'FOREIGN',
    ],
    [
      'a vault of a newer PromptVault',
      () => {
        writeVault(file);
        change(`PRAGMA user_version = ${migrations.length + 1}`, 'CREATE TABLE later (x)');
      },
      'NEWER',
    ],
    [
      'a vault whose schema is destroyed',
      () => {
        writeVault(file);
        const bytes = readFileSync(file);
        bytes.fill(0xff, 100, 2000);
        writeFileSync(file, bytes);
      },
      'DAMAGED',
    ],
    [
      'a vault cut off in its first page',
      () => {
        writeVault(file);
        truncateSync(file, 1000);
      },
      'DAMAGED',
    ],
  ];
  for (const [what, make, code] of strangers) {
    for (const mode of ['write', 'create', 'read'] as const) {
      it(`refuses ${what} with ${code} and leaves every byte (${mode})`, () => {
        make();
        const isFile = statSync(file).isFile();
        const before = isFile ? photograph(folder) : null;
        assert.throws(() => openVault(file, { actor, mode }), { code });
        if (isFile) assert.deepEqual(photograph(folder), before);
      });
    }
  }

  it('says what is missing, and makes nothing unless told', () => {
    assert.throws(() => openVault(file, { actor }), { code: 'FILE_NOT_FOUND', details: { file } });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('opens what ANALYZE has been over', () => {
    writeVault(file);
    change('ANALYZE');
    const vault = openVault(file, { actor });
    assert.equal(vault.list({}).total, 1);
    vault.close();
  });

  it('makes a vault for its owner alone, with its companions in a folder of ours', () => {
    const made = temporaryVault();
    const names = readdirSync(dirname(made.file)).sort();
    assert.deepEqual(names, ['.gitattributes', '.gitignore', 'vault.db']);
    if (process.platform !== 'win32') assert.equal(statSync(made.file).mode & 0o777, 0o600);
    assert.deepEqual(
      made.vault.eventsAfter({ seq: 0 }).map(({ kind, actor: who }) => [kind, who]),
      [['vault.created', actor]],
    );
    assert.equal(made.vault.info().schema, migrations.length);
    made.remove();
    openVault(file, { actor, mode: 'create' }).close();
    assert.deepEqual(readdirSync(folder), ['vault.db']);
  });

  it('never overwrites a companion file', () => {
    const ours = join(folder, '.promptvault');
    mkdirSync(ours);
    writeFileSync(join(ours, '.gitignore'), 'vault.db\n');
    openVault(join(ours, 'vault.db'), { actor, mode: 'create' }).close();
    assert.equal(readFileSync(join(ours, '.gitignore'), 'utf8'), 'vault.db\n');
  });

  it('opens what is there when asked to create', () => {
    writeVault(file);
    const vault = openVault(file, { actor, mode: 'create' });
    assert.deepEqual([vault.info().prompts, vault.info().lastSeq], [1, 3]);
    vault.close();
  });

  it('follows links to one name, so that there is one journal', () => {
    writeVault(file);
    const link = join(folder, 'link.db');
    symlinkSync(file, link);
    const vault = openVault(link, { actor });
    assert.equal(vault.file, openAndClose(file));
    vault.close();
  });

  it('reads in read mode and refuses to write', () => {
    writeVault(file);
    const before = photograph(folder);
    const vault = openVault(file, { actor, mode: 'read' });
    assert.equal(vault.show({ ref: 'support/triage' }).version, '1.0');
    assert.equal(vault.info().readOnly, true);
    assert.throws(() => vault.tag({ path: 'support/triage', add: ['x'] }), { code: 'READ_ONLY' });
    assert.ok(vault.verify().ok);
    vault.close();
    assert.deepEqual(photograph(folder), before);
  });

  for (const [what, lock] of [
    ['file', () => chmodSync(file, 0o444)],
    ['folder', () => chmodSync(folder, 0o555)],
  ] as const) {
    it(`opens a ${what} that cannot be written for reading, and says why`, function () {
      if (process.platform === 'win32') this.skip();
      writeVault(file);
      chmodSync(file, 0o666);
      chmodSync(folder, 0o755);
      lock();
      // root may write anything, so root asks nobody.
      const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      const script = join(import.meta.dirname, '../../support/tryVault.ts');
      const { stdout, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8', ...asNobody });
      chmodSync(folder, 0o755);
      assert.ok(stdout, stderr);
      const { readOnlyReason, ...answer } = JSON.parse(stdout);
      assert.deepEqual(answer, { readOnly: true, prompts: 1, write: 'READ_ONLY' });
      assert.match(readOnlyReason, new RegExp(what));
    });
  }

  it('undoes a write that a crash cut off', () => {
    writeVault(file);
    const raw = new Sqlite(file);
    raw.pragma('cache_size = 1');
    raw.exec(`BEGIN IMMEDIATE; CREATE TABLE filler (x); `);
    for (let i = 0; i < 300; i += 1) raw.prepare('INSERT INTO filler VALUES (zeroblob(3000))').run();
    const crashed = join(folder, 'crashed.db');
    copyFileSync(file, crashed);
    copyFileSync(`${file}-journal`, `${crashed}-journal`);
    raw.exec('ROLLBACK');
    raw.close();
    assert.notDeepEqual(readFileSync(crashed), readFileSync(file), 'the copy holds half a write');
    assert.throws(() => openVault(crashed, { actor, mode: 'read' }), { code: 'READ_ONLY' });
    const vault = openVault(crashed, { actor });
    assert.equal(vault.list({}).total, 1);
    assert.deepEqual(vault.verify().problems, []);
    vault.close();
    assert.equal(existsSync(`${crashed}-journal`), false);
  });

  it('lets go of a file whose log cannot be read', function () {
    if (process.platform !== 'linux') this.skip();
    openVault(file, { actor, mode: 'create' }).close();
    const raw = new Sqlite(file, { readonly: true });
    const sql = `SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'events' AND rootpage > 0`;
    const roots = raw.prepare(sql).pluck().all() as number[];
    raw.close();
    const bytes = readFileSync(file);
    for (const root of roots) bytes.fill(0xff, (root - 1) * 4096, root * 4096);
    writeFileSync(file, bytes);
    assert.throws(() => openVault(file, { actor, mode: 'create' }), { code: 'DAMAGED' });
    const links = readdirSync('/proc/self/fd').map((fd) => `/proc/self/fd/${fd}`);
    const open = links.filter((link) => existsSync(link)).map((link) => readlinkSync(link));
    assert.equal(open.includes(file), false);
    assert.deepEqual(readFileSync(file), bytes);
  });

  it('refuses to write into a vault whose pages do not hold together, which can be read', () => {
    writeVault(file);
    const raw = new Sqlite(file, { readonly: true });
    const root = raw.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'cells'`).pluck().get() as number;
    raw.close();
    const bytes = readFileSync(file).fill(0xff, (root - 1) * 4096, root * 4096);
    writeFileSync(file, bytes);
    const vault = openVault(file, { actor });
    assert.equal(vault.list({}).total, 1);
    assert.throws(() => vault.create(aPrompt({ path: 'new' })), { code: 'DAMAGED' });
    vault.close();
    assert.deepEqual(readFileSync(file), bytes);
  });
});

function openAndClose(file: string): string {
  const vault = openVault(file, { actor });
  vault.close();
  return vault.file;
}
