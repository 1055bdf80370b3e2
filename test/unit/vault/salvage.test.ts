import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeBackup } from '../../../src/vault/backup.ts';
import { connect } from '../../../src/vault/database.ts';
import { salvage } from '../../../src/vault/salvage.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { vaultText } from '../../../src/vault/vaultText.ts';
import { changeSchema, createRandom, damages, hostileSchemas, writeRichVault } from '../../support/damage.ts';
import { temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

const actor = testActor;
const page = 4096;

describe('salvaging', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let text: string;
  let good: Buffer;
  before(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'vault.db');
    writeRichVault(file, 24);
    text = vaultText(file);
    good = readFileSync(file);
  });
  after(() => folder.remove());
  let count = 0;
  /** The damaged file keeps its bytes, and what comes out is a whole vault. */
  function rescue(bad: Buffer) {
    const damaged = join(folder.path, `bad-${count}.db`);
    const to = join(folder.path, `salvaged-${count}.db`);
    count += 1;
    writeFileSync(damaged, bad);
    const report = salvage(damaged, to, { actor });
    assert.deepEqual(readFileSync(damaged), bad);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => /journal|tmp/.test(name)),
      [],
    );
    const vault = openVault(to, { actor });
    assert.deepEqual(vault.verify().problems, []);
    assert.equal(vault.eventsAfter({ seq: 0, limit: 100_000 }).at(-1)?.kind, 'vault.salvaged');
    vault.close();
    return { report, text: vaultText(to) };
  }
  /** Blocks that begin with a heading: what each version says. */
  const blocks = (whole: string) =>
    new Map(whole.split(/^(?=#)/m).map((block) => [block.split('\n')[0] ?? '', block.trim()]));

  it('of a whole vault loses nothing', () => {
    const { report, text: after } = rescue(good);
    assert.deepEqual(report.lost, []);
    assert.equal(after, text);
  });

  it('reads everything behind a destroyed first page', () => {
    const { report, text: after } = rescue(Buffer.from(good).fill(0xff, 0, page));
    assert.deepEqual(report.lost, []);
    assert.equal(after, text);
  });

  it('reads everything behind a destroyed first page of a backup, whose tables lie elsewhere', () => {
    const { file: copy } = takeBackup(file, { root: join(folder.path, 'backups'), reason: 'manual', connect });
    const { text: after } = rescue(readFileSync(copy).fill(0, 0, page));
    assert.equal(after, text);
  });

  it('reads everything behind a schema that somebody changed, and runs none of it', () => {
    for (const what of ['an endless view', 'a trigger that rewrites texts', 'a trigger that takes rules away']) {
      const hostile = join(folder.path, 'hostile.db');
      writeFileSync(hostile, good);
      changeSchema(hostile, hostileSchemas[what] ?? '');
      assert.equal(rescue(readFileSync(hostile)).text, text, what);
    }
  });

  it('loses one flipped text and says which', () => {
    const bad = Buffer.from(good);
    const at = bad.indexOf('"content":"Prompt 9: sort') + 12;
    bad.writeUInt8((bad[at] ?? 0) ^ 1, at);
    const { report, text: after } = rescue(bad);
    assert.deepEqual(
      report.lost.filter(({ what }) => what === 'version').map(({ path, version }) => `${path}@${version}`),
      ['team1/prompt9@1.0'],
    );
    const [before, now] = [blocks(text), blocks(after)];
    assert.deepEqual(
      [...before.keys()].filter((key) => !now.has(key)),
      ['# team1/prompt9', '## team1/prompt9 v1.0 DEV'],
    );
  });

  it('gives back only what was written, whatever the damage, and most of it', function () {
    this.timeout(60_000);
    const random = createRandom(99);
    const before = blocks(text);
    const shares: number[] = [];
    for (const { what, apply } of damages) {
      for (let n = 0; n < 4; n += 1) {
        const bad = apply(good, random);
        if (what.startsWith('a cut')) continue;
        const { text: after, report } = rescue(bad);
        const now = blocks(after);
        let kept = 0;
        for (const [key, block] of before) {
          if (key.startsWith('## ') && now.get(key) === block) kept += 1;
        }
        const versions = [...before.keys()].filter((key) => key.startsWith('## ')).length;
        shares.push(kept / versions);
        // What is missing is said.
        if (kept < versions) assert.ok(report.lost.length > 0, what);
      }
    }
    const average = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    console.log(`      ${shares.length} vaults, on average ${(average * 100).toFixed(1)} % of the versions read`);
    assert.ok(average > 0.8, `${average}`);
  });

  it('refuses to write over anything, and what is no vault', () => {
    assert.throws(() => salvage(file, file, { actor }), { code: 'EXISTS' });
    const other = join(folder.path, 'text.txt');
    writeFileSync(other, 'no vault '.repeat(1000));
    assert.throws(() => salvage(other, join(folder.path, 'out.db'), { actor }), { code: 'FOREIGN' });
  });
});
