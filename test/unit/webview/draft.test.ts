import assert from 'node:assert/strict';
import { changedFields, contentOf, draftOf, isDirty, rebase } from '../../../webview-ui/editor/draft.ts';
import { appended, moved, without } from '../../../webview-ui/editor/messageList.ts';
import { createUndoStack } from '../../../webview-ui/editor/undoStack.ts';
import { records } from '../../support/panelHarness/sampleVersions.ts';

const version = records[0]!;

describe('A draft', () => {
  it('is the stored content until something is typed', () => {
    const base = draftOf(version);
    const { messages, settings, variables } = version;
    assert.deepEqual(contentOf(base), { messages, settings, variables });
    assert.equal(isDirty(draftOf(version), base), false);
    const typed = { ...base, messages: [{ ...base.messages[0]!, content: 'x' }, base.messages[1]!] };
    assert.deepEqual(changedFields(typed, base), ['messages']);
  });

  it('is clean again when the text is typed back, whatever order settings stand in', () => {
    const base = draftOf(version);
    const turned = draftOf({ ...version, settings: Object.fromEntries(Object.entries(version.settings).reverse()) });
    assert.equal(isDirty(turned, base), false);
  });

  it('keeps what was typed since and takes the rest from what is stored now', () => {
    const base = draftOf(version);
    const mine = { ...base, title: 'Mine' };
    const theirs = draftOf({ ...version, tags: ['new'], title: 'Theirs', revision: 9 }, base);
    const merged = rebase({ mine, base, theirs });
    assert.equal(merged.title, 'Mine');
    assert.deepEqual(merged.tags, ['new']);
  });

  it('keeps the messages on the page when it is loaded again', () => {
    const base = draftOf(version);
    const again = draftOf(version, base);
    assert.deepEqual(
      again.messages.map(({ key }) => key),
      base.messages.map(({ key }) => key),
    );
  });
});

describe('The messages of a draft', () => {
  const { messages } = draftOf(version);
  const [system, user] = messages as [(typeof messages)[0], (typeof messages)[0]];

  it('move by one place and stay inside the list', () => {
    assert.deepEqual(moved(messages, system.key, 1), [user, system]);
    assert.deepEqual(moved(messages, system.key, -1), messages);
    assert.deepEqual(moved(messages, 'nobody', 1), messages);
  });

  it('are never none', () => {
    assert.deepEqual(without(messages, user.key), [system]);
    assert.deepEqual(without([system], system.key), [system]);
  });

  it('go on with the side whose turn it is', () => {
    assert.equal(appended([system]).at(-1)?.role, 'user');
    assert.equal(appended(messages).at(-1)?.role, 'assistant');
  });
});

describe('The undo stack', () => {
  it('joins changes of one field within a second and goes back and forth', () => {
    const undo = createUndoStack<string>();
    undo.record('', 'title', 0);
    undo.record('a', 'title', 500);
    undo.record('ab', 'rationale', 600);
    assert.equal(undo.undo('abc'), 'ab');
    assert.equal(undo.undo('ab'), '');
    assert.equal(undo.undo(''), null);
    assert.equal(undo.redo(''), 'ab');
    assert.equal(undo.redo('ab'), 'abc');
    assert.equal(undo.redo('abc'), null);
  });

  it('begins a step of its own after a save, however soon', () => {
    const undo = createUndoStack<string>();
    undo.record('', 'title', 0);
    undo.seal();
    undo.record('saved', 'title', 100);
    assert.equal(undo.undo('typed on'), 'saved');
  });

  it('forgets what was undone once something new is typed', () => {
    const undo = createUndoStack<number>();
    undo.record(1, 'a', 0);
    assert.equal(undo.undo(2), 1);
    undo.record(1, 'b', 10);
    assert.equal(undo.canRedo(), false);
    assert.equal(undo.undo(3), 1);
  });

  it('keeps the last 200 steps', () => {
    const undo = createUndoStack<number>();
    for (let at = 0; at < 300; at += 1) undo.record(at, `k${at}`, at);
    let steps = 0;
    for (let current: number | null = 300; current !== null; current = undo.undo(current)) steps += 1;
    assert.equal(steps, 201);
  });
});
