import assert from 'node:assert/strict';
import type { Vault } from '../../../src/vault/vault.ts';
import { aPrompt, createReleased, type TestVault, temporaryVault, testActor } from '../../support/vaultBuilders.ts';

describe('labels', () => {
  let made: TestVault;
  let vault: Vault;
  const path = 'support/triage';
  const ref = `${path}@1.0`;
  beforeEach(() => {
    made = temporaryVault();
    vault = made.vault;
  });
  afterEach(() => made.remove());

  it('stand on one version, by name, and show wherever the version does', () => {
    vault.create(aPrompt({ path }));
    vault.createVersion({ ref });
    const { labels } = vault.label({ ref, add: [' Production Candidate ', 'Approved', 'Approved'] });
    assert.deepEqual(labels, ['Approved', 'Production Candidate']);
    assert.deepEqual(vault.show({ ref }).labels, labels);
    assert.deepEqual(
      vault.history({ path }).versions.map(({ version, labels: own }) => [version, own]),
      [
        ['1.1', []],
        ['1.0', labels],
      ],
    );
  });

  it('are told in the log with who changed what', () => {
    vault.create(aPrompt({ path }));
    vault.label({ ref, add: ['a', 'b'] });
    vault.label({ ref, add: ['c'], remove: ['a', 'none'] });
    const told = vault.history({ path }).events.filter(({ kind }) => kind === 'version.labelled');
    assert.deepEqual(
      told.map(({ actor, version, details }) => ({ actor, version, details })),
      [
        { actor: testActor, version: '1.0', details: { added: ['a', 'b'], removed: [] } },
        { actor: testActor, version: '1.0', details: { added: ['c'], removed: ['a'] } },
      ],
    );
  });

  it('write nothing when nothing changes', () => {
    vault.create(aPrompt({ path }));
    vault.label({ ref, add: ['a'] });
    const { lastSeq } = vault.info();
    assert.deepEqual(vault.label({ ref, add: ['a'], remove: ['a', 'b'] }).labels, ['a']);
    assert.equal(vault.info().lastSeq, lastSeq);
  });

  it('change on production and retired versions too, and leave hash and revision alone', () => {
    const before = createReleased(vault, { path });
    const after = vault.label({ ref, add: ['Approved'] });
    assert.deepEqual(after.labels, ['Approved']);
    assert.deepEqual([after.stage, after.hash, after.revision], [before.stage, before.hash, before.revision]);
    assert.deepEqual(vault.verify().problems, []);
  });

  it('go with a deleted draft', () => {
    createReleased(vault, { path });
    vault.createVersion({ ref });
    vault.label({ ref: `${path}@1.1`, add: ['Experiment', 'rare'] });
    vault.deleteVersion({ ref: `${path}@1.1` });
    assert.ok(!vault.labels().includes('rare'));
  });

  it('are suggested: those in use first, then common ones', () => {
    vault.create(aPrompt({ path }));
    vault.label({ ref, add: ['zz ours', 'Approved'] });
    const labels = vault.labels();
    assert.deepEqual(labels.slice(0, 2), ['Approved', 'zz ours']);
    assert.ok(labels.includes('Production Candidate'));
    assert.equal(new Set(labels).size, labels.length);
  });

  for (const [what, label] of [
    ['empty', ' '],
    ['of two lines', 'a\nb'],
    ['longer than 60 characters', 'x'.repeat(61)],
  ] as const) {
    it(`are refused when ${what}`, () => {
      vault.create(aPrompt({ path }));
      assert.throws(() => vault.label({ ref, add: [label] }), { code: 'INVALID_INPUT' });
    });
  }
});
