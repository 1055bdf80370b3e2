import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ListQuery } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import {
  aPrompt,
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

describe('listing and searching', () => {
  let made: TestVault;
  let vault: Vault;
  const paths = (query: ListQuery) => vault.list(query).prompts.map(({ path }) => path);
  before(() => {
    made = temporaryVault();
    vault = made.vault;
    vault.create(aPrompt({ path: 'top', messages: [userMessage('A letter about invoices.')], title: 'Überschrift' }));
    createReleased(vault, {
      path: 'support/triage',
      tags: ['mail', 'urgent'],
      messages: [userMessage('Sort angry mails by refund.')],
    });
    vault.create(aPrompt({ path: 'support/refunds', description: 'Decides who gets money back', tags: ['mail'] }));
    vault.create(
      aPrompt({ path: 'support/eu/german', messages: [userMessage('Übersetze die Straße. refund refund')] }),
    );
    vault.create(
      aPrompt({ path: 'supportive/other', messages: [userMessage('C++ & foo-bar_baz: 100% "quoted" O\'Reilly')] }),
    );
  });
  after(() => made.remove());

  it('lists by path, in pages, with the total', () => {
    const all = ['support/eu/german', 'support/refunds', 'support/triage', 'supportive/other', 'top'];
    assert.deepEqual(paths({}), all);
    assert.deepEqual(paths({ limit: 2, offset: 1 }), all.slice(1, 3));
    assert.deepEqual(vault.list({ limit: 0 }), { total: 5, prompts: [], next: null });
    assert.deepEqual(vault.list({ offset: 9 }), { total: 5, prompts: [], next: null });
    for (const bad of [{ limit: -1 }, { limit: 1.5 }, { offset: -1 }, { stage: 'XYZ' as 'DEV' }]) {
      assert.throws(() => vault.list(bad), { code: 'INVALID_INPUT' });
    }
  });

  it('filters by folder with what is below, by tag and by stage, all together', () => {
    assert.deepEqual(paths({ folder: 'support' }), ['support/eu/german', 'support/refunds', 'support/triage']);
    assert.deepEqual(paths({ folder: 'support/eu/' }), ['support/eu/german']);
    assert.deepEqual(paths({ folder: 'supp' }), []);
    assert.deepEqual(paths({ tag: 'mail' }), ['support/refunds', 'support/triage']);
    assert.deepEqual(paths({ stage: 'PRD' }), ['support/triage']);
    assert.deepEqual(paths({ tag: 'mail', stage: 'DEV', folder: 'support' }), ['support/refunds']);
    assert.equal(vault.list({ tag: 'mail', limit: 1 }).total, 2);
    assert.deepEqual(paths({ tag: "x' OR 1=1 --" }), []);
  });

  it('says what stands in each stage', () => {
    const [summary] = vault.list({ tag: 'urgent' }).prompts;
    assert.deepEqual(summary?.stages, { DEV: 0, TST: 0, PRD: '1.0', RET: 0 });
    assert.deepEqual(summary?.tags, ['mail', 'urgent']);
    assert.equal(summary?.latest, '1.0');
  });

  it('counts every group', () => {
    const support = { name: 'support', count: 3, direct: 2 };
    const supportive = { name: 'supportive', count: 1, direct: 1 };
    assert.deepEqual(vault.groups({ by: 'folder' }), { groups: [support, supportive], more: false });
    assert.deepEqual(vault.groups({ by: 'folder', parent: 'support' }).groups, [
      { name: 'support/eu', count: 1, direct: 1 },
    ]);
    assert.deepEqual(vault.groups({ by: 'tag' }).groups, [
      { name: 'mail', count: 2 },
      { name: 'urgent', count: 1 },
    ]);
    assert.deepEqual(vault.groups({ by: 'stage' }).groups, [
      { name: 'DEV', count: 4 },
      { name: 'TST', count: 0 },
      { name: 'PRD', count: 1 },
      { name: 'RET', count: 0 },
    ]);
    assert.deepEqual(vault.groups({ by: 'folder', limit: 1 }), { groups: [support], more: true });
    assert.deepEqual(vault.groups({ by: 'folder', limit: 1, after: 'support' }), { groups: [supportive], more: false });
    assert.throws(() => vault.groups({ by: 'tag', limit: 0 }), { code: 'INVALID_INPUT' });
  });

  it('finds words in path, title, description, tags and text', () => {
    assert.deepEqual(paths({ search: 'triage' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'überschrift' }), ['top']);
    assert.deepEqual(paths({ search: 'money back' }), ['support/refunds']);
    assert.deepEqual(paths({ search: 'urgent' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'invoices' }), ['top']);
  });

  it('needs all words, takes each as a beginning, and accents as they come', () => {
    assert.deepEqual(paths({ search: 'angry refund' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'angry invoices' }), []);
    assert.deepEqual(paths({ search: 'invo' }), ['top']);
    assert.deepEqual(paths({ search: 'uberset' }), ['support/eu/german']);
    assert.deepEqual(paths({ search: 'invo lett' }), ['top']);
    assert.deepEqual(paths({ search: 'le invo' }), [], 'two letters are a beginning only at the end');
    assert.deepEqual(paths({ search: 'invo le' }), ['top']);
    assert.deepEqual(paths({ search: 'invo l' }), [], 'one letter is a word of its own');
  });

  it('takes words in quotes, or joined by signs, as they stand one after the other', () => {
    assert.deepEqual(paths({ search: '"angry mails"' }), ['support/triage']);
    assert.deepEqual(paths({ search: '"mails angry"' }), []);
    assert.deepEqual(paths({ search: '"angry mail"' }), [], 'a quoted word is whole');
    assert.deepEqual(paths({ search: '"angry mails" refu' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'foo-bar_ba' }), ['supportive/other']);
    assert.deepEqual(paths({ search: 'bar-foo' }), []);
    assert.deepEqual(paths({ search: 'support/tri' }), ['support/triage']);
  });

  it('puts a hit in the name before one in the text', () => {
    assert.equal(paths({ search: 'refund' })[0], 'support/refunds');
    assert.equal(paths({ search: 'refund' }).length, 3);
  });

  it('searches within the filters, in pages', () => {
    assert.deepEqual(paths({ search: 'refund', tag: 'mail', stage: 'PRD' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'refund', folder: 'support/eu' }), ['support/eu/german']);
    const first = vault.list({ search: 'refund', limit: 1 });
    const rest = vault.list({ search: 'refund', limit: 5, offset: 1 });
    assert.deepEqual([first.total, rest.total, rest.prompts.length], [3, 3, 2]);
  });

  it('finds a piece of a path, title or description, after what its words find', () => {
    assert.deepEqual(paths({ search: 'riag' }), ['support/triage']);
    assert.deepEqual(paths({ search: 'BERSCHR' }), ['top']);
    assert.deepEqual(paths({ search: 'ets mon' }), ['support/refunds']);
    assert.deepEqual(paths({ search: 'nvoice' }), [], 'not in texts');
    assert.deepEqual(paths({ search: 'upport', tag: 'mail' }).sort(), ['support/refunds', 'support/triage']);
    assert.deepEqual(paths({ search: 'refund' }).length, 3, 'what both find is shown once');
    assert.equal(vault.list({ search: 'riag' }).prompts[0]?.snippet, 'triage');
  });

  it('goes on after a path as quickly as it began', () => {
    const all = paths({});
    assert.deepEqual(paths({ after: all[1], limit: 2 }), all.slice(2, 4));
    assert.deepEqual(paths({ after: 'support/refunds', tag: 'mail' }), ['support/triage']);
    assert.deepEqual(paths({ after: 'support/refunds', folder: 'support', stage: 'PRD' }), ['support/triage']);
    assert.deepEqual(paths({ after: 'zzz' }), []);
    assert.equal(vault.list({ after: 'zzz' }).total, all.length);
  });

  it('lists one folder within a tag', () => {
    assert.deepEqual(paths({ folder: 'support', direct: true, tag: 'mail' }), ['support/refunds', 'support/triage']);
    assert.deepEqual(paths({ folder: '', direct: true, tag: 'mail' }), []);
    assert.equal(vault.list({ folder: 'support', direct: true, tag: 'mail', stage: 'PRD' }).total, 1);
  });

  it('shows plain text around the hit', () => {
    const [hit] = vault.list({ search: 'angry' }).prompts;
    assert.equal(hit?.snippet, 'Sort angry mails by refund.');
    assert.equal(vault.list({}).prompts[0]?.snippet, undefined);
  });

  it('follows edits, moves, tags and deletions, and keeps finding what is in production', () => {
    createReleased(vault, { path: 'moving', messages: [userMessage('platypus')] });
    vault.createVersion({ ref: 'moving@1.0' });
    vault.edit({ ref: 'moving@1.1', messages: [userMessage('wombat')] });
    assert.deepEqual(paths({ search: 'platypus' }), ['moving']);
    assert.deepEqual(paths({ search: 'wombat' }), ['moving']);
    promoteToPrd(vault, 'moving@1.1');
    assert.deepEqual(paths({ search: 'platypus' }), []);
    vault.tag({ path: 'moving', add: ['marsupial'] });
    vault.editPrompt({ path: 'moving', title: 'Kangaroo' });
    vault.move({ path: 'moving', to: 'zoo/moved' });
    for (const search of ['marsupial', 'kangaroo', 'zoo', 'wombat']) assert.deepEqual(paths({ search }), ['zoo/moved']);
    assert.deepEqual(paths({ search: 'moving' }), []);
    vault.create(aPrompt({ path: 'short-lived', messages: [userMessage('mayfly')] }));
    vault.deleteVersion({ ref: 'short-lived' });
    assert.deepEqual(paths({ search: 'mayfly' }), []);
  });

  it('finds nothing for signs alone, and everything for nothing', () => {
    for (const search of ['"', '***', '()', '-', '^', ':']) assert.equal(vault.list({ search }).total, 0);
    assert.equal(vault.list({ search: '  ' }).total, vault.list({}).total);
  });

  it('never stumbles over what a person types', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '"',
            '*',
            'AND',
            'OR',
            'NOT',
            'NEAR(',
            ')',
            'path:',
            '-',
            '+',
            '^',
            '{',
            '}',
            'refund',
            "'",
            '\0',
            ' ',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (search) => {
        const { total, prompts } = vault.list({ search });
        assert.equal(prompts.length, total);
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(paths({ search: 'foo-bar_baz' }), ['supportive/other']);
    assert.deepEqual(paths({ search: `O'Reilly` }), ['supportive/other']);
    assert.deepEqual(paths({ search: '"quoted"' }), ['supportive/other']);
  });
});
