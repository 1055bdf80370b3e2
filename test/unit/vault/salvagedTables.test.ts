import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { datasetHash } from '../../../src/vault/canonical.ts';
import { readPages } from '../../../src/vault/readPages.ts';
import { salvage } from '../../../src/vault/salvage.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { createRandom, writeRichVault } from '../../support/damage.ts';
import { allRows, writeOldVault } from '../../support/oldVault.ts';
import { temporaryFolder, testActor, userMessage } from '../../support/vaultBuilders.ts';

const actor = testActor;
const page = 4096;
const columns = ['mail'];
/** Datasets that differ in their cases, by the hash of these. */
const some = datasetHash({ columns, cases: [{ mail: 'Hi' }] });
const none = datasetHash({ columns, cases: [] });

/** Rows in every table of the lab, as other rooms write them. */
const labRows = `
  INSERT INTO dataset_contents VALUES ('${some}', '["mail"]', '[{"mail":"Hi"}]', 1), ('${none}', '["mail"]', '[]', 0);
  INSERT INTO datasets (name, description, hash, revision, created_at, created_by, updated_at, updated_by)
    VALUES ('mails', 'Some', '${none}', 2, 't', 'Ada', 't', 'Ada');
  INSERT INTO dataset_revisions VALUES (1, 1, '${some}', 't', 'Ada'), (1, 2, '${none}', 't', 'Ada');
  INSERT INTO case_mappings VALUES ('dataset:mails', 'a', '{"mail":"text"}');
  INSERT INTO suites (name, definition, revision, created_at, created_by, updated_at, updated_by)
    VALUES ('nightly', '{}', 1, 't', 'Ada', 't', 'Ada');
  INSERT INTO check_sets VALUES ('polite', '[]', 't', 'Ada');
  INSERT INTO sync_state VALUES ('https://example.com', 'a', '${some}', '1.0', 't');
  INSERT INTO targets (name, kind, automatic, actions, failures, last_error)
    VALUES ('chat', 'webhook', 1, ' rolledBack ', 1, 'HTTP 503'), ('store', 'sync', 0, '', 0, NULL);
  INSERT INTO deliveries (target, event_seq, path, action, key, created_at)
    VALUES ('chat', 4, 'a', 'promoted.PRD', 'k1', 't'), ('store', NULL, '', 'sync', 'k2', 't');
  INSERT INTO delivery_attempts VALUES (1, 1, 't', 503, 'HTTP 503', 12), (1, 2, 't', NULL, NULL, 3);
  INSERT INTO agent_files SELECT id, 'skill', '.claude/skills/a/SKILL.md', '${some}' FROM prompts LIMIT 2;
  INSERT INTO marks SELECT run_seq, idx, 'fail', 'Too long', 't', 'Ada' FROM cells LIMIT 1;
  UPDATE cells SET cost_usd = 0.125, latency_ms = 70000, output = 'long ' || hex(zeroblob(3000)) WHERE idx = 1;
`;

describe('salvaging a vault that was brought up to date', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let good: Buffer;
  before(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'vault.db');
    writeOldVault(file);
    const vault = openVault(file, { actor, backups: join(folder.path, 'backups') });
    vault.label({ ref: 'a@1.1', add: ['Candidate'] });
    vault.close();
    writeRichVault(file, 120);
    const raw = new Sqlite(file);
    raw.pragma('foreign_keys = ON');
    raw.exec(labRows);
    raw.close();
    good = readFileSync(file);
  });
  after(() => folder.remove());
  let count = 0;
  function rescue(bad: Buffer, check = true) {
    count += 1;
    const damaged = join(folder.path, `bad-${count}.db`);
    const to = join(folder.path, `salvaged-${count}.db`);
    writeFileSync(damaged, bad);
    const report = salvage(damaged, to, { actor });
    if (check) {
      const vault = openVault(to, { actor, mode: 'read' });
      assert.deepEqual(vault.verify().problems, []);
      vault.close();
    }
    return { report, rows: allRows(to) };
  }
  const zeroed = (number: number) => Buffer.from(good).fill(0, (number - 1) * page, number * page);

  it('loses no row of any table, wherever its tables begin', () => {
    const before = allRows(file);
    assert.ok(Object.entries(before).every(([, rows]) => rows.length > 0));
    for (const bad of [good, zeroed(1)]) {
      const { report, rows } = rescue(bad);
      assert.deepEqual(report.lost, []);
      // The order of ids among equal contents is nobody's, and the log says that the vault was salvaged.
      const withoutIds = (texts: string[] = []) => texts.map((text) => text.replace(/^\{"id":\d+,/, '{')).sort();
      for (const [table, texts] of Object.entries(before)) {
        const found = rows[table] ?? [];
        if (table === 'events') assert.equal(found.length, texts.length + 1);
        else if (table === 'contents' || table === 'revisions') assert.deepEqual(withoutIds(found), withoutIds(texts));
        else assert.deepEqual(found, texts, table);
      }
    }
  });

  it('puts versions whose rows are gone together from the log: one page lost, nothing but titles missing', function () {
    this.timeout(60_000);
    const before = allRows(file);
    const pages = readPages(good, page);
    const random = createRandom(3);
    const ofData = Array.from({ length: pages.count - 1 }, (_, n) => n + 2).filter((n) => pages.read(n) !== null);
    const shares = Array.from({ length: 16 }, () => {
      const { rows, report } = rescue(zeroed(ofData[Math.floor(random() * ofData.length)] ?? 2));
      const share = (table: string) => (rows[table]?.length ?? 0) / (before[table]?.length ?? 1);
      return { contents: share('contents'), versions: share('versions'), prompts: share('prompts'), report };
    });
    const least = (of: 'contents' | 'versions' | 'prompts') => Math.min(...shares.map((share) => share[of]));
    const told = (['contents', 'versions', 'prompts'] as const).map((of) => `${of} ${(least(of) * 100).toFixed(1)} %`);
    console.log(`      one page of ${pages.count} lost, the worst of ${shares.length}: ${told.join(', ')}`);
    assert.ok(least('contents') >= 0.95 && least('versions') >= 0.9);
    for (const { versions, report } of shares) assert.ok(versions === 1 || report.lost.length > 0);
  });

  /** Every page of a table's own tree, by its name. */
  function pagesOf(table: string): number[] {
    const raw = new Sqlite(file, { readonly: true });
    const root = raw.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number;
    raw.close();
    return [...readPages(good, page).walk(root)].map(({ number }) => number);
  }
  const without = (table: string) => {
    const bad = Buffer.from(good);
    for (const number of pagesOf(table)) bad.fill(0, (number - 1) * page, number * page);
    return bad;
  };
  const stripped = (rows: string[] = [], ...columns: string[]) =>
    rows
      .map((row) => JSON.stringify(Object.entries(JSON.parse(row)).filter(([name]) => !columns.includes(name))))
      .sort();

  it('knows all versions without their table: stage, dates, numbers, who and why are the log’s', () => {
    const before = allRows(file);
    const { rows, report } = rescue(without('versions'));
    assert.deepEqual(stripped(rows.versions, 'id'), stripped(before.versions, 'id'));
    assert.equal(report.lost.filter(({ what }) => what === 'version').length, before.versions?.length);
    assert.deepEqual(rows.version_labels?.length, before.version_labels?.length);
    assert.deepEqual(rows.version_numbers, before.version_numbers);
  });

  it('knows all prompts, tags, revisions and labels without their tables', () => {
    const before = allRows(file);
    for (const table of ['prompts', 'prompt_tags', 'revisions', 'version_labels', 'version_numbers']) {
      const { rows } = rescue(without(table));
      // The log tells a description only once it was changed.
      const columns = ['id', 'description'];
      assert.deepEqual(stripped(rows[table], ...columns), stripped(before[table], ...columns), table);
    }
  });

  it('knows texts and rows without the log, whose entries it says are gone', () => {
    const before = allRows(file);
    const { rows } = rescue(without('events'));
    assert.deepEqual(stripped(rows.versions), stripped(before.versions));
    assert.deepEqual(rows.version_numbers, before.version_numbers);
  });

  it('finds rows on pages that nothing leads to, and brings back none that were deleted', () => {
    const before = allRows(file);
    for (const table of ['versions', 'prompts', 'revisions', 'contents', 'events']) {
      const [root = 0, ...leaves] = pagesOf(table);
      assert.ok(leaves.length > 1, `${table} has ${leaves.length} pages below its root`);
      const { rows, report } = rescue(zeroed(root));
      assert.equal(rows[table]?.length, (before[table]?.length ?? 0) + (table === 'events' ? 1 : 0), table);
      assert.deepEqual(report.lost, [], table);
    }
  });

  it('never takes rows of one table for another’s when pages are swapped', () => {
    const before = allRows(file);
    const tables = ['versions', 'prompts', 'revisions', 'version_labels', 'version_numbers', 'prompt_tags', 'meta'];
    const roots = tables.map((table) => pagesOf(table)[0] ?? 1);
    for (let n = 1; n < roots.length; n += 1) {
      const [a = 1, b = 1] = [roots[n - 1], roots[n]];
      const bad = Buffer.from(good);
      good.copy(bad, (a - 1) * page, (b - 1) * page, b * page);
      good.copy(bad, (b - 1) * page, (a - 1) * page, a * page);
      const { rows } = rescue(bad);
      for (const table of ['versions', 'prompts', 'prompt_tags', 'version_numbers']) {
        assert.deepEqual(stripped(rows[table], 'id'), stripped(before[table], 'id'), `${tables[n - 1]}, ${tables[n]}`);
      }
    }
  });

  it('says how many rows of the lab it could not keep, such as cells without their run', () => {
    const { report, rows } = rescue(without('runs'));
    assert.deepEqual(rows.cells, []);
    assert.ok(report.lost.some(({ what }) => what === 'cells'));
    const datasets = rescue(without('dataset_contents'));
    assert.ok(datasets.report.lost.some(({ what }) => what === 'datasets'));
  });

  it('brings back no cases that somebody or a disk changed, and says of which dataset', () => {
    const bad = Buffer.from(good);
    const at = bad.indexOf('[{"mail":"Hi"}]');
    bad.write('[{"mail":"Ho"}]', at);
    const { report, rows } = rescue(bad);
    assert.equal(rows.dataset_contents?.length, 1);
    assert.equal(rows.dataset_revisions?.length, 1);
    assert.deepEqual(
      report.lost.map(({ what }) => what),
      ['dataset_contents', 'dataset_revisions'],
    );
  });

  it('says what the rules of the database refuse: two prompts under one path, two versions in production', () => {
    const bad = Buffer.from(good);
    for (const number of pagesOf('prompts')) {
      const start = (number - 1) * page;
      const at = bad.indexOf('team1/prompt9team1', start);
      if (at >= 0 && at < start + page) bad.write('team1/prompt5', at);
    }
    assert.notDeepEqual(bad, good);
    const { report, rows } = rescue(bad);
    // Whichever row came first has the path; the log knows what the other was.
    assert.deepEqual(
      report.lost.map(({ what }) => what),
      ['prompt', 'prompt'],
    );
    assert.deepEqual(stripped(rows.prompts, 'description'), stripped(allRows(file).prompts, 'description'));
    const other = join(folder.path, 'twice.db');
    writeFileSync(other, good);
    const raw = new Sqlite(other);
    const rules = `SELECT type || ' ' || name FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('trigger', 'index')`;
    for (const rule of raw.prepare(rules).pluck().all()) raw.exec(`DROP ${rule}`);
    const sql = `UPDATE versions SET stage = 'PRD', retired_at = NULL, replaced_by = NULL WHERE stage = 'RET'
      AND prompt_id = (SELECT id FROM prompts WHERE path = 'team0/prompt8')`;
    assert.equal(raw.prepare(sql).run().changes, 1);
    raw.close();
    assert.deepEqual(
      rescue(readFileSync(other)).report.lost.map(({ what, path }) => `${what} ${path}`),
      ['stage team0/prompt8'],
    );
  });

  it('keeps versions that nothing but stray pages tell of: no log, no root of their table', () => {
    const bad = without('events');
    const [root = 0] = pagesOf('versions');
    bad.fill(0, (root - 1) * page, root * page);
    const { rows } = rescue(bad);
    assert.deepEqual(stripped(rows.versions), stripped(allRows(file).versions));
  });

  it('names a version by its number alone where neither a row nor the log knows its prompt', () => {
    const bad = without('events');
    for (const number of pagesOf('prompts')) bad.fill(0, (number - 1) * page, number * page);
    const { report, rows } = rescue(bad);
    assert.deepEqual([rows.prompts, rows.versions], [[], []]);
    assert.ok(report.lost.some(({ what, path, version }) => what === 'version' && path === null && version === '1.0'));
  });

  it('reads a vault whose pages have another size, and one whose header lies about it', () => {
    const other = join(folder.path, 'pages.db');
    writeFileSync(other, good);
    const raw = new Sqlite(other);
    raw.pragma('page_size = 1024');
    raw.exec('VACUUM');
    raw.close();
    const small = readFileSync(other);
    assert.equal(small.readUInt16BE(16), 1024);
    assert.deepEqual(rescue(small).report.lost, []);
    const lying = Buffer.from(good);
    lying.writeUInt16BE(512, 16);
    assert.deepEqual(rescue(lying).report.lost, []);
    lying.writeUInt16BE(777, 16);
    assert.deepEqual(rescue(lying).report.lost, []);
  });

  it('ends where a list of free pages or a tree leads in a circle', () => {
    const bad = Buffer.from(good);
    bad.writeUInt32BE(2, 32);
    bad.writeUInt32BE(9999, 36);
    assert.deepEqual(rescue(bad).report.lost, []);
    const [root = 0] = pagesOf('versions');
    bad.writeUInt32BE(root, (root - 1) * page + 8);
    assert.equal(rescue(bad).rows.versions?.length, allRows(file).versions?.length);
  });

  it('is of the newest revision what is in the table, and of a deleted version nothing', () => {
    const other = join(folder.path, 'deleted.db');
    const vault = openVault(other, { actor, mode: 'create' });
    for (let n = 0; n < 60; n += 1) vault.create({ path: `p${n}`, messages: [userMessage(`Text ${n}`)] });
    for (let n = 0; n < 50; n += 1) vault.deleteVersion({ ref: `p${n}@1.0` });
    vault.close();
    const bytes = readFileSync(other);
    // Without the list of free pages nobody can tell by the pages what was deleted.
    bytes.writeUInt32BE(0, 32);
    bytes.writeUInt32BE(0, 36);
    for (const bad of [readFileSync(other), bytes]) {
      const { rows, report } = rescue(bad);
      assert.deepEqual([rows.prompts?.length, rows.versions?.length, report.lost], [10, 10, []]);
    }
  });
});
