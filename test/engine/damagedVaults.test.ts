import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { codeOf } from '../../src/shared/errors.ts';
import type { Guard } from '../../src/vault/database.ts';
import { applicationId, migrations } from '../../src/vault/migrations.ts';
import { openVault } from '../../src/vault/vault.ts';
import {
  changeSchema,
  createRandom,
  damages,
  hostileSchemas,
  journalOfCrash,
  writeDamaged,
  writeRichVault,
} from '../support/damage.ts';
import { temporaryFolder } from '../support/vaultBuilders.ts';

const limitMs = 2000;
const perDamage = 55;
const journals = 24;
type Seen = { file: string; code: string; message: string; ms: number };

/** Names and hashes of all files of a vault's folder. */
function photograph(file: string): string {
  const names = readdirSync(dirname(file)).sort();
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dirname(file), name)))
      .digest('hex');
  return JSON.stringify(names.map((name) => [name, hash(name)]));
}

/** Lets one process open all vaults; fails when it dies, and kills it when it is silent for too long. */
function openAll(files: readonly string[], without: readonly string[] = []): Promise<Seen[]> {
  const script = join(import.meta.dirname, '../support/tryDamaged.ts');
  const child = spawn(process.execPath, [script, ...without], { stdio: ['pipe', 'pipe', 'inherit'] });
  const seen: Seen[] = [];
  return new Promise((resolve, reject) => {
    const wait = (ms: number) => setTimeout(() => child.kill('SIGKILL'), ms);
    // Starting a process may take long on a busy machine; what counts begins with its first line.
    let timer = wait(30_000);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(timer);
      if (line !== 'ready') seen.push(JSON.parse(line));
      timer = wait(limitMs + 3000);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (seen.length === files.length) resolve(seen);
      else reject(new Error(`Ended with ${signal ?? code} at ${files[seen.length]}`));
    });
    child.stdin.end(`${files.join('\n')}\n`);
  });
}

describe('a damaged vault', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const good = join(folder.path, 'good.db');
  const other = join(folder.path, 'other.db');
  let bytes: Buffer;
  before(() => {
    writeRichVault(good, 40);
    writeRichVault(other, 55);
    bytes = readFileSync(good);
  });
  /** A file in a folder of its own, so that what is made beside it shows. */
  function newFile(name: string): string {
    const own = join(folder.path, name);
    mkdirSync(own, { recursive: true });
    return join(own, 'vault.db');
  }

  function writeCorpus(): { file: string; what: string }[] {
    const random = createRandom(20_261_121);
    const corpus = damages.flatMap(({ what, apply }, kind) =>
      Array.from({ length: perDamage }, (_, n) => {
        const file = newFile(`${kind}-${n}`);
        writeDamaged(file, apply(bytes, random));
        return { file, what };
      }),
    );
    for (const [n, [what, sql]] of Object.entries(hostileSchemas).entries()) {
      const file = newFile(`hostile-${n}`);
      writeDamaged(file, bytes);
      changeSchema(file, sql);
      corpus.push({ file, what });
    }
    const strangers: [string, (raw: Sqlite.Database) => void][] = [
      ['another program’s database', (raw) => raw.exec('CREATE TABLE prompts (id INTEGER)')],
      [
        'a database that says it is a vault',
        (raw) => raw.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`),
      ],
    ];
    for (const [n, [what, make]] of strangers.entries()) {
      const file = newFile(`stranger-${n}`);
      const raw = new Sqlite(file);
      make(raw);
      raw.close();
      corpus.push({ file, what });
    }
    const newer = newFile('newer');
    writeDamaged(newer, bytes);
    changeSchema(newer, `PRAGMA user_version = ${migrations.length + 1}; CREATE TABLE later (x)`);
    corpus.push({ file: newer, what: 'a newer schema' });
    return corpus;
  }

  it('keeps every byte, answers within 2 s and says what to do: 500 and more', async function () {
    this.timeout(90_000);
    const corpus = writeCorpus();
    assert.ok(corpus.length >= 500, `${corpus.length} vaults`);
    const before = corpus.map(({ file }) => photograph(file));
    const seen = await openAll(corpus.map(({ file }) => file));
    const told = {
      DAMAGED: /promptvault (restore|salvage|doctor|verify)/,
      FOREIGN: /promptvault (restore|salvage)/,
      NEWER: /Update PromptVault/,
    };
    for (const [i, { file, what }] of corpus.entries()) {
      const { code, message, ms } = seen[i] as Seen;
      assert.equal(photograph(file), before[i], `${what} was written: ${file}`);
      assert.ok(ms < limitMs, `${what} took ${ms} ms`);
      if (code === 'WHOLE' || code === 'FOUND') continue;
      const next = told[code as keyof typeof told];
      assert.ok(next, `${what} ended in ${code}: ${message}`);
      assert.match(message, next, what);
    }
    const hostile = seen.slice(damages.length * perDamage);
    assert.deepEqual([...new Set(hostile.map(({ code }) => code))].sort(), ['FOREIGN', 'NEWER']);
    const whole = seen.filter(({ code }) => code === 'WHOLE').length;
    // What hits free space, or bytes SQLite does not look at, changes nothing that is read.
    assert.ok(whole < corpus.length / 5, `${whole} of ${corpus.length} look whole`);
    const slowest = Math.max(...seen.map(({ ms }) => ms));
    console.log(`      ${corpus.length} vaults, slowest ${slowest.toFixed(0)} ms, ${whole} untouched in what counts`);
  });

  it('is not mixed with a journal of another file', async function () {
    this.timeout(60_000);
    const random = createRandom(7);
    const foreign = journalOfCrash(other, folder.path);
    const files = Array.from({ length: journals }, (_, n) => {
      const file = newFile(`journal-${n}`);
      const length = n === 0 ? foreign.length : Math.max(5000, Math.floor(random() * foreign.length));
      writeDamaged(file, bytes, foreign.subarray(0, length));
      return file;
    });
    const before = files.map(photograph);
    const seen = await openAll(files);
    for (const [i, file] of files.entries()) {
      const { code, message } = seen[i] as Seen;
      assert.deepEqual([code, photograph(file)], ['DAMAGED', before[i]], file);
      assert.match(message, /restore|salvage/);
    }
    const [first = ''] = files;
    const [naive] = await openAll([first], ['journal check']);
    assert.notEqual(
      photograph(first),
      before[0],
      'without the guard the journal of the other file is written into this one',
    );
    assert.notEqual(naive?.code, 'WHOLE');
  });

  it('is not written into where its pages are broken', () => {
    const random = createRandom(5);
    const zeroed = damages.find(({ what }) => what === 'a zeroed page');
    let refused = 0;
    let spoiled = 0;
    for (let n = 0; n < 30; n += 1) {
      const file = newFile(`written-${n}`);
      const bad = zeroed?.apply(bytes, random) ?? bytes;
      writeDamaged(file, bad);
      const write = (without: Guard[]) => {
        const vault = openVault(file, { actor: 'tester', without });
        try {
          vault.create({ path: `new/${without.length}`, messages: [{ role: 'user', content: 'x' }] });
        } finally {
          vault.close();
        }
      };
      try {
        write([]);
        continue;
      } catch (error) {
        refused += 1;
        assert.ok(['DAMAGED', 'FOREIGN'].includes(codeOf(error)), String(error));
        assert.deepEqual(readFileSync(file), bad);
      }
      try {
        write(['structure check']);
        spoiled += 1;
      } catch {
        // SQLite saw it itself, on its way.
      }
    }
    assert.ok(refused > 20, `${refused} refused`);
    assert.ok(spoiled > 3, `${spoiled} of them written when nobody looks first`);
  });

  it('runs what it hides when the schema is not checked', async function () {
    this.timeout(30_000);
    const trigger = newFile('naive-trigger');
    writeDamaged(trigger, bytes);
    changeSchema(trigger, hostileSchemas['a trigger that rewrites texts'] ?? '');
    const [accepted] = await openAll([trigger], ['schema check']);
    assert.equal(accepted?.code, 'WHOLE', 'the vault that rewrites texts is taken for a good one');
    const endless = newFile('naive-view');
    writeDamaged(endless, bytes);
    changeSchema(endless, hostileSchemas['an endless view in the place of the prompts'] ?? '');
    await assert.rejects(openAll([endless], ['schema check']), /SIGKILL/);
  });
});
