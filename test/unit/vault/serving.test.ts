import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openVault } from '../../../src/vault/vault.ts';
import {
  aPrompt,
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  testActor,
  userMessage,
} from '../../support/vaultBuilders.ts';

describe('what production gets', () => {
  let made: TestVault;
  const path = 'support/triage';
  beforeEach(() => {
    made = temporaryVault();
  });
  afterEach(() => made.remove());

  it('is the same by a plain path and by @PRD, its keys in the order people read them', () => {
    const { vault } = made;
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      userMessage('Sort {{mail}} by "{{key}}" \u{1f4e7}'),
    ];
    const variables = [{ name: 'mail', default: '', description: 'The text' }, { name: 'key' }];
    const { hash } = createReleased(vault, { messages, settings: { temperature: 0.2, stop: ['a'] }, variables });
    const served = vault.get({ ref: path });
    assert.deepEqual(served, vault.get({ ref: `${path}@PRD` }));
    assert.deepEqual([served.path, served.version, served.hash], [path, '1.0', hash]);
    assert.deepEqual(served.messages, messages);
    assert.equal(JSON.stringify(served), JSON.stringify(vault.get({ ref: `${path}@1.0` })));
    assert.deepEqual(Object.keys(served.variables[1]!), ['name', 'default', 'description']);
  });

  it('changes with a promotion at once', () => {
    const { vault } = made;
    createReleased(vault);
    vault.createVersion({ ref: path });
    vault.edit({ ref: path, messages: [userMessage('second')] });
    promoteToPrd(vault, path);
    assert.deepEqual(
      [vault.get({ ref: path }).version, vault.get({ ref: path }).messages[0]?.content],
      ['1.1', 'second'],
    );
  });

  it('is nothing for a draft, a prompt that is not there and what is no path', () => {
    made.vault.create(aPrompt());
    for (const ref of [path, 'never/was']) assert.throws(() => made.vault.get({ ref }), { code: 'NOT_FOUND' });
    for (const ref of ['', '/a', 'a b', 'a%']) assert.throws(() => made.vault.get({ ref }), { code: 'INVALID_PATH' });
  });

  it('comes from the file that took the place of the open one, some milliseconds later at most', async () => {
    const other = temporaryVault();
    createReleased(made.vault, { messages: [userMessage('of one branch')] });
    createReleased(other.vault, { messages: [userMessage('of the other')] });
    const unguarded = openVault(made.file, { actor: testActor, without: ['replaced file'] });
    const said = (vault = made.vault) => vault.get({ ref: path }).messages[0]?.content;
    assert.equal(said(), 'of one branch');
    other.vault.close();
    renameSync(other.file, made.file);
    await sleep(5);
    assert.equal(said(), 'of the other');
    assert.equal(said(unguarded), 'of one branch', 'what would be served if nobody looked');
    unguarded.close();
    other.remove();
  });
});
