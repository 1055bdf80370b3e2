import assert from 'node:assert/strict';
import type { Content } from '../../../src/vault/types.ts';
import { type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

const ref = 'support/triage';

describe('input that its types forbid', () => {
  let made: TestVault;
  beforeEach(() => {
    made = temporaryVault();
    made.vault.create({ path: ref, messages: [userMessage('Sort this mail.')] });
  });
  afterEach(() => made.remove());

  const contents: { [what: string]: { [part in keyof Content]?: unknown } } = {
    'no message': { messages: [] },
    'messages that are a text': { messages: 'Sort' },
    'a message without a role': { messages: [{ content: 'x' }] },
    'a message that is null': { messages: [null] },
    'a message without a text': { messages: [{ role: 'user', content: 5 }] },
    'variables that are no list': { variables: {} },
    'a variable without a name': { variables: [{}] },
    'a variable declared twice': { variables: [{ name: 'x' }, { name: 'x' }] },
    'a default that is a number': { variables: [{ name: 'x', default: 5 }] },
    'a description that is a number': { variables: [{ name: 'x', description: 5 }] },
    'settings that are a list': { settings: [] },
    'settings that are null': { settings: null },
    'settings that are a number': { settings: 5 },
  };
  for (const [what, content] of Object.entries(contents)) {
    it(`is refused and changes nothing: ${what}`, () => {
      const before = made.vault.info().lastSeq;
      assert.throws(() => made.vault.edit({ ref, ...(content as Partial<Content>) }), { code: 'INVALID_INPUT' });
      assert.equal(made.vault.info().lastSeq, before);
    });
  }

  it('is refused where a line or a text is asked for', () => {
    const { vault } = made;
    const invalid = (call: () => unknown) => assert.throws(call, { code: 'INVALID_INPUT' });
    invalid(() => vault.edit({ ref, rationale: 5 as never }));
    invalid(() => vault.edit({ ref, rationale: 'x'.repeat(100_001) }));
    invalid(() => vault.tag({ path: ref, add: ['a,b'] }));
    invalid(() => vault.tag({ path: ref, add: ['two\nlines'] }));
    invalid(() => vault.rollback({ path: ref, to: '1.0', reason: undefined as never }));
    invalid(() => vault.rollback({ path: ref, to: 'newest', reason: 'why' }));
    invalid(() => vault.list({ order: 'recent', afterSeq: -1 }));
    for (const path of [5, null, '', 'a//b', '/a', 'x'.repeat(401)]) {
      assert.throws(() => vault.history({ path: path as never }), { code: 'INVALID_PATH' }, String(path));
    }
  });

  it('names what is not there: a revision, a version in production', () => {
    const { vault } = made;
    assert.throws(() => vault.showRevision({ ref, revision: 99 }), { code: 'NOT_FOUND' });
    assert.throws(() => vault.rollback({ path: ref, to: '1.0', reason: 'why', expectPrd: '2.0' }), {
      code: 'CONFLICT',
      details: { expected: '2.0', actual: null },
    });
    assert.throws(() => vault.drillRollback({ path: ref, to: '1.0' }), { code: 'RULE' });
  });

  it('lists what changed recently from an entry on without the prompt it told of', () => {
    const { vault } = made;
    vault.create({ path: 'later', messages: [userMessage('x')] });
    const last = vault.list({ order: 'recent' }).prompts[0]!;
    const older = vault.list({ order: 'recent', afterSeq: last.changedSeq }).prompts;
    assert.deepEqual([last.path, older.map(({ path }) => path)], ['later', [ref]]);
  });

  it('finds a tag and a label typed in another case, and nothing under those nobody uses', () => {
    const { vault } = made;
    vault.tag({ path: ref, add: ['Legal'] });
    vault.label({ ref, add: ['Candidate'] });
    const found = ['tag:legal', 'label:candidate', 'label:Candidate', 'tag:none', 'label:none'];
    assert.deepEqual(
      found.map((search) => vault.list({ search }).total),
      [1, 1, 1, 0, 0],
    );
  });

  it('keeps the gate’s judgement in the log', () => {
    const { vault } = made;
    vault.promote({ ref, gate: { suite: 'nightly', run: 'r1' } });
    const { details } = vault.eventsAfter({ seq: 0 }).find(({ kind }) => kind === 'version.promoted')!;
    assert.deepEqual((details as { gate: unknown }).gate, { suite: 'nightly', run: 'r1' });
  });

  it('leaves nothing in the search of a prompt that is edited and deleted in one go', () => {
    const { vault } = made;
    vault.database.write(() => {
      vault.edit({ ref, messages: [userMessage('Unfindable text')] });
      vault.deleteVersion({ ref });
    });
    assert.deepEqual([vault.list({ search: 'unfindable' }).total, vault.verify().problems], [0, []]);
  });
});
