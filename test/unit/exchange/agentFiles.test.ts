import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { readMarker } from '../../../src/exchange/agentFiles/marker.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { failsWith } from '../../support/engineProcesses.ts';
import { temporaryFolder, testActor, userMessage } from '../../support/vaultBuilders.ts';

const path = 'support/triage';
const skill = '.claude/skills/support-triage/SKILL.md';
const command = '.claude/commands/support-triage.md';

describe('files for agents', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let engine: Engine;
  const at = (file: string) => join(folder.path, file);
  const textOf = (file: string) => readFileSync(at(file), 'utf8');
  const markOf = (file: string) => readMarker(textOf(file));
  const statesOf = async () => (await engine.agentFiles({})).map(({ kind, state }) => [kind, state]);
  const open = (file = at('.promptvault/vault.db')) =>
    openEngine(file, { actor: testActor, host: environmentHost({}), mode: 'create' });
  async function release(content: string): Promise<string> {
    const exists = (await engine.list({ search: path })).total > 0;
    const messages = [userMessage(content)];
    const made = exists ? await engine.createVersion({ ref: path }) : await engine.create({ path, messages });
    const ref = `${path}@${made.version}`;
    if (exists) await engine.edit({ ref, messages });
    await engine.promote({ ref });
    return (await engine.promote({ ref })).version;
  }
  beforeEach(async () => {
    folder = temporaryFolder();
    engine = await open();
  });
  afterEach(async () => {
    await engine.close();
    folder.remove();
  });

  it('are written when a prompt is chosen, and follow its releases, rollbacks, renames and moves', async () => {
    await release('One');
    const added = await engine.chooseAgentFiles({ path, add: ['skill', 'claude-command'] });
    assert.deepEqual(
      added.map(({ file, done }) => [file, done]),
      [
        [command, 'written'],
        [skill, 'written'],
      ],
    );
    await release('Two');
    assert.deepEqual([markOf(skill)?.version, /\nTwo\n/.test(textOf(skill))], ['1.1', true]);
    await engine.rollback({ path, to: '1.0', reason: 'worse' });
    assert.deepEqual([markOf(command)?.version, /\nOne\n/.test(textOf(command))], ['1.2', true]);
    await engine.editPrompt({ path, description: 'Sorts "mail"' });
    assert.match(textOf(skill), /^description: "Sorts \\"mail\\""$/m);
    await engine.move({ path, to: 'inbox/sort' });
    assert.deepEqual(
      [existsSync(at(skill)), existsSync(dirname(at(skill))), existsSync(at(command))],
      [false, false, false],
    );
    assert.equal(markOf('.claude/skills/inbox-sort/SKILL.md')?.path, 'inbox/sort');
    assert.deepEqual(await statesOf(), [
      ['claude-command', 'current'],
      ['skill', 'current'],
    ]);
  });

  it('wait for the first release of a prompt, and go when it is not chosen any more', async () => {
    await engine.create({ path, messages: [userMessage('Hi')] });
    const [added] = await engine.chooseAgentFiles({ path, add: ['skill'] });
    assert.deepEqual([added?.state, added?.done, existsSync(at('.claude'))], ['unreleased', 'kept', false]);
    await engine.promote({ ref: path });
    assert.equal(existsSync(at(skill)), false);
    await engine.promote({ ref: path });
    assert.equal(markOf(skill)?.version, '1.0');
    const [gone] = await engine.chooseAgentFiles({ path, remove: ['skill'] });
    assert.deepEqual([gone?.done, existsSync(at(skill)), await statesOf()], ['removed', false, []]);
  });

  it('are never written over by hand-made or edited ones, unless a person says so', async () => {
    mkdirSync(dirname(at(skill)), { recursive: true });
    writeFileSync(at(skill), '# Mine\n');
    await release('One');
    await engine.chooseAgentFiles({ path, add: ['skill', 'claude-command'] });
    writeFileSync(at(command), `${textOf(command)}More.\n`);
    await release('Two');
    assert.deepEqual(await statesOf(), [
      ['claude-command', 'edited'],
      ['skill', 'foreign'],
    ]);
    assert.deepEqual([textOf(skill), /More\.\n$/.test(textOf(command))], ['# Mine\n', true]);
    await engine.writeAgentFiles({});
    assert.equal(textOf(skill), '# Mine\n');
    await engine.chooseAgentFiles({ path, remove: ['claude-command'] });
    assert.match(textOf(command), /More\.\n$/);
    const [forced] = await engine.writeAgentFiles({ path, force: true });
    assert.deepEqual([forced?.done, markOf(skill)?.version], ['written', '1.1']);
  });

  it('tell what writing would do without doing it', async () => {
    await release('One');
    await engine.chooseAgentFiles({ path, add: ['cursor'] });
    unlinkSync(at('.cursor/commands/support-triage.md'));
    const [dry] = await engine.writeAgentFiles({ dryRun: true });
    assert.deepEqual([dry?.state, dry?.done, readdirSync(at('.cursor/commands'))], ['missing', 'written', []]);
    await engine.writeAgentFiles({});
    assert.deepEqual(readdirSync(at('.cursor/commands')), ['support-triage.md']);
  });

  it('follow no link out of the workspace, neither of a folder nor of a file', async () => {
    const outside = temporaryFolder();
    try {
      await release('One');
      symlinkSync(outside.path, at('.claude'));
      mkdirSync(at('.cursor/commands'), { recursive: true });
      writeFileSync(join(outside.path, 'target.md'), 'kept');
      symlinkSync(join(outside.path, 'target.md'), at('.cursor/commands/support-triage.md'));
      const changes = await engine.chooseAgentFiles({ path, add: ['skill', 'cursor'], force: true });
      assert.deepEqual(
        changes.map(({ state, done }) => [state, done]),
        [
          ['blocked', 'kept'],
          ['blocked', 'kept'],
        ],
      );
      assert.deepEqual(
        [readdirSync(outside.path), readFileSync(join(outside.path, 'target.md'), 'utf8')],
        [['target.md'], 'kept'],
      );
    } finally {
      outside.remove();
    }
  });

  it('touch no file that a vault from somewhere else names', async () => {
    await release('One');
    await engine.chooseAgentFiles({ path, add: ['skill', 'cursor'] });
    const mine = at('.cursor/commands/mine.md');
    writeFileSync(mine, '# Mine\n');
    writeFileSync(at('notes.md'), textOf(skill));
    const vault = openVault(at('.promptvault/vault.db'), { actor: testActor });
    const name = (file: string, kind: string) =>
      vault.database.writeUnlogged((tx) =>
        tx.prepare('UPDATE agent_files SET file = ? WHERE kind = ?').run(file, kind),
      );
    for (const file of [
      'notes.md',
      '../notes.md',
      '.claude/skills/../../notes.md',
      '/etc/hosts',
      '.claude/skills/support-triage/SKILL.md\n',
    ]) {
      name(file, 'skill');
      name('.cursor/commands/mine.md', 'cursor');
      await release(`Other ${file}`);
    }
    vault.close();
    await engine.chooseAgentFiles({ path, remove: ['skill', 'cursor'] });
    assert.deepEqual([existsSync(at('notes.md')), readFileSync(mine, 'utf8')], [true, '# Mine\n']);
  });

  it('are written by no vault that is only opened, and by nobody else’s release', async () => {
    await release('One');
    await engine.chooseAgentFiles({ path, add: ['skill'] });
    unlinkSync(at(skill));
    await engine.close();
    engine = await open();
    await engine.list({});
    const other = openVault(at('.promptvault/vault.db'), { actor: testActor });
    const { version } = other.createVersion({ ref: path });
    other.promote({ ref: `${path}@${version}` });
    other.promote({ ref: `${path}@${version}` });
    other.close();
    await engine.setFocused({ focused: true });
    assert.equal((await engine.get({ ref: path })).version, version);
    assert.equal(existsSync(at(skill)), false);
  });

  it('refuse a text with commands, a name that another prompt has, and a vault that lies in no workspace', async () => {
    await release('Run !`id` first');
    assert.equal((await engine.chooseAgentFiles({ path, add: ['skill'], force: true }))[0]?.state, 'unsafe');
    await release('Plain');
    assert.equal((await statesOf())[0]?.[1], 'current');
    const twin = 'support-triage';
    await engine.create({ path: twin, messages: [userMessage('Twin')] });
    for (let i = 0; i < 2; i += 1) await engine.promote({ ref: twin });
    const [taken] = await engine.chooseAgentFiles({ path: twin, add: ['skill'], force: true });
    assert.deepEqual([taken?.state, markOf(skill)?.path], ['taken', path]);
    const elsewhere = await open(at('loose.db'));
    try {
      await elsewhere.create({ path, messages: [userMessage('Hi')] });
      await assert.rejects(elsewhere.chooseAgentFiles({ path, add: ['skill'] }), failsWith('INVALID_INPUT'));
    } finally {
      await elsewhere.close();
    }
    await assert.rejects(engine.chooseAgentFiles({ path: 'no/such', add: ['skill'] }), failsWith('NOT_FOUND'));
  });

  it('leave the vault as it is when there is nothing to do', async () => {
    await release('One');
    await engine.chooseAgentFiles({ path, add: ['skill'] });
    const stamp = () => readFileSync(at('.promptvault/vault.db'));
    const before = stamp();
    await engine.writeAgentFiles({});
    await engine.chooseAgentFiles({ path, add: ['skill'] });
    assert.equal(stamp().equals(before), true);
  });
});
