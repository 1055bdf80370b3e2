import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { EngineClient } from '../../../src/engine/engineClient.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { openOtherProcess, vaultFile } from '../vault/helpers.ts';

type Viewer = {
  look(file: string): void;
  start(file: string): void;
  stop(): Promise<{ views: number; rows: number; locked: number }>;
};
const said = (content: string) => [{ role: 'user' as const, content }];

/** Another process: can it begin a write now? */
const tryToWrite = `const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
try { database.exec('BEGIN IMMEDIATE; ROLLBACK'); console.log('free'); } catch { console.log('locked'); }`;
const lockSeenByOthers = () =>
  execFileSync(process.execPath, ['--no-warnings', '-e', tryToWrite, vaultFile()], { encoding: 'utf8' }).trim();

describe('another extension that views the vault in the same extension host', () => {
  let viewer: Viewer;
  let ours: vscode.Extension<{ ready: Promise<void> }>;
  let engines: EngineClient[];

  before(async () => {
    ours = vscode.extensions.getExtension('promptvault.promptvault')!;
    await (await ours.activate()).ready;
    viewer = await vscode.extensions.getExtension<Viewer>('test.viewer')!.activate();
    await vscode.commands.executeCommand('promptvault.vault.create');
    engines = [await openOtherProcess(), await openOtherProcess()];
  });
  after(() => Promise.all((engines ?? []).map((engine) => engine.close())));

  it('loses nothing of what three engines write while it opens, reads, copies and closes the file', async () => {
    const [first, second] = engines as [EngineClient, EngineClient];
    for (let n = 0; n < 10; n++) await first.create({ path: `draft/p${n}`, messages: said('x'), rationale: 'y' });
    viewer.start(vaultFile());
    const written = engines.map(async (engine, writer) => {
      const saved: string[] = [];
      for (let n = 0; n < 150; n++) {
        const { path } = await engine.create({ path: `w${writer}/p${n}`, messages: said(`text ${n}`) });
        saved.push(path);
      }
      return saved;
    });
    // The window's own engine, asked the way a person does.
    for (let n = 0; n < 10; n++) {
      const target = { path: `draft/p${n}`, version: '1.0' };
      await vscode.commands.executeCommand('promptvault.version.promote', target);
    }
    const saved = (await Promise.all(written)).flat();
    const { views, rows, locked } = await viewer.stop();
    console.log(`${saved.length} writes, ${views} views, ${locked} of them met a lock, the last saw ${rows} events`);
    assert.ok(views > 20, `${views} views`);
    const { problems, prompts } = await second.verify();
    assert.deepEqual(problems, []);
    assert.equal(prompts, 310);
    for (const path of saved) assert.equal((await second.show({ ref: path })).path, path);
    for (let n = 0; n < 10; n++) assert.equal((await second.show({ ref: `draft/p${n}` })).stage, 'TST');
  }).timeout(120_000);

  it('does not open a write of an engine’s process to others', async () => {
    const release = join(dirname(vaultFile()), 'release.tmp');
    const holder = fork(join(ours.extensionPath, 'test/support/holdWrite.ts'), [vaultFile(), release], {
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const gone = once(holder, 'exit');
    await once(holder, 'message');
    viewer.look(vaultFile());
    assert.equal(lockSeenByOthers(), 'locked');
    writeFileSync(release, '');
    assert.deepEqual(await gone, [0, null]);
    assert.deepEqual((await engines[0]!.verify()).problems, []);
  }).timeout(30_000);

  it('would do so if the vault were open in the extension host: an acknowledged write is lost or the vault breaks', async () => {
    const vault: Vault = openVault(vaultFile(), { actor: 'In the host' });
    const locks: string[] = [];
    const cli = join(ours.extensionPath, 'dist/cli.js');
    let mine = 'saved';
    try {
      vault.database.write((tx) => {
        tx.appendEvent({ kind: 'prompt.edited', details: { held: true } });
        locks.push(lockSeenByOthers());
        viewer.look(vaultFile());
        locks.push(lockSeenByOthers());
        execFileSync(process.execPath, [cli, 'new', 'theirs', '--vault', vaultFile()], { input: 'x' });
      });
    } catch (error) {
      mine = String(error);
    } finally {
      vault.close();
    }
    assert.deepEqual(locks, ['locked', 'free']);
    const after = await engines[0]!.verify().then(({ problems }) => problems.length, String);
    const theirs = await engines[0]!.show({ ref: 'theirs' }).then(() => 'there', String);
    const found = { mine, after, theirs };
    assert.notDeepEqual(found, { mine: 'saved', after: 0, theirs: 'there' });
  }).timeout(30_000);
});
