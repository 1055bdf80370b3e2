import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openVault } from '../../src/vault/vault.ts';
import { testActor, userMessage } from './vaultBuilders.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A vault with `prompts` prompts in all stages, some texts longer than a page. */
export function writeRichVault(file: string, prompts: number): void {
  const vault = openVault(file, { actor: testActor, mode: 'create' });
  for (let n = 0; n < prompts; n += 1) {
    const path = `team${n % 4}/prompt${n}`;
    const text = `Prompt ${n}: sort this mail {{mail}}. `.repeat(n % 7 === 0 ? 300 : 10);
    vault.create({ path, title: `Prompt number ${n}`, tags: [`tag${n % 5}`], messages: [userMessage(text)] });
    if (n % 2 === 0) vault.promote({ ref: `${path}@1.0` });
    if (n % 4 === 0) vault.promote({ ref: `${path}@1.0` });
    if (n % 8 === 0) {
      vault.createVersion({ ref: `${path}@1.0` });
      vault.edit({ ref: `${path}@1.1`, messages: [userMessage(`${text} Be brief.`)] });
      vault.promote({ ref: `${path}@1.1` });
      vault.promote({ ref: `${path}@1.1` });
    }
  }
  vault.close();
}

/** What a program without our guards could hide in a vault: each runs when the vault is read or written. */
export const hostileSchemas: { readonly [what: string]: string } = {
  'an endless view': 'CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT * FROM c',
  'an endless view in the place of the prompts': `PRAGMA legacy_alter_table = ON; ALTER TABLE prompts RENAME TO hidden_prompts;
    CREATE VIEW prompts AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
    SELECT hidden_prompts.* FROM c, hidden_prompts`,
  'a view that fills the memory': `CREATE VIEW bomb AS WITH RECURSIVE c(x) AS (SELECT zeroblob(100000000)
    UNION ALL SELECT zeroblob(100000000) FROM c) SELECT group_concat(x) FROM c`,
  'a trigger that rewrites texts': `CREATE TRIGGER evil AFTER INSERT ON revisions BEGIN
    UPDATE prompts SET title = 'HACKED' WHERE id > 0; END`,
  'a trigger that takes rules away':
    'DROP TRIGGER contents_update; CREATE TRIGGER contents_update AFTER UPDATE ON contents BEGIN SELECT 1; END',
  'a hidden generated column': `ALTER TABLE prompts ADD COLUMN evil TEXT GENERATED ALWAYS AS (hex(zeroblob(1000))) VIRTUAL`,
  'an index over an expression': 'CREATE INDEX evil ON events (abs(length(details)))',
  'a table of somebody else': 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)',
};

/** Changes the schema as any SQLite program can. */
export function changeSchema(file: string, sql: string): void {
  const raw = new Sqlite(file);
  raw.exec(sql);
  raw.close();
}

/** A journal as a crash in the middle of a large write leaves it; the vault itself is as it was. */
export function journalOfCrash(file: string, folder: string): Buffer {
  const crashed = join(folder, 'crashing.db');
  copyFileSync(file, crashed);
  const raw = new Sqlite(crashed);
  raw.pragma('cache_size = 1');
  raw.exec('BEGIN IMMEDIATE');
  for (const { name } of raw.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).all() as {
    name: string;
  }[]) {
    raw.exec(`DROP TRIGGER ${name}`);
  }
  raw.exec(`UPDATE contents SET messages = upper(messages); UPDATE events SET actor = 'somebody else altogether';
    UPDATE prompts SET title = 'other' || title`);
  if (!existsSync(`${crashed}-journal`)) throw new Error('There is no journal');
  const journal = readFileSync(`${crashed}-journal`);
  raw.exec('ROLLBACK');
  raw.close();
  return journal;
}

const page = 4096;
export type Damage = { what: string; apply(good: Buffer, random: () => number): Buffer };
const at = (random: () => number, limit: number) => Math.floor(random() * limit);

/** Ways in which disks, transfers and programs damage files. */
export const damages: readonly Damage[] = [
  {
    what: 'one flipped bit',
    apply(good, random) {
      const bad = Buffer.from(good);
      const byte = at(random, bad.length);
      bad[byte] = (bad[byte] ?? 0) ^ (1 << at(random, 8));
      return bad;
    },
  },
  {
    what: 'a hundred flipped bits',
    apply(good, random) {
      const bad = Buffer.from(good);
      for (let n = 0; n < 100; n += 1) {
        const byte = at(random, bad.length);
        bad[byte] = (bad[byte] ?? 0) ^ (1 << at(random, 8));
      }
      return bad;
    },
  },
  {
    what: 'a flipped bit in the header',
    apply(good, random) {
      const bad = Buffer.from(good);
      const byte = at(random, 100);
      bad[byte] = (bad[byte] ?? 0) ^ (1 << at(random, 8));
      return bad;
    },
  },
  {
    what: 'two swapped pages',
    apply(good, random) {
      const bad = Buffer.from(good);
      const pages = bad.length / page;
      const [a, b] = [at(random, pages), at(random, pages)];
      good.copy(bad, a * page, b * page, (b + 1) * page);
      good.copy(bad, b * page, a * page, (a + 1) * page);
      return bad;
    },
  },
  {
    what: 'a zeroed page',
    apply(good, random) {
      const bad = Buffer.from(good);
      const start = at(random, bad.length / page) * page;
      return bad.fill(0, start, start + page);
    },
  },
  {
    what: 'a page of noise',
    apply(good, random) {
      const bad = Buffer.from(good);
      const start = at(random, bad.length / page) * page;
      for (let i = 0; i < page; i += 1) bad[start + i] = at(random, 256);
      return bad;
    },
  },
  { what: 'a cut', apply: (good, random) => Buffer.from(good.subarray(0, at(random, good.length))) },
  {
    what: 'a cut between pages',
    apply: (good, random) => Buffer.from(good.subarray(0, at(random, good.length / page) * page)),
  },
  {
    what: 'a missing part in the middle',
    apply(good, random) {
      const start = at(random, good.length / page - 3) * page;
      return Buffer.concat([good.subarray(0, start), good.subarray(start + page)]);
    },
  },
];

export function writeDamaged(file: string, bytes: Buffer, journal?: Buffer): void {
  writeFileSync(file, bytes);
  if (journal) writeFileSync(`${file}-journal`, journal);
}

/** Whether a command is there at all. */
export const hasCommand = (command: string) => spawnSync(command, ['--version']).status === 0;
