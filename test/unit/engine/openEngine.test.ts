import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, EngineEvents } from '../../../src/engine/engine.ts';
import { engineEvents, engineMethods } from '../../../src/engine/engineMethods.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { failsWith } from '../../support/engineProcesses.ts';

const messages = [{ role: 'user' as const, content: 'Hello {{name}}' }];

describe('openEngine', () => {
  let folder: string;
  let engine: Engine;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'promptvault-open-'));
    engine = await openEngine(join(folder, 'vault.db'), { actor: 'Ada', host: environmentHost({}), mode: 'create' });
  });
  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('offers every method and event by its own name', () => {
    const names = [...engineMethods, ...engineEvents, 'close'].sort();
    assert.deepEqual(Object.keys(engine).sort(), names);
  });

  it('tells of a change before its call is answered', async () => {
    const order: string[] = [];
    engine.onDidChange(() => order.push('change'));
    await engine.create({ path: 'a', messages });
    order.push('answer');
    assert.deepEqual(order, ['change', 'answer']);
  });

  it('refuses a call whose signal is aborted, with the signal in either place', async () => {
    const aborted = AbortSignal.abort();
    await assert.rejects(engine.info(aborted), failsWith('CANCELLED'));
    await assert.rejects(engine.create({ path: 'a', messages }, aborted), failsWith('CANCELLED'));
    assert.equal((await engine.list({})).total, 0);
  });

  it('streams a try and tells what it took', async () => {
    const heard: EngineEvents['onDidStream'][] = [];
    engine.onDidStream((event) => heard.push(event));
    const result = await engine.tryOnce({ streamId: 's1', model: 'echo:echo', request: { messages, settings: {} } });
    assert.match(result.text, /Hello \{\{name\}\}/);
    assert.equal(result.costUsd, 0);
    const text = heard.map(({ event }) => (event.type === 'text' ? event.text : '')).join('');
    assert.equal(text, result.text);
    assert.ok(heard.every(({ streamId }) => streamId === 's1'));
  });

  it('counts tokens, and says unknown where no price is known', async () => {
    const priced = await engine.countTokens({ text: 'one two three', model: 'openai:gpt-5-mini' });
    assert.equal(priced.tokens, 3);
    assert.ok((priced.costUsd ?? 0) > 0);
    assert.equal((await engine.countTokens({ text: 'one', model: 'compatible:mine' })).costUsd, null);
    await assert.rejects(engine.countTokens({ text: 'one', model: 'mine' }), failsWith('INVALID_INPUT'));
  });

  it('runs on after startRun has answered, and tells when the run has ended', async () => {
    await engine.create({ path: 'a', messages });
    const ended = new Promise<string>((resolve) => {
      engine.onDidRun((progress) => {
        if (progress.type === 'finished') resolve(progress.runId);
      });
    });
    const cases = [{ id: '1', name: 'one', variables: { name: 'Ada' }, checks: [] }];
    const { id } = await engine.startRun({ refs: ['a'], models: ['echo:echo'], cases });
    assert.equal(await ended, id);
    assert.equal((await engine.showRun({ runId: id })).run.passed, 1);
  });

  it('needs a key before it calls anybody', async () => {
    await engine.create({ path: 'a', messages });
    const cases = [{ id: '1', name: 'one', variables: { name: 'Ada' }, checks: [] }];
    const run = engine.startRun({ refs: ['a'], models: ['anthropic:claude-haiku-4-5'], cases });
    await assert.rejects(run, failsWith('KEY_MISSING'));
    assert.deepEqual(await engine.listRuns({}), []);
  });

  it('fails with ENGINE_GONE after close, which may be called twice', async () => {
    await engine.close();
    await engine.close();
    await assert.rejects(engine.info(), failsWith('ENGINE_GONE'));
  });
});
