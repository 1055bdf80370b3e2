import assert from 'node:assert/strict';
import { agentTools, inputSchemaOf, toolsFor } from '../../../../src/engine/agentTools/agentTools.ts';
import { capText } from '../../../../src/engine/agentTools/capText.ts';
import { createConfirmations } from '../../../../src/engine/agentTools/confirmations.ts';
import { fromCursor, toCursor } from '../../../../src/engine/agentTools/pageCursor.ts';
import { toolKinds } from '../../../../src/engine/agentTools/toolKinds.ts';
import { failsWith } from '../../../support/engineProcesses.ts';

describe('the tools for agents', () => {
  it('have names of a verb and a noun, and inputs that refuse what they do not name', () => {
    for (const tool of agentTools) {
      assert.match(tool.name, /^[a-z]+_[a-z]+$/);
      assert.equal(inputSchemaOf(tool).additionalProperties, false, tool.name);
    }
  });

  it('are those that VS Code is told of before any is loaded', () => {
    assert.deepEqual(Object.fromEntries(agentTools.map(({ name, kind }) => [name, kind])), toolKinds);
  });

  it('write drafts only where a person allowed it', () => {
    const names = (allowDrafts: boolean) => toolsFor({ allowDrafts }).map(({ name }) => name);
    assert.deepEqual(
      names(true).filter((name) => !names(false).includes(name)),
      ['create_draft', 'edit_draft'],
    );
  });
});

describe('a confirmation', () => {
  it('is good once, for the work it was asked for', () => {
    const confirmations = createConfirmations();
    const code = confirmations.ask({ suite: 'a' });
    assert.equal(confirmations.take(code, { suite: 'a' }), true);
    assert.equal(confirmations.take(code, { suite: 'a' }), false);
    const other = confirmations.ask({ suite: 'a' });
    assert.equal(confirmations.take(other, { suite: 'b' }), false);
    assert.equal(confirmations.take(other, { suite: 'a' }), false);
  });

  it('is good for ten minutes, and of a hundred open ones the oldest goes', () => {
    let now = 0;
    const confirmations = createConfirmations(() => now);
    const code = confirmations.ask(1);
    now = 10 * 60_000 + 1;
    assert.equal(confirmations.take(code, 1), false);
    const first = confirmations.ask(1);
    for (let i = 0; i < 100; i += 1) confirmations.ask(2);
    assert.equal(confirmations.take(first, 1), false);
  });
});

describe('texts of an answer', () => {
  it('are cut once they are longer together than allowed, with a note each', () => {
    const { value, notes } = capText(
      { list: [{ a: 'x'.repeat(6) }, { b: 'y'.repeat(6) }], c: 'z', n: 1, none: null },
      10,
    );
    assert.deepEqual(value, { list: [{ a: 'xxxxxx' }, { b: 'yyyy' }], c: '', n: 1, none: null });
    assert.deepEqual(
      notes.map((note) => note.split(' ')[0]),
      ['list[1].b', 'c'],
    );
  });
});

describe('a cursor', () => {
  it('comes back as it went out, and nothing else is taken for one', () => {
    const next = { after: 'support/ü', afterSeq: 3 };
    assert.deepEqual(fromCursor(toCursor(next)), next);
    assert.equal(toCursor(null), undefined);
    for (const cursor of [
      'x',
      Buffer.from('{"sql":"1"}').toString('base64url'),
      Buffer.from('[]').toString('base64url'),
    ]) {
      assert.throws(() => fromCursor(cursor), failsWith('INVALID_INPUT'));
    }
  });
});
