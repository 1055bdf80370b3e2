import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { listBackups, takeBackup } from '../../../src/vault/backup.ts';
import { connect } from '../../../src/vault/database.ts';
import { diagnose } from '../../../src/vault/doctor.ts';
import { migrations } from '../../../src/vault/migrations.ts';
import { restore } from '../../../src/vault/restore.ts';
import { salvage } from '../../../src/vault/salvage.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { vaultText } from '../../../src/vault/vaultText.ts';
import { allColumns, allRows, writeOldVault } from '../../support/oldVault.ts';
import { temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

const actor = testActor;

for (const schema of [1, 2] as const) {
  describe(`a vault of schema ${schema}, made by an older PromptVault`, () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let file: string;
    let root: string;
    beforeEach(() => {
      folder = temporaryFolder();
      file = join(folder.path, 'vault.db');
      root = join(folder.path, 'backups');
      writeOldVault(file, schema);
    });
    afterEach(() => folder.remove());
    const schemaOf = (path: string) => {
      const raw = new Sqlite(path, { readonly: true });
      const schema = raw.pragma('user_version', { simple: true });
      raw.close();
      return schema;
    };
    const verified = (path: string) => {
      const vault = openVault(path, { actor, mode: 'read' });
      const { problems } = vault.verify();
      vault.close();
      return problems;
    };

    it('is brought up to date after a checked backup of it, and keeps every row', () => {
      assert.equal(schemaOf(file), schema);
      const columns = allColumns(file);
      const before = allRows(file);
      openVault(file, { actor, backups: root }).close();
      assert.equal(schemaOf(file), migrations.length);
      assert.deepEqual(allRows(file, columns), before);
      assert.deepEqual(verified(file), []);
      const [backup, ...others] = listBackups(root, { file });
      assert.deepEqual([others, backup?.reason], [[], 'migration']);
      assert.equal(schemaOf(backup?.file ?? ''), schema);
      assert.deepEqual(allRows(backup?.file ?? ''), before);
    });

    it('knows which prompts changed last: by the last entry about each, runs left aside', () => {
      openVault(file, { actor, backups: root }).close();
      const raw = new Sqlite(file, { readonly: true });
      const events = raw.prepare('SELECT seq, prompt_id, kind FROM events').all() as {
        seq: number;
        prompt_id: number | null;
        kind: string;
      }[];
      const prompts = raw.prepare('SELECT id, changed_seq FROM prompts').all() as { id: number; changed_seq: number }[];
      raw.close();
      assert.ok(prompts.length >= 4 && events.some(({ kind }) => kind.startsWith('run.')));
      for (const { id, changed_seq } of prompts) {
        const last = events.findLast(({ prompt_id, kind }) => prompt_id === id && !kind.startsWith('run.'));
        assert.equal(changed_seq, last?.seq);
      }
    });

    it('is told by verify when the order of what changed does not fit the log', () => {
      openVault(file, { actor, backups: root }).close();
      const raw = new Sqlite(file);
      raw.exec(`UPDATE prompts SET changed_seq = 1 WHERE path = 'a'`);
      raw.close();
      assert.deepEqual(
        verified(file).map(({ what, path }) => [what, path]),
        [['last change', 'a']],
      );
    });

    it('is read where it cannot be written, through a copy: its bytes stay, and the reason says so', () => {
      const before = readFileSync(file);
      const vault = openVault(file, { actor, mode: 'read', backups: root });
      const info = vault.info();
      assert.ok(info.readOnly);
      assert.ok(info.readOnlyReason?.includes(`older PromptVault (schema ${schema})`));
      assert.equal(vault.show({ ref: 'a@1.0' }).messages[0]?.content, 'first');
      assert.equal(vault.diff({ from: 'a@1.0', to: 'a@1.1' }).same, false);
      assert.equal(vault.drillRollback({ path: 'support/triage', to: '1.1' }).served.version, '1.4');
      assert.deepEqual(vault.verify().problems, []);
      assert.throws(() => vault.edit({ ref: 'a@1.1', rationale: 'x' }), { code: 'READ_ONLY' });
      assert.match(vaultText(file), /^## a v1\.1 DEV$/m);
      vault.close();
      assert.deepEqual(readFileSync(file), before);
      assert.deepEqual(listBackups(root, { file }), []);
    });

    it('is read anew when somebody else changes it or brings it up to date', () => {
      const vault = openVault(file, { actor, mode: 'read' });
      const version = vault.database.dataVersion();
      assert.equal(vault.database.dataVersion(), version);
      const titles = () => vault.list({ limit: 50 }).prompts.map(({ title }) => title);
      const raw = new Sqlite(file);
      raw.exec(`UPDATE prompts SET title = 'Changed by an old program' WHERE path = 'a'`);
      raw.close();
      assert.notEqual(vault.database.dataVersion(), version);
      assert.ok(titles().includes('Changed by an old program'));
      const writer = openVault(file, { actor, backups: root });
      writer.editPrompt({ path: 'a', title: 'Changed by a new one' });
      writer.close();
      assert.ok(titles().includes('Changed by a new one'));
      vault.close();
    });

    it('is told to be brought up to date first when it is too large for a copy', () => {
      // A file with holes that says it has as many pages as one of 570 MB.
      const pages = 140_000;
      const bytes = readFileSync(file);
      bytes.writeUInt32BE(pages, 28);
      writeFileSync(file, bytes);
      truncateSync(file, pages * 4096);
      assert.throws(() => openVault(file, { actor, mode: 'read' }), { code: 'READ_ONLY' });
    });

    it('restores from its backup, up to date and with every text', () => {
      const text = vaultText(file);
      const { file: backup } = takeBackup(file, { root, reason: 'manual', connect });
      const other = join(folder.path, 'elsewhere', 'vault.db');
      restore(other, { from: backup, root, actor });
      assert.equal(schemaOf(other), migrations.length);
      assert.deepEqual(verified(other), []);
      assert.equal(vaultText(other), text);
      assert.equal(listBackups(root, { file: other }).length, 0, 'a backup of a copy is of no use');
    });

    it('is examined without being changed', () => {
      const before = readFileSync(file);
      const found = diagnose(file, { root });
      assert.deepEqual([found.ok, found.schema, found.knownSchema], [true, schema, migrations.length]);
      assert.deepEqual(readFileSync(file), before);
    });

    it('is salvaged behind a destroyed first page, before and after it was brought up to date', () => {
      const text = vaultText(file);
      for (const when of ['before', 'after']) {
        const bad = join(folder.path, `${when}-bad.db`);
        const to = join(folder.path, `${when}.db`);
        writeFileSync(bad, readFileSync(file).fill(0, 0, 4096));
        const { lost } = salvage(bad, to, { actor });
        assert.deepEqual(lost, [], when);
        assert.equal(vaultText(to), text, when);
        assert.deepEqual(verified(to), []);
        openVault(file, { actor, backups: root }).close();
      }
    });
  });
}
