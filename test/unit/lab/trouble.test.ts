import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { reachModels } from '../../../src/engine/reachModels.ts';
import { createLab } from '../../../src/lab/lab.ts';
import { startAimock } from '../../support/aimock.ts';
import { until } from '../../support/until.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('a run in trouble', () => {
  let test: LabTest;
  afterEach(() => test.end());
  const many = casesOf(
    'q',
    Array.from({ length: 200 }, (_, i) => `${i}`),
  );

  it('stops calling when its answers cannot be kept, and says so', async () => {
    test = await startLabTest({ reply: ({ prompt }) => ({ text: prompt, delayMs: 30 }) });
    const ref = test.prompt('a/b', 'Say {{q}}');
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: many, concurrency: 2 });
    const ended = assert.rejects(test.lab.waitForRun({ runId: id }));
    test.vault.database.writeUnlogged((tx) => tx.prepare('DELETE FROM runs').run());
    await ended;
    const calls = test.server.requests.length;
    assert.ok(calls < 100, `${calls} calls`);
    await sleep(100);
    assert.equal(test.server.requests.length, calls);
  });

  it('is stored as cancelled when the lab closes under it', async () => {
    test = await startLabTest({ reply: ({ prompt }) => ({ text: prompt, delayMs: prompt === 'Say 0' ? 0 : 2000 }) });
    const ref = test.prompt('a/b', 'Say {{q}}');
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: many, concurrency: 2 });
    await until(() => test.server.requests.length >= 3);
    await test.lab.close();
    const reader = test.reopen('read');
    const { run, cells } = await reader.lab.showRun({ runId: id });
    assert.deepEqual([run.status, run.passed, cells[0]!.status], ['cancelled', 1, 'pass']);
    await reader.end();
  });

  it('fails for a run or cell that is not there', async () => {
    test = await startLabTest();
    const nowhere = { runId: 'none' };
    await assert.rejects(test.lab.showRun(nowhere), { code: 'NOT_FOUND' });
    await assert.rejects(test.lab.waitForRun(nowhere), { code: 'NOT_FOUND' });
    await assert.rejects(test.lab.cancelRun(nowhere), { code: 'NOT_FOUND' });
    await assert.rejects(test.lab.showCell({ ...nowhere, index: 0 }), { code: 'NOT_FOUND' });
  });

  it('asks an independent model of three vendors again after a rate limit, and ends in order', async () => {
    test = await startLabTest();
    const aimock = await startAimock((prompt, model) => `${model}: ${prompt}`);
    aimock.mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
    const connection = async () => ({ apiKey: 'key', baseUrl: aimock.url });
    const host = { connection, prices: async () => ({ [models.openai]: { input: 1_000_000, output: 0 } }) };
    const lab = createLab({ vault: test.vault, models: reachModels(host) });
    const refs = [test.prompt('a/b', 'Say {{q}}')];
    const { id } = await lab.startRun({ refs, models: Object.values(models), cases: casesOf('q', ['x', 'y']) });
    const { cells, summary } = await lab.waitForRun({ runId: id });
    assert.deepEqual(
      cells.map(({ status, output, inputTokens, outputTokens }) => [status, output, inputTokens, outputTokens]),
      ['gpt-test', 'claude-test', 'gemini-test'].flatMap((model) =>
        ['x', 'y'].map((value) => ['pass', `${model}: Say ${value}`, 11, 5]),
      ),
    );
    assert.deepEqual(
      summary.map(({ costUsd }) => costUsd),
      [22, null, null],
    );
    assert.equal(aimock.requests().length, 7);
    await lab.close();
    await aimock.close();
  });
});
