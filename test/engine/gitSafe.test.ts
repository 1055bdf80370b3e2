import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../src/vault/vault.ts';
import { vaultText } from '../../src/vault/vaultText.ts';
import { cliModule, runCli } from '../support/cliProcess.ts';
import { hasCommand } from '../support/damage.ts';
import { failsWith, nextEvent, type TestEngine, type Workplace, workplace } from '../support/engineProcesses.ts';
import { until } from '../support/until.ts';
import { testActor, userMessage } from '../support/vaultBuilders.ts';

const limitMs = 1000;
const said = (text: string) => [userMessage(text)];

describe('git under an open vault', () => {
  let place: Workplace;
  let mine: TestEngine;
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  const git = (...args: string[]) =>
    execFileSync('git', [...identity, ...args], {
      cwd: place.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commit = (message: string) => git('commit', '-qam', message);
  const textOf = async () => (await mine.show({ ref: 'a' })).messages[0]?.content;

  before(function () {
    if (!hasCommand('git')) this.skip();
  });
  /** On main `a` says "main", on side it says "side"; both are the second revision of one version. */
  beforeEach(async () => {
    place = workplace();
    mine = await place.fork();
    await mine.create({ path: 'a', messages: said('both') });
    git('init', '-q', '-b', 'main', '.');
    git('add', '-A');
    commit('both');
    git('checkout', '-q', '-b', 'side');
    await edit('side');
    commit('side');
    git('checkout', '-q', 'main');
    await becomes('both');
    await edit('main');
    commit('main');
  });
  afterEach(() => place.clean());

  /** Waits, as a person would, until the text is there. */
  const becomes = (text: string) => until(async () => (await textOf()) === text, text);
  const edit = (text: string) => mine.edit({ ref: 'a', messages: said(text) });

  /** Runs git and answers after how many ms the engine told of a change that is not its own. */
  async function noticed(...args: string[]): Promise<number> {
    const told = nextEvent(mine.onDidChange, ({ own }) => !own, 5000);
    git(...args);
    const started = performance.now();
    await told;
    return performance.now() - started;
  }

  it('a checkout is noticed within a second, focused or not, and the other branch is read', async () => {
    const times: number[] = [];
    for (const focused of [true, false]) {
      await mine.setFocused({ focused });
      for (const branch of ['side', 'main']) {
        times.push(await noticed('checkout', '-q', branch));
        assert.equal(await textOf(), branch);
      }
    }
    assert.ok(Math.max(...times) < limitMs, `${times}`);
    assert.deepEqual((await mine.verify()).problems, []);
    console.log(`      noticed after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  });

  it('stash and its return are noticed', async () => {
    await edit('not committed');
    assert.ok((await noticed('stash', '-q')) < limitMs);
    assert.equal(await textOf(), 'main');
    assert.ok((await noticed('stash', 'pop', '-q')) < limitMs);
    assert.equal(await textOf(), 'not committed');
  });

  it('a merge that conflicts leaves one side whole', async () => {
    const before = readFileSync(place.file);
    assert.throws(() => git('merge', '-q', 'side'));
    assert.deepEqual(readFileSync(place.file), before, 'two vaults are never mixed');
    assert.match(git('status', '--porcelain'), /^UU /m);
    assert.ok((await noticed('checkout', '-q', '--theirs', '.promptvault/vault.db')) < limitMs);
    assert.equal(await textOf(), 'side');
    assert.deepEqual((await mine.verify()).problems, []);
  });

  it('clean and a branch without a vault are told, and what comes back is read', async () => {
    git('checkout', '-q', '--orphan', 'empty');
    git('rm', '-rqf', '--cached', '.');
    assert.ok((await noticed('clean', '-fdxq')) < limitMs);
    await assert.rejects(mine.list({}), failsWith('FILE_NOT_FOUND'));
    await assert.rejects(edit('into nowhere'), failsWith('FILE_NOT_FOUND'));
    assert.ok((await noticed('checkout', '-qf', 'side')) < limitMs);
    assert.equal(await textOf(), 'side');
    await edit('side again');
    assert.deepEqual((await mine.verify()).problems, []);
  });

  it('what was read on one branch is not written into the other', async () => {
    const vault = openVault(place.file, { actor: testActor });
    const { revision, hash } = vault.show({ ref: 'a' });
    git('checkout', '-q', 'side');
    const side = readFileSync(place.file);
    // At once, before anybody was told; and later, with the same revision but another text.
    const blind = () => vault.edit({ ref: 'a', expectRevision: revision, messages: said('mine') });
    assert.throws(blind, { code: 'CONFLICT' });
    assert.deepEqual(readFileSync(place.file), side);
    vault.close();
    const stale = { ref: 'a', expectRevision: revision, expectHash: hash, messages: said('mine') };
    await assert.rejects(mine.edit(stale), failsWith('CONFLICT'));
    assert.deepEqual(readFileSync(place.file), side);
    assert.equal(git('status', '--porcelain'), '');
  });

  it('is read on without the guard: nobody notices, and the answer is a branch that is gone', () => {
    const vault = openVault(place.file, { actor: testActor, without: ['replaced file'] });
    git('checkout', '-q', 'side');
    assert.equal(vault.show({ ref: 'a' }).messages[0]?.content, 'main', 'what is not checked out any more');
    assert.match(vaultText(place.file), /side/);
    vault.close();
  });

  it('git diff shows what changed, in words', async () => {
    const { exit, stderr } = await runCli(['init', '--git'], { cwd: place.folder });
    assert.equal(exit, 0, stderr);
    await edit('Sort this mail\nby anger.');
    const diff = git('diff');
    assert.match(diff, /^-main$/m);
    assert.match(diff, /^\+Sort this mail\n\+by anger\.$/m);
    assert.match(git('log', '-p', '-1', '--format=%s'), /^\+main$/m);
    assert.ok(git('config', 'diff.promptvault.textconv').includes(cliModule));
    git('config', '--unset', 'diff.promptvault.textconv');
    assert.match(git('diff'), /Binary files/, 'without it git shows nothing');
    assert.equal(git('check-ignore', join('.promptvault', 'vault.db-journal')).trim(), '.promptvault/vault.db-journal');
    assert.throws(() => git('check-ignore', join('.promptvault', 'vault.db')));
  });
});
