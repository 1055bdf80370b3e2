import assert from 'node:assert/strict';
import type { ListQuery } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { aPrompt, promoteToPrd, type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('prompts by their last change', () => {
  let made: TestVault;
  let vault: Vault;
  let clock: Date;
  const recent = (query: ListQuery = {}) => vault.list({ ...query, order: 'recent' }).prompts.map(({ path }) => path);
  beforeEach(() => {
    clock = new Date('2026-03-01T10:00:00Z');
    made = temporaryVault({ now: () => clock });
    vault = made.vault;
    for (const name of ['a', 'b', 'c', 'd']) vault.create(aPrompt({ path: `x/${name}`, tags: ['t'] }));
  });
  afterEach(() => made.remove());

  it('come newest first, also when the clock went back', () => {
    clock = new Date('2020-01-01T00:00:00Z');
    vault.tag({ path: 'x/b', add: ['u'] });
    assert.deepEqual(recent(), ['x/b', 'x/d', 'x/c', 'x/a']);
  });

  it('count every kind of change to them', () => {
    promoteToPrd(vault, 'x/a@1.0');
    vault.label({ ref: 'x/c', add: ['Approved'] });
    vault.move({ path: 'x/b', to: 'y/b' });
    assert.deepEqual(recent(), ['y/b', 'x/c', 'x/a', 'x/d']);
  });

  it('continue after a page though the last one of it changed meanwhile', () => {
    const first = vault.list({ order: 'recent', limit: 2 });
    const last = first.prompts.at(-1)!;
    vault.tag({ path: last.path, add: ['later'] });
    assert.deepEqual(recent({ after: last.path, afterSeq: last.changedSeq }), ['x/b', 'x/a']);
    assert.equal(first.total, 4);
  });

  it('continue after a page though the last one of it is gone', () => {
    const last = vault.list({ order: 'recent', limit: 2 }).prompts.at(-1)!;
    vault.deleteVersion({ ref: `${last.path}@1.0` });
    assert.deepEqual(recent({ after: last.path, afterSeq: last.changedSeq }), ['x/b', 'x/a']);
  });

  it('are told apart where the log says nothing of them', () => {
    made.vault.database.writeUnlogged((tx) => tx.prepare('UPDATE prompts SET changed_seq = 0').run());
    const seen: string[] = [];
    for (let page = vault.list({ order: 'recent', limit: 1 }); page.prompts[0]; ) {
      const [{ path, changedSeq }] = page.prompts;
      seen.push(path);
      page = vault.list({ order: 'recent', limit: 1, after: path, afterSeq: changedSeq });
    }
    assert.deepEqual(seen, ['x/d', 'x/c', 'x/b', 'x/a']);
  });

  it('may be limited to a folder, a tag or a stage', () => {
    vault.create(aPrompt({ path: 'other', tags: ['t'] }));
    promoteToPrd(vault, 'x/c@1.0');
    assert.deepEqual(recent({ folder: 'x', tag: 't' }), ['x/c', 'x/d', 'x/b', 'x/a']);
    assert.deepEqual(recent({ stage: 'PRD' }), ['x/c']);
    assert.deepEqual(recent({ search: 'tag:t stage:DEV' }), ['other', 'x/d', 'x/b', 'x/a']);
  });

  it('are found by an index, not by sorting all', () => {
    const plan = vault.database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM prompts
         WHERE (changed_seq, id) < (?, coalesce((SELECT id FROM prompts WHERE path = ?), 0))
         ORDER BY changed_seq DESC, id DESC LIMIT 200`,
      )
      .all<{ detail: string }>(5, '')
      .map(({ detail }) => detail);
    assert.ok(
      plan.some((line) => line.includes('prompts_by_change (changed_seq')),
      plan.join('\n'),
    );
    assert.ok(!plan.some((line) => line.includes('TEMP B-TREE')), plan.join('\n'));
  });
});

describe('typed filters in a list', () => {
  let made: TestVault;
  let vault: Vault;
  before(() => {
    made = temporaryVault();
    vault = made.vault;
    vault.create(aPrompt({ path: 'support/refunds', tags: ['Legal', 'eu'] }));
    vault.create(aPrompt({ path: 'support/triage', tags: ['Legal'], title: 'Refunds first' }));
    vault.create(aPrompt({ path: 'sales/refunds' }));
    promoteToPrd(vault, 'support/triage@1.0');
    vault.label({ ref: 'support/refunds', add: ['Production Candidate'] });
  });
  after(() => made.remove());

  const cases: [string, ListQuery, string[]][] = [
    ['a stage', { search: 'stage:PRD' }, ['support/triage']],
    ['a tag in any case', { search: 'tag:legal' }, ['support/refunds', 'support/triage']],
    ['two tags', { search: 'tag:legal tag:eu' }, ['support/refunds']],
    ['a folder and a word', { search: 'folder:support refunds' }, ['support/refunds', 'support/triage']],
    ['a label in any case', { search: 'label:"production candidate"' }, ['support/refunds']],
    ['a label by its own field', { label: 'Production Candidate' }, ['support/refunds']],
    ['a filter besides one given apart', { stage: 'DEV', search: 'tag:legal' }, ['support/refunds']],
    ['two stages, which must both fit', { search: 'stage:DEV stage:PRD' }, []],
    ['a tag nobody has', { search: 'tag:none' }, []],
    ['what is no filter', { search: 'foo:bar' }, []],
  ];
  for (const [what, query, paths] of cases) {
    it(`find by ${what}`, () => {
      const { total, prompts } = vault.list(query);
      assert.deepEqual(prompts.map(({ path }) => path).sort(), paths);
      assert.equal(total, paths.length);
    });
  }
});
