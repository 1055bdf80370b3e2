import assert from 'node:assert/strict';
import type { NewPrompt } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { aPrompt, createReleased, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

describe('prompts', () => {
  let made: TestVault;
  let vault: Vault;
  beforeEach(() => {
    made = temporaryVault();
    vault = made.vault;
  });
  afterEach(() => made.remove());
  const kinds = (path: string) => vault.history({ path }).events.map(({ kind, version }) => `${kind} ${version}`);

  it('begin as version 1.0 in DEV with all that was given', () => {
    const given: NewPrompt = {
      path: 'legal/contract',
      title: ' Contract review ',
      description: 'Two lines\nof text',
      tags: ['law', ' law', 'äöü 1'],
      messages: [
        { role: 'system', content: 'For {{client}}.' },
        { role: 'user', content: '{{text}} {{tone}}' },
      ],
      settings: { temperature: 0, nested: { stop: ['a'] } },
      variables: [{ name: 'tone', default: 'dry', description: 'How it sounds' }],
      rationale: 'First try',
    };
    const made1 = vault.create(given);
    assert.deepEqual(vault.show({ ref: 'legal/contract' }), made1);
    const { title, description, tags, stage, version, revision, rationale, settings, variables, messages } = made1;
    assert.deepEqual(
      [title, description, stage, version, revision],
      ['Contract review', 'Two lines\nof text', 'DEV', '1.0', 1],
    );
    assert.deepEqual([tags, rationale], [['law', 'äöü 1'], 'First try']);
    assert.deepEqual([settings, messages], [given.settings, given.messages]);
    assert.deepEqual(variables, [
      { name: 'client' },
      { name: 'text' },
      { name: 'tone', default: 'dry', description: 'How it sounds' },
    ]);
    assert.equal(vault.create(aPrompt()).title, 'triage');
  });

  const refused: [what: string, change: Partial<NewPrompt>, code: string][] = [
    ['an illegal path', { path: '../x' }, 'INVALID_PATH'],
    ['no message', { messages: [] }, 'INVALID_INPUT'],
    ['an unknown role', { messages: [{ role: 'robot' as 'user', content: '' }] }, 'INVALID_INPUT'],
    ['a message that is no text', { messages: [{ role: 'user', content: 1 as unknown as string }] }, 'INVALID_INPUT'],
    ['half a character', { messages: [userMessage('a\ud800')] }, 'INVALID_INPUT'],
    ['more than 10 MB', { messages: [userMessage('x'.repeat(10 * 1024 * 1024))] }, 'INVALID_INPUT'],
    ['settings that are no object', { settings: [] as unknown as { a: 1 } }, 'INVALID_INPUT'],
    ['settings that are no JSON', { settings: { temperature: Number.NaN } }, 'INVALID_INPUT'],
    ['a variable without a proper name', { variables: [{ name: 'a-b' }] }, 'INVALID_INPUT'],
    ['a variable declared twice', { variables: [{ name: 'a' }, { name: 'a' }] }, 'INVALID_INPUT'],
    ['a default that is no text', { variables: [{ name: 'a', default: 1 as unknown as string }] }, 'INVALID_INPUT'],
    ['an empty tag', { tags: [' '] }, 'INVALID_INPUT'],
    ['a tag with a comma', { tags: ['a,b'] }, 'INVALID_INPUT'],
    ['a tag with a line break', { tags: ['a\nb'] }, 'INVALID_INPUT'],
    ['a long tag', { tags: ['x'.repeat(65)] }, 'INVALID_INPUT'],
    ['a title of two lines', { title: 'a\nb' }, 'INVALID_INPUT'],
  ];
  for (const [what, change, code] of refused) {
    it(`are refused with ${what}, and nothing stays behind`, () => {
      assert.throws(() => vault.create(aPrompt(change)), { code });
      assert.deepEqual([vault.list({}).total, vault.info().lastSeq], [0, 1]);
    });
  }

  it('have one path each', () => {
    vault.create(aPrompt());
    assert.throws(() => vault.create(aPrompt()), { code: 'EXISTS', details: { path: 'support/triage' } });
    assert.equal(vault.create(aPrompt({ path: 'support/triage/more' })).version, '1.0', 'a path may be a folder too');
  });

  it('keep their story when they move', () => {
    vault.create(aPrompt());
    vault.create(aPrompt({ path: 'taken' }));
    assert.throws(() => vault.move({ path: 'support/triage', to: 'taken' }), { code: 'EXISTS' });
    assert.throws(() => vault.move({ path: 'support/triage', to: 'a b' }), { code: 'INVALID_PATH' });
    assert.throws(() => vault.move({ path: 'none', to: 'x' }), { code: 'NOT_FOUND' });
    assert.equal(vault.move({ path: 'support/triage', to: 'mail/sorting' }).path, 'mail/sorting');
    assert.deepEqual(kinds('mail/sorting'), ['prompt.created null', 'version.created 1.0', 'prompt.moved null']);
    assert.throws(() => vault.history({ path: 'support/triage' }), {
      code: 'NOT_FOUND',
      details: { path: 'support/triage', movedTo: 'mail/sorting' },
    });
    const seq = vault.info().lastSeq;
    vault.move({ path: 'mail/sorting', to: 'mail/sorting' });
    assert.equal(vault.info().lastSeq, seq);
  });

  it('leave their story when they go, and give the path free', () => {
    vault.create(aPrompt());
    vault.createVersion({ ref: 'support/triage@1.0' });
    assert.deepEqual(vault.deleteVersion({ ref: 'support/triage' }), {
      path: 'support/triage',
      version: '1.1',
      promptDeleted: false,
    });
    assert.deepEqual(vault.deleteVersion({ ref: 'support/triage' }), {
      path: 'support/triage',
      version: '1.0',
      promptDeleted: true,
    });
    assert.throws(() => vault.show({ ref: 'support/triage' }), { code: 'NOT_FOUND' });
    const { versions, events } = vault.history({ path: 'support/triage' });
    assert.deepEqual([versions, events.at(-1)?.kind], [[], 'prompt.deleted']);
    vault.create(aPrompt());
    assert.deepEqual(
      kinds('support/triage'),
      ['prompt.created null', 'version.created 1.0'],
      'a new prompt has its own story',
    );
    assert.throws(() => vault.history({ path: 'never/was' }), { code: 'NOT_FOUND' });
  });

  it('are tagged and untagged, released ones too', () => {
    createReleased(vault, { tags: ['a', 'b'] });
    const path = 'support/triage';
    assert.deepEqual(vault.tag({ path, add: [' c ', 'a'], remove: ['b', 'x'] }).tags, ['a', 'c']);
    assert.deepEqual(vault.history({ path }).events.at(-1)?.details, { added: ['c'], removed: ['b'] });
    const seq = vault.info().lastSeq;
    assert.deepEqual(vault.tag({ path, add: ['a'], remove: ['none'] }).tags, ['a', 'c']);
    assert.deepEqual(vault.tag({ path, add: ['a'], remove: ['a'] }).tags, ['a', 'c']);
    assert.equal(vault.info().lastSeq, seq, 'what changes nothing leaves no event');
  });

  it('change title and description with an event that says from what', () => {
    createReleased(vault);
    const { title, description } = vault.editPrompt({ path: 'support/triage', title: 'Triage', description: 'Sorts' });
    assert.deepEqual([title, description], ['Triage', 'Sorts']);
    assert.deepEqual(vault.history({ path: 'support/triage' }).events.at(-1)?.details, {
      from: { title: 'triage', description: '' },
      to: { title: 'Triage', description: 'Sorts' },
    });
  });

  it('remember why: a rationale given at a promotion becomes the version’s', () => {
    vault.create(aPrompt({ rationale: 'First' }));
    const ref = 'support/triage@1.0';
    const tested = vault.promote({ ref, rationale: 'Ready for the test' });
    assert.deepEqual([tested.rationale, tested.revision], ['Ready for the test', 2]);
    const live = vault.promote({ ref });
    assert.deepEqual([live.rationale, live.revision], ['Ready for the test', 2]);
    const told = vault.history({ path: 'support/triage' }).events.slice(-2);
    assert.deepEqual(
      told.map(({ kind, reason, details }) => [kind, reason, details]),
      [
        ['version.promoted', 'Ready for the test', { from: 'DEV', to: 'TST', hash: live.hash }],
        ['version.promoted', null, { from: 'TST', to: 'PRD', hash: live.hash }],
      ],
    );
  });

  it('save nothing when nothing changed', () => {
    vault.create(aPrompt({ settings: { a: 1, b: 2 } }));
    const seq = vault.info().lastSeq;
    const same = vault.edit({
      ref: 'support/triage',
      settings: { b: 2, a: 1 },
      messages: aPrompt().messages,
      rationale: '',
    });
    assert.deepEqual([same.revision, vault.info().lastSeq], [1, seq]);
  });

  it('declare new placeholders on every save and keep removed ones removed', () => {
    const ref = 'support/triage';
    vault.create(aPrompt({ messages: [userMessage('{{a}} {{b}}')] }));
    const names = (edit: object) => vault.edit({ ref, ...edit }).variables.map(({ name }) => name);
    assert.deepEqual(names({ variables: [{ name: 'a', default: '1' }] }), ['a']);
    assert.deepEqual(names({ messages: [userMessage('{{a}} {{b}} {{c}}')] }), ['a', 'c']);
    assert.deepEqual(names({ messages: [userMessage('nothing')] }), ['a', 'c']);
    assert.deepEqual(names({ messages: [userMessage('{{b}}')], variables: [] }), ['b']);
    assert.deepEqual(vault.render({ ref, values: { b: 'x' } }), { messages: [userMessage('x')], warnings: [] });
  });
});
