import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findActor } from '../../../src/engine/findActor.ts';

describe('findActor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-actor-'));
  const plain = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: tmpdir() };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env: plain });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is the user of the machine where git knows nobody, or is not there', async () => {
    assert.equal(await findActor(folder, plain), userInfo().username);
    assert.equal(await findActor(folder, { ...plain, PATH: folder }), userInfo().username);
    assert.equal(await findActor(join(folder, 'none'), plain), userInfo().username);
  });

  it('is git’s user, the folder’s own before the general one', async () => {
    git('config', '--global', 'user.name', 'General');
    assert.equal(await findActor(folder, plain), 'General');
    git('init', '-q');
    git('config', 'user.name', 'Ada Lovelace');
    git('config', 'user.email', 'ada@example.org');
    assert.equal(await findActor(folder, plain), 'Ada Lovelace <ada@example.org>');
  });

  it('is the user of the machine where git knows a mail and no name', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const env = { ...plain, HOME: home };
    execFileSync('git', ['config', '--global', 'user.email', 'ada@example.org'], { env });
    assert.equal(await findActor(home, { ...env, GIT_CEILING_DIRECTORIES: folder }), userInfo().username);
  });

  it('is PROMPTVAULT_ACTOR before all', async () => {
    assert.equal(await findActor(folder, { ...plain, PROMPTVAULT_ACTOR: ' CI ' }), 'CI');
  });
});
