import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { datasetCalls } from '../../../src/lab/datasets.ts';
import { takeBackup } from '../../../src/vault/backup.ts';
import { connect } from '../../../src/vault/database.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

const actor = testActor;

describe('a flipped bit in the cases of a dataset', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const file = join(folder.path, 'vault.db');
  let good: Buffer;
  before(() => {
    const vault = openVault(file, { actor, mode: 'create' });
    const { saveDataset, deleteDataset } = datasetCalls(vault.database);
    const rows = (text: string) =>
      Array.from({ length: 30 }, (_, n) => ({
        ...{ id: `${n}`, name: `Case ${n}`, checks: [] },
        variables: { mail: `${text} ${n}: <é\u0001"\n>`, count: n / 3, ok: true, more: { z: null, a: [n] } },
      }));
    saveDataset({ name: 'mails', rows: rows('Dear team') });
    saveDataset({ name: 'mails', rows: rows('Dear all'), expectRevision: 1 });
    saveDataset({ name: 'gone', rows: rows('Nobody') });
    deleteDataset({ name: 'gone' });
    vault.close();
    good = readFileSync(file);
  });

  const verify = () => {
    const vault = openVault(file, { actor, mode: 'read' });
    try {
      return vault.verify();
    } finally {
      vault.close();
    }
  };
  /** What the stored texts mean: that is what their hash was taken over. */
  function readCases(): string {
    const raw = new Sqlite(file, { readonly: true });
    try {
      const rows = raw.prepare('SELECT hash, columns, cases, case_count FROM dataset_contents').all() as {
        [column: string]: string;
      }[];
      return JSON.stringify(rows.map((row) => [row, JSON.parse(row.columns!), JSON.parse(row.cases!)].slice(1)));
    } catch (error) {
      return String(error);
    } finally {
      raw.close();
    }
  }

  it('is found, every one of them, and the dataset is named', function () {
    this.timeout(60_000);
    writeFileSync(file, good);
    assert.deepEqual(verify().problems, []);
    const whole = readCases();
    const start = good.indexOf('"Dear all 3:');
    assert.ok(start > 0);
    let hits = 0;
    let foundOtherwise = 0;
    for (let n = 0; n < 160; n += 1) {
      const bad = Buffer.from(good);
      const at = start + n;
      bad.writeUInt8(bad.readUInt8(at) ^ (1 << (n & 7)), at);
      writeFileSync(file, bad);
      if (readCases() === whole) continue;
      hits += 1;
      const { ok, problems } = verify();
      const found = problems.filter(({ what }) => what === 'dataset changed').map(({ detail }) => detail);
      assert.equal(ok, false, `bit ${n & 7} of byte ${at}`);
      if (problems.length > found.length) foundOtherwise += 1;
      assert.match(found.join(), /^The cases of mails are not/, `bit ${n & 7} of byte ${at}`);
    }
    console.log(`      ${hits} flips that change what the cases say, all found; ${foundOtherwise} by other checks too`);
    assert.ok(hits > 140, `${hits}`);
    // Without the hashes most would go unseen.
    assert.ok(foundOtherwise < hits / 2, `${foundOtherwise} of ${hits} are found by other checks`);
  });

  it('is found in the hash, in the number of cases and in those of a dataset that was deleted', () => {
    for (const sql of [
      `UPDATE dataset_contents SET case_count = 31 WHERE cases LIKE '%Dear all%'`,
      `UPDATE dataset_contents SET columns = '["mail"]' WHERE cases LIKE '%Dear team%'`,
      `UPDATE dataset_contents SET hash = 'sha256:' || hex(zeroblob(32)) WHERE cases LIKE '%Dear all%'`,
      `UPDATE dataset_contents SET cases = '[]' WHERE cases LIKE '%Nobody%'`,
    ]) {
      writeFileSync(file, good);
      const raw = new Sqlite(file);
      raw.pragma('foreign_keys = OFF');
      assert.equal(raw.prepare(sql).run().changes, 1, sql);
      raw.close();
      const found = verify().problems.filter(({ what }) => what === 'dataset changed');
      assert.equal(found.length, 1, sql);
      assert.match(found[0]?.detail ?? '', sql.includes('Nobody') ? /dataset that is gone/ : /cases of mails/, sql);
    }
  });

  it('keeps a copy from counting as a backup', () => {
    const bad = Buffer.from(good);
    bad.write('Bear', bad.indexOf('"Dear all 3:') + 1);
    writeFileSync(file, bad);
    const request = { root: join(folder.path, 'backups'), reason: 'manual', connect } as const;
    assert.throws(() => takeBackup(file, request), { code: 'DAMAGED' });
    writeFileSync(file, good);
    assert.equal(takeBackup(file, request).reason, 'manual');
  });
});
