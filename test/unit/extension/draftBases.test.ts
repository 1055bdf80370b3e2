import assert from 'node:assert/strict';
import { draftAddress, draftFileName, parseDraftAddress, parseDraftPath } from '../../../src/extension/draftAddress.ts';
import { createDraftBases } from '../../../src/extension/draftBases.ts';

function memory() {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    async update(key: string, value: unknown) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
    values,
  };
}

describe('the revision an editor stands on', () => {
  it('is the one that was read into it', () => {
    const bases = createDraftBases(memory());
    assert.equal(bases.of('a'), undefined);
    bases.read('a', { text: 'one', revision: 1 }, undefined);
    assert.equal(bases.of('a'), 1);
  });

  it('stays when somebody else reads a newer state while the text is being changed', () => {
    const bases = createDraftBases(memory());
    bases.read('a', { text: 'one', revision: 1 }, undefined);
    bases.changed('a', { text: 'ONE', dirty: true });
    bases.read('a', { text: 'two', revision: 2 }, { text: 'ONE', dirty: true });
    assert.equal(bases.of('a'), 1);
  });

  it('follows when the editor takes the newer state up', () => {
    const bases = createDraftBases(memory());
    bases.read('a', { text: 'one', revision: 1 }, undefined);
    bases.read('a', { text: 'two', revision: 2 }, { text: 'one', dirty: false });
    assert.equal(bases.of('a'), 1);
    bases.changed('a', { text: 'two', dirty: false });
    assert.equal(bases.of('a'), 2);
  });

  it('follows a save that changed something else than the text', () => {
    const bases = createDraftBases(memory());
    bases.read('a', { text: 'one', revision: 1 }, undefined);
    bases.read('a', { text: 'one', revision: 2 }, { text: 'one', dirty: false });
    assert.equal(bases.of('a'), 2);
  });

  it('is known after a restart for a text that was left unsaved, and only for that', () => {
    const kept = memory();
    const before = createDraftBases(kept);
    before.read('a', { text: 'one', revision: 4 }, undefined);
    before.changed('a', { text: 'ONE', dirty: true });
    before.read('b', { text: 'one', revision: 4 }, undefined);
    const after = createDraftBases(kept);
    assert.deepEqual([after.of('a'), after.of('b')], [4, undefined]);
    // The first look at the file after the restart is over the unsaved text.
    after.read('a', { text: 'two', revision: 5 }, { text: 'ONE', dirty: true });
    assert.equal(after.of('a'), 4);
    after.accept('a', 5);
    assert.equal(after.of('a'), 5);
    after.forget('a');
    assert.equal(createDraftBases(kept).of('a'), undefined);
  });

  it('is not remembered any more once the text is saved', () => {
    const kept = memory();
    const bases = createDraftBases(kept);
    bases.read('a', { text: 'one', revision: 1 }, undefined);
    bases.changed('a', { text: 'ONE', dirty: true });
    assert.equal(kept.values.size, 1);
    bases.accept('a', 2);
    bases.changed('a', { text: 'ONE', dirty: false });
    assert.equal(kept.values.size, 0);
    assert.equal(bases.of('a'), 2);
  });
});

describe('the address of a version as text', () => {
  const target = { vault: 'file:///w/a%20b', path: 'support/triage', version: '2.10' };

  it('can be read back, for drafts and for what is published', () => {
    for (const scheme of ['promptvault', 'promptvault-ro']) {
      assert.deepEqual(parseDraftAddress(draftAddress(target, scheme)), target);
    }
  });

  it('tells the same prompt of two vaults apart by the folder', () => {
    assert.equal(draftAddress(target).path, '/a b/.promptvault/drafts/support/triage@2.10.prompt.md');
  });

  it('is no other file', () => {
    assert.equal(parseDraftAddress({ ...draftAddress(target), scheme: 'file' }), undefined);
    assert.equal(parseDraftAddress({ ...draftAddress(target), path: '/.promptvault/drafts/support' }), undefined);
    assert.equal(parseDraftPath('/w/.promptvault/drafts/readme.md'), undefined);
  });

  it('has the name a checked-out file has', () => {
    assert.equal(draftFileName(target), 'support/triage@2.10.prompt.md');
    assert.deepEqual(parseDraftPath(`/w/.promptvault/drafts/${draftFileName(target)}`), {
      path: 'support/triage',
      version: '2.10',
    });
  });
});
