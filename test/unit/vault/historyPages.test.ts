import assert from 'node:assert/strict';
import { eachVersion } from '../../../src/vault/eachVersion.ts';
import type { History } from '../../../src/vault/types.ts';
import { aPrompt, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

describe('a long history', () => {
  const path = 'support/triage';
  const many = 205;
  let made: TestVault;
  /** All of 205 versions, revisions of the first, and some 410 events, of one prompt. */
  before(() => {
    made = temporaryVault();
    const { vault } = made;
    vault.database.write(() => {
      vault.create(aPrompt());
      for (let i = 1; i < many; i += 1) vault.edit({ ref: `${path}@1.0`, messages: [userMessage(`text ${i}`)] });
      for (let i = 1; i < many; i += 1) vault.createVersion({ ref: path });
      vault.create(aPrompt({ path: 'other/one' }));
      vault.label({ ref: `${path}@1.100`, add: ['b', 'a'] });
    });
  });
  after(() => made.remove());
  const numbers = ({ versions }: History) => versions.map(({ version }) => version);

  it('is told from its newest end, 200 versions and 200 events, and says that there is more', () => {
    const { versions, events, more } = made.vault.history({ path });
    assert.deepEqual([versions.length, events.length, more], [200, 200, { versions: true, events: true }]);
    assert.deepEqual([versions[0]?.version, versions.at(-1)?.version], ['1.204', '1.5']);
    assert.equal(events.at(-1)?.kind, 'version.labelled');
    assert.ok(events.every(({ seq }, i) => i === 0 || seq > events[i - 1]!.seq));
  });

  it('is told whole page by page, nothing twice and nothing left out', () => {
    const { vault } = made;
    const all: string[] = [];
    let page = vault.history({ path, versionLimit: 60, eventLimit: 0 });
    for (; ; page = vault.history({ path, versionLimit: 60, eventLimit: 0, versionsBefore: all.at(-1) })) {
      assert.ok(page.versions.length <= 60);
      all.push(...numbers(page));
      if (!page.more.versions) break;
    }
    assert.deepEqual(
      all,
      Array.from({ length: many }, (_, i) => `1.${many - 1 - i}`),
    );
    assert.deepEqual(
      [...eachVersion(vault, path)].map(({ version }) => version),
      all,
    );
    const seqs: number[] = [];
    let story = vault.history({ path, versionLimit: 0, eventLimit: 150 });
    for (; ; story = vault.history({ path, versionLimit: 0, eventLimit: 150, eventsBefore: seqs[0] })) {
      seqs.unshift(...story.events.map(({ seq }) => seq));
      if (!story.more.events) break;
    }
    const stored = vault.eventsAfter({ seq: 0 }).filter((event) => event.path === path);
    assert.deepEqual(
      seqs,
      stored.map(({ seq }) => seq),
    );
  });

  it('gives each version its own words: labels by name, content and tags', () => {
    const [version] = made.vault.history({ path, versionLimit: 1, versionsBefore: '1.101' }).versions;
    const { messages, description, ...shown } = made.vault.show({ ref: `${path}@1.100` });
    assert.deepEqual(version, shown);
    assert.deepEqual(version?.labels, ['a', 'b']);
  });

  it('says that there is no more at exactly the last version', () => {
    const { more } = made.vault.history({ path, versionLimit: many });
    assert.equal(more.versions, false);
    assert.deepEqual(numbers(made.vault.history({ path, versionsBefore: '1.0' })), []);
  });

  it('shows the saved states of a draft 200 at a time, newest first', () => {
    const { vault } = made;
    const ref = `${path}@1.0`;
    const first = vault.revisions({ ref });
    assert.deepEqual([first.length, first[0]?.revision, first[0]?.hash], [200, many, vault.show({ ref }).hash]);
    const rest = vault.revisions({ ref, before: first.at(-1)?.revision });
    assert.deepEqual(
      rest.map(({ revision }) => revision),
      [5, 4, 3, 2, 1],
    );
  });

  it('refuses a limit that would be none', () => {
    const { vault } = made;
    const refused = { code: 'INVALID_INPUT' };
    assert.throws(() => vault.history({ path, versionLimit: -1 }), refused);
    assert.throws(() => vault.history({ path, eventLimit: 1.5 }), refused);
    assert.throws(() => vault.history({ path, versionsBefore: 'latest' }), refused);
    assert.throws(() => vault.revisions({ ref: path, limit: -1 }), refused);
    assert.throws(() => vault.eventsAfter({ seq: 0, limit: -1 }), refused);
  });
});
