import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { aPrompt, testActor } from '../support/vaultBuilders.ts';

type Files = { files: { path: string; kind: string; file: string; state: string; done: string }[] };
const skill = '.claude/skills/support-triage/SKILL.md';

describe('promptvault agents', () => {
  const folder = temporaryFolder();
  const inVault = (work: (vault: Vault) => unknown) => {
    const vault = openVault(join(folder.path(), '.promptvault', 'vault.db'), { actor: testActor, mode: 'create' });
    work(vault);
    vault.close();
  };
  const cli = (...args: string[]) => runCli(args, { cwd: folder.path() });
  const filesOf = async (...args: string[]) => (await jsonOf<Files>(args, { cwd: folder.path() })).files;
  const skillText = () => readFileSync(join(folder.path(), skill), 'utf8');

  it('writes a released prompt where it was asked to, and again with each release, rollback and move', async () => {
    inVault((vault) => vault.create(aPrompt()));
    const [waiting] = await filesOf('agents', 'add', 'support/triage', '--kind', 'skill');
    assert.deepEqual([waiting?.state, existsSync(join(folder.path(), '.claude'))], ['unreleased', false]);
    inVault((vault) => vault.promote({ ref: 'support/triage' }));
    const { stderr } = await cli('promote', 'support/triage');
    assert.match(stderr, /in step for agents: \.claude\/skills\/support-triage\/SKILL\.md/);
    assert.match(skillText(), /support\/triage@1\.0 sha256:/);
    inVault((vault) =>
      vault.promote({ ref: `support/triage@${vault.createVersion({ ref: 'support/triage' }).version}` }),
    );
    await cli('promote', 'support/triage@1.1');
    assert.match(skillText(), /support\/triage@1\.1 /);
    await cli('rollback', 'support/triage', '--to', '1.0', '--reason', 'worse');
    assert.match(skillText(), /support\/triage@1\.2 /);
    assert.equal((await cli('agents', 'write', '--check')).exit, 0);
  });

  it('leaves an edited file alone, says so, and overwrites it on demand', async () => {
    appendFileSync(join(folder.path(), skill), 'By hand.\n');
    assert.equal((await cli('agents', 'write', '--check')).exit, 1);
    inVault((vault) =>
      vault.promote({ ref: `support/triage@${vault.createVersion({ ref: 'support/triage' }).version}` }),
    );
    const { stderr } = await cli('promote', 'support/triage@1.3');
    assert.match(stderr, /not written for agents:.*--force/);
    assert.match(skillText(), /1\.2 [\s\S]*By hand/);
    const kept = await cli('agents', 'write', 'support/triage');
    assert.equal(kept.exit, 1);
    assert.match(kept.stdout, /--force/);
    const forced = await cli('agents', 'write', 'support/triage', '--force');
    assert.deepEqual([forced.exit, /By hand/.test(skillText())], [0, false]);
    const { stderr: moved } = await cli('move', 'support/triage', 'inbox/sort');
    assert.match(moved, /in step for agents: \.claude\/skills\/inbox-sort\/SKILL\.md/);
    assert.equal(existsSync(join(folder.path(), skill)), false);
  });

  it('lists, removes, and knows its kinds and actions', async () => {
    const listed = await filesOf('agents');
    assert.deepEqual(
      listed.map(({ path, kind, state }) => [path, kind, state]),
      [['inbox/sort', 'skill', 'current']],
    );
    const exits = [
      (await cli('agents', 'add', 'inbox/sort')).exit,
      (await cli('agents', 'add', 'inbox/sort', '--kind', 'emacs')).exit,
      (await cli('agents', 'add', 'no/such', '--kind', 'skill')).exit,
      (await cli('agents', 'promote', 'inbox/sort')).exit,
    ];
    assert.deepEqual(exits, [2, 2, 4, 2]);
    const [gone] = await filesOf('agents', 'remove', 'inbox/sort');
    assert.deepEqual([gone?.done, await filesOf('agents')], ['removed', []]);
  });
});
