import assert from 'node:assert/strict';
import type { Vault } from '../../../src/vault/vault.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

const path = 'support/triage';
const at = (version: string) => `${path}@${version}`;
const say = (vault: Vault, ref: string, text: string) => vault.edit({ ref, messages: [userMessage(text)] });
const textOf = (vault: Vault, ref: string) => vault.show({ ref }).messages[0]?.content;

describe('the life of a prompt', () => {
  let made: TestVault;
  let vault: Vault;
  let clock: Date;
  const day = (date: string) => {
    clock = new Date(date);
  };
  beforeEach(() => {
    clock = new Date('2025-12-01T09:00:00Z');
    made = temporaryVault({ now: () => clock });
    vault = made.vault;
  });
  afterEach(() => made.remove());

  it('iterates on a DEV draft: one number, every save kept and restorable', () => {
    vault.create({ path, messages: [userMessage('first')] });
    say(vault, at('1.0'), 'second');
    const third = say(vault, at('1.0'), 'third');
    assert.deepEqual([third.version, third.revision, third.stage], ['1.0', 3, 'DEV']);
    assert.deepEqual(
      vault.revisions({ ref: path }).map(({ revision }) => revision),
      [3, 2, 1],
    );
    assert.equal(vault.showRevision({ ref: path, revision: 1 }).messages[0]?.content, 'first');
    const restored = vault.restoreRevision({ ref: path, revision: 1, expectRevision: 3 });
    assert.deepEqual([restored.revision, restored.messages[0]?.content], [4, 'first']);
    assert.equal(restored.hash, vault.revisions({ ref: path }).at(-1)?.hash);
    assert.equal(vault.showRevision({ ref: path, revision: 3 }).messages[0]?.content, 'third');
  });

  it('fixes a flaw in TST and deploys what was tested', () => {
    vault.create({ path, messages: [userMessage('with a flaw')] });
    const tested = vault.promote({ ref: at('1.0') });
    const fixed = say(vault, at('1.0'), 'without');
    assert.deepEqual([fixed.stage, fixed.version], ['TST', '1.0']);
    assert.notEqual(fixed.hash, tested.hash);
    const live = vault.promote({ ref: at('1.0'), expectRevision: fixed.revision });
    assert.deepEqual([live.stage, live.hash], ['PRD', fixed.hash]);
    assert.equal(vault.get({ ref: path }).hash, fixed.hash);
  });

  it('makes a new version from PRD, which stays in production meanwhile', () => {
    createReleased(vault, { path, messages: [userMessage('live')] });
    const draft = vault.createVersion({ ref: at('PRD'), rationale: 'Shorter answers' });
    assert.deepEqual([draft.version, draft.stage, draft.copiedFrom, draft.revision], ['1.1', 'DEV', '1.0', 1]);
    assert.equal(draft.rationale, 'Shorter answers');
    assert.equal(draft.hash, vault.show({ ref: at('1.0') }).hash);
    say(vault, at('1.1'), 'shorter');
    assert.equal(vault.get({ ref: path }).messages[0]?.content, 'live');
    assert.equal(vault.createVersion({ ref: at('1.0'), major: true }).version, '2.0');
    assert.equal(vault.createVersion({ ref: at('1.0') }).version, '1.2');
  });

  it('keeps several drafts apart', () => {
    createReleased(vault, { path, messages: [userMessage('live')] });
    for (const version of ['1.1', '1.2', '1.3']) {
      vault.createVersion({ ref: at('1.0') });
      say(vault, at(version), `draft ${version}`);
    }
    vault.promote({ ref: at('1.1') });
    vault.promote({ ref: at('1.2') });
    say(vault, at('1.2'), 'tested draft');
    vault.deleteVersion({ ref: at('1.3') });
    assert.deepEqual(
      vault.history({ path }).versions.map(({ version, stage }) => `${version} ${stage}`),
      ['1.2 TST', '1.1 TST', '1.0 PRD'],
    );
    assert.equal(textOf(vault, at('1.1')), 'draft 1.1');
    assert.equal(textOf(vault, at('1.2')), 'tested draft');
    assert.equal(
      vault.createVersion({ ref: at('1.1') }).version,
      '1.4',
      'the number of a deleted version is not used again',
    );
  });

  it('hotfixes production past a draft under way, and rolls back', () => {
    createReleased(vault, { path, messages: [userMessage('live')] });
    vault.createVersion({ ref: at('1.0') });
    say(vault, at('1.1'), 'big change, not ready');
    vault.createVersion({ ref: at('PRD'), rationale: 'Hotfix' });
    say(vault, at('1.2'), 'live, fixed');
    promoteToPrd(vault, at('1.2'));
    assert.equal(vault.get({ ref: path }).version, '1.2');
    assert.equal(vault.show({ ref: at('1.0') }).replacedBy, '1.2');
    assert.equal(vault.show({ ref: at('1.1') }).stage, 'DEV');

    assert.equal(vault.nextVersion({ ref: at('1.0') }), '1.3');
    assert.equal(vault.nextVersion({ ref: at('1.0'), major: true }), '2.0');
    const back = vault.rollback({ path, to: '1.0', reason: 'The fix loses mails' });
    assert.deepEqual([back.version, back.stage, back.rollbackOf], ['1.3', 'PRD', '1.0']);
    assert.equal(back.hash, vault.show({ ref: at('1.0') }).hash);
    assert.equal(vault.get({ ref: path }).messages[0]?.content, 'live');
    const told = vault.history({ path }).events.slice(-5);
    assert.deepEqual(
      told.map(({ kind, version }) => `${kind} ${version}`),
      [
        'version.created 1.3',
        'version.promoted 1.3',
        'version.promoted 1.3',
        'version.retired 1.2',
        'version.rolledBack 1.3',
      ],
    );
    assert.equal(told.at(-1)?.reason, 'The fix loses mails');
    for (const to of ['1.1', '1.3']) assert.throws(() => vault.rollback({ path, to, reason: 'x' }), { code: 'RULE' });
    assert.throws(() => vault.rollback({ path, to: '1.0', reason: '  ' }), { code: 'INVALID_INPUT' });
    assert.throws(() => vault.rollback({ path, to: '7.0', reason: 'x' }), { code: 'NOT_FOUND' });
  });

  it('reads the history of production with exact periods', () => {
    createReleased(vault, { path });
    for (const [version, date] of [
      ['1.1', '2025-12-15T12:30:00Z'],
      ['1.2', '2026-01-05T08:00:00Z'],
    ] as const) {
      day(date);
      vault.createVersion({ ref: at('PRD') });
      promoteToPrd(vault, at(version));
    }
    const periods = vault.history({ path }).versions.map((v) => [v.version, v.deployedAt, v.retiredAt, v.replacedBy]);
    assert.deepEqual(periods, [
      ['1.2', '2026-01-05T08:00:00.000Z', null, null],
      ['1.1', '2025-12-15T12:30:00.000Z', '2026-01-05T08:00:00.000Z', '1.2'],
      ['1.0', '2025-12-01T09:00:00.000Z', '2025-12-15T12:30:00.000Z', '1.1'],
    ]);
  });

  it('ends no production period before it began when the clock goes back', () => {
    createReleased(vault, { path });
    day('2020-01-01T00:00:00Z');
    vault.createVersion({ ref: at('PRD') });
    promoteToPrd(vault, at('1.1'));
    const [now, before] = vault.history({ path }).versions;
    assert.equal(before?.retiredAt, '2025-12-01T09:00:00.000Z');
    assert.equal(now?.deployedAt, before?.retiredAt);
    assert.ok(vault.verify().ok);
  });
});
