import assert from 'node:assert/strict';
import type { EventRow } from '../../../src/vault/events.ts';
import { replayLog, versionKey } from '../../../src/vault/replayLog.ts';

const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`;
let seq = 0;
/** An entry about version 1.0 of the prompt `a/b`. */
const entry = (kind: string, details: unknown, more: Partial<EventRow> = {}): EventRow => ({
  ...{ seq: ++seq, at: day(1), actor: 'Ada', kind, prompt_id: 1, path: 'a/b', version: '1.0', reason: null },
  ...{ details: JSON.stringify(details), prev_hash: '', hash: '' },
  ...more,
});
const created = () => [
  entry('prompt.created', { title: 'Title', tags: ['x', 'y'] }, { version: null }),
  entry('version.created', { hash: 'h1' }),
];
const replay = (...events: EventRow[]) => {
  const { prompts, versions } = replayLog([...created(), ...events]);
  return { prompt: prompts.get(1), version: versions.get(versionKey(1, 1, 0)), prompts, versions };
};

describe('what the log tells of prompts and versions', () => {
  it('is their last state, tags and labels that were taken away included', () => {
    const { prompt, version } = replay(
      entry('prompt.tagged', { added: ['z'], removed: ['x'] }, { version: null }),
      entry('version.labelled', { added: ['one', 'two'] }),
      entry('version.labelled', { removed: ['one'] }),
      entry('version.edited', { hash: 'h2', revision: 2 }, { at: day(2), reason: 'Shorter' }),
    );
    assert.deepEqual([...(prompt?.tags ?? [])], ['y', 'z']);
    assert.deepEqual([...(version?.labels ?? [])], ['two']);
    const { revision, content_hash, rationale, updated_at } = version?.row ?? {};
    assert.deepEqual([revision, content_hash, rationale, updated_at], [2, 'h2', 'Shorter', day(2)]);
  });

  it('passes over what PromptVault did not write: no path, no JSON, no version, details that are none', () => {
    const odd = [
      entry('version.edited', {}, { path: null }),
      entry('version.edited', {}, { details: '{"hash":' }),
      entry('version.edited', { hash: 'h9', revision: 9 }, { version: 'newest' }),
      entry('prompt.tagged', { added: 'z' }, { version: null }),
      entry('prompt.danced', null),
      entry('run.started', {}),
      entry('vault.created', {}, { prompt_id: null }),
    ];
    const { prompt, version, prompts, versions } = replay(...odd);
    assert.deepEqual([prompts.size, versions.size, [...(prompt?.tags ?? [])]], [1, 1, ['x', 'y']]);
    assert.deepEqual([version?.row.content_hash, version?.row.revision], ['h1', 1]);
  });

  it('dates the end of a period by its entry where the beginning is in a gap of the log', () => {
    const { version } = replay(entry('version.retired', { replacedBy: '1.1' }, { at: day(3) }));
    const { stage, retired_at, replaced_by } = version?.row ?? {};
    assert.deepEqual([stage, retired_at, replaced_by], ['RET', day(3), '1.1']);
  });

  it('knows a version whose making is in a gap of the log by what came later', () => {
    const events = [entry('version.promoted', { to: 'TST', hash: 'h5' }, { version: '2.0', at: day(4) })];
    const { row } = replayLog(events).versions.get(versionKey(1, 2, 0))!;
    assert.deepEqual([row.stage, row.content_hash, row.created_at], ['TST', 'h5', day(4)]);
    assert.equal(replayLog(events).prompts.get(1)?.row.title, 'b');
  });
});
