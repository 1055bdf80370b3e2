import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasGitDiff, setUpGitDiff } from '../../../src/engine/gitDiff.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { createReleased, temporaryFolder, testActor } from '../../support/vaultBuilders.ts';

const textOf = (program: string) => [process.execPath, '-e', program];

describe('git showing a vault as text', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path, encoding: 'utf8' });
  const attributes = () => join(folder.path, '.promptvault', '.gitattributes');
  beforeEach(() => {
    folder = temporaryFolder();
    const vault = openVault(join(folder.path, '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
    createReleased(vault);
    vault.close();
  });
  afterEach(() => folder.remove());

  it('is refused outside of a repository, where nobody can say whether it is set up', async () => {
    await assert.rejects(setUpGitDiff(folder.path, ['promptvault']), { code: 'FILE_NOT_FOUND' });
    assert.equal(await hasGitDiff(folder.path), null);
  });

  it('is a setting of the clone and an attribute that is committed, made once', async () => {
    git('init', '-q');
    assert.equal(await hasGitDiff(folder.path), false);
    writeFileSync(attributes(), '*.db binary\n*.md text\n');
    for (let n = 0; n < 2; n += 1) await setUpGitDiff(folder.path, ['promptvault', 'text']);
    assert.equal(await hasGitDiff(folder.path), true);
    assert.equal(readFileSync(attributes(), 'utf8'), '*.md text\n*.db -text -merge diff=promptvault\n');
  });

  it('brings the attribute where a vault has none beside it', async () => {
    git('init', '-q');
    rmSync(attributes());
    await setUpGitDiff(folder.path, ['promptvault', 'text']);
    assert.equal(readFileSync(attributes(), 'utf8'), '*.db -text -merge diff=promptvault\n');
  });

  it('runs a program whose path has blanks, quotes and dollars, with the file behind', async () => {
    git('init', '-q');
    const odd = join(folder.path, `it's $odd "here"`);
    mkdirSync(odd);
    const program = join(odd, 'text.js');
    writeFileSync(
      program,
      `process.stdout.write('shown: ' + require('node:fs').readFileSync(process.argv[2]).length + '\\n')`,
    );
    await setUpGitDiff(folder.path, [process.execPath, program]);
    git('add', '.promptvault/vault.db');
    assert.match(git('diff', '--cached', '--', '.promptvault'), /^\+shown: \d+$/m);
  });

  it('says in the diff what to do when the program has moved or fails, and never ends git diff', async () => {
    git('init', '-q');
    git('add', '.promptvault/vault.db');
    for (const program of [['/nowhere/node', 'cli.js'], textOf('process.exit(6)')]) {
      await setUpGitDiff(folder.path, program);
      assert.match(git('diff', '--cached', '--', '.promptvault'), /^\+.*promptvault init --git/m);
    }
  });
});
