import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openVault } from '../../../src/vault/vault.ts';
import { createRandom, writeRichVault } from '../../support/damage.ts';
import { temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

const flips = 400;

/** What anybody reads: each content by its hash, and the log row by row. What cannot be read is missing. */
function readAll(
  file: string,
  hashes?: Iterable<string>,
): { contents: Map<string, string>; events: Map<number, string> } {
  const raw = new Sqlite(file, { readonly: true });
  const contents = new Map<string, string>();
  const events = new Map<number, string>();
  const attempt = (body: () => void) => {
    try {
      body();
    } catch {
      // Missing from the reading, which differs then.
    }
  };
  attempt(() => {
    for (const hash of hashes ?? (raw.prepare('SELECT hash FROM contents').pluck().all() as string[])) {
      attempt(() => contents.set(hash, JSON.stringify(raw.prepare('SELECT * FROM contents WHERE hash = ?').get(hash))));
    }
  });
  attempt(() => {
    for (const row of raw.prepare('SELECT * FROM events NOT INDEXED').iterate() as Iterable<{ seq: number }>) {
      events.set(row.seq, JSON.stringify(row));
    }
  });
  raw.close();
  return { contents, events };
}

describe('a flipped bit', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'vault.db');
  let good: Buffer;
  let whole: ReturnType<typeof readAll>;
  let versionsOf: Map<string, string[]>;
  before(() => {
    writeRichVault(file, 24);
    good = readFileSync(file);
    whole = readAll(file);
    const raw = new Sqlite(file, { readonly: true });
    const rows = raw
      .prepare(
        `SELECT DISTINCT r.content_hash AS hash, p.path || '@' || v.major || '.' || v.minor AS ref FROM revisions r
         JOIN versions v ON v.id = r.version_id JOIN prompts p ON p.id = v.prompt_id`,
      )
      .all() as { hash: string; ref: string }[];
    raw.close();
    versionsOf = new Map(
      [...whole.contents.keys()].map((hash) => [hash, rows.filter((row) => row.hash === hash).map(({ ref }) => ref)]),
    );
  });

  /** What the flip changed of contents and events; null when nothing. */
  function hitOf(): { contents: string[]; events: number[] } | null {
    const now = readAll(file, whole.contents.keys());
    const contents = [...whole.contents].filter(([hash, row]) => now.contents.get(hash) !== row).map(([hash]) => hash);
    const events = [...whole.events].filter(([seq, row]) => now.events.get(seq) !== row).map(([seq]) => seq);
    const same = now.contents.size === whole.contents.size && now.events.size === whole.events.size;
    return contents.length + events.length > 0 || !same ? { contents, events } : null;
  }
  /** Every page that holds contents or events, by asking SQLite. */
  function pagesOf(...tables: string[]): number[] {
    writeFileSync(file, good);
    const raw = new Sqlite(file, { readonly: true });
    const marks = tables.map(() => '?').join(', ');
    const pages = raw
      .prepare(`SELECT pageno FROM dbstat WHERE name IN (${marks})`)
      .pluck()
      .all(...tables) as number[];
    raw.close();
    return pages;
  }
  function verify(): { ok: boolean; refs: string[]; whats: string[]; code: string } {
    try {
      const vault = openVault(file, { actor: testActor, mode: 'read' });
      try {
        const { ok, problems } = vault.verify();
        return {
          ok,
          code: '',
          whats: problems.map(({ what }) => what),
          refs: problems.map(({ path, version }) => `${path}@${version}`),
        };
      } finally {
        vault.close();
      }
    } catch (error) {
      return { ok: false, code: (error as { code: string }).code, whats: [], refs: [] };
    }
  }

  it('in contents or the log is found, all of them, and the version is named', function () {
    this.timeout(60_000);
    const random = createRandom(31);
    const pages = pagesOf('contents', 'events');
    const counts = { hits: 0, found: 0, contents: 0, named: 0, byIntegrity: 0 };
    const missed: string[] = [];
    for (let n = 0; n < flips; n += 1) {
      const at = ((pages[Math.floor(random() * pages.length)] ?? 1) - 1) * 4096 + Math.floor(random() * 4096);
      const bit = Math.floor(random() * 8);
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ (1 << bit);
      writeFileSync(file, bad);
      const hit = hitOf();
      if (!hit) continue;
      counts.hits += 1;
      const report = verify();
      if (!report.ok) counts.found += 1;
      else missed.push(`bit ${bit} of byte ${at}`);
      if (integrityFinds(file)) counts.byIntegrity += 1;
      const harmed = hit.contents.flatMap((hash) => versionsOf.get(hash) ?? []);
      if (harmed.length === 0) continue;
      counts.contents += 1;
      if (harmed.every((ref) => report.refs.includes(ref))) counts.named += 1;
      else
        missed.push(`${report.code} ${report.whats} bit ${bit} of byte ${at} names ${report.refs} and not ${harmed}`);
    }
    assert.deepEqual(missed, []);
    assert.equal(counts.found, counts.hits);
    assert.ok(counts.hits > flips / 3, `${counts.hits} hits`);
    assert.ok(counts.contents > 50, `${counts.contents} hits in contents`);
    // Without the hashes most would go unseen: SQLite's own check looks at the structure only.
    assert.ok(counts.byIntegrity < counts.hits / 2, JSON.stringify(counts));
    console.log(`      ${JSON.stringify(counts)}`);
  });
});

function integrityFinds(file: string): boolean {
  const raw = new Sqlite(file, { readonly: true });
  try {
    return raw.pragma('integrity_check', { simple: true }) !== 'ok';
  } catch {
    return true;
  } finally {
    raw.close();
  }
}
