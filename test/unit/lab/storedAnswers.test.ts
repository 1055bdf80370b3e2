import assert from 'node:assert/strict';
import type { RunRequest } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('stored answers', () => {
  let test: LabTest;
  let ref: string;
  const cases = casesOf('q', ['one', 'two']);
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt, index }) => ({ text: `${prompt} ${index}`, delayMs: 5 }) });
    ref = test.prompt('a/b', 'Say {{q}}', { temperature: 0.5 });
  });
  afterEach(() => test.end());
  const run = async (request: Partial<RunRequest> = {}) => {
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const calls = () => test.server.requests.length;

  it('are used again with their latency and cost, and cost this run nothing', async () => {
    const first = await run();
    const second = await run();
    assert.equal(calls(), 2);
    assert.deepEqual(
      second.cells,
      first.cells.map((cell) => ({ ...cell, cached: true })),
    );
    assert.deepEqual([first.run.spentUsd, second.run.spentUsd], [first.run.costUsd, 0]);
    assert.equal(second.run.costUsd, first.run.costUsd);
    assert.deepEqual(second.summary[0]!.latencyMs, { p50: null, p95: null });
  });

  it('are judged by the checks of this run', async () => {
    await run();
    const { cells } = await run({ checks: [{ type: 'contains', value: 'never' }] });
    assert.deepEqual(
      cells.map(({ cached, status }) => [cached, status]),
      [
        [true, 'fail'],
        [true, 'fail'],
      ],
    );
  });

  const fresh: [why: string, request: Partial<RunRequest>, calls: number][] = [
    ['the person wants none', { noCache: true }, 2],
    ['a case is repeated', { repeat: 3 }, 6],
    ['the model is another', { models: [models.google] }, 2],
    ['the values are others', { cases: casesOf('q', ['one', 'three']) }, 1],
  ];
  for (const [why, request, more] of fresh) {
    it(`are not used when ${why}`, async () => {
      await run();
      await run(request);
      assert.equal(calls(), 2 + more);
    });
  }

  it('are not used when a setting changed', async () => {
    await run();
    test.vault.edit({ ref, settings: { temperature: 0.6 } });
    await run();
    assert.equal(calls(), 4);
  });

  it('are not used from another endpoint', async () => {
    await run();
    const other = await startLabTest({ reply: () => 'elsewhere' });
    const moved = test.reopen('write', undefined, other.server.url);
    const { id } = await moved.lab.startRun({ refs: [ref], models: [models.openai], cases });
    const { cells } = await moved.lab.waitForRun({ runId: id });
    assert.deepEqual(
      cells.map(({ output, cached }) => [output, cached]),
      [
        ['elsewhere', false],
        ['elsewhere', false],
      ],
    );
    await moved.end();
    await other.end();
  });

  it('never hold errors', async () => {
    const failing = await startLabTest({ fault: ({ attempt }) => (attempt === 0 ? { kind: 'cut' } : undefined) });
    const one = { refs: [failing.prompt('a/b', 'Say {{q}}')], models: [models.openai], cases: casesOf('q', ['one']) };
    const statuses: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { id } = await failing.lab.startRun(one);
      statuses.push((await failing.lab.waitForRun({ runId: id })).cells[0]!.status);
    }
    assert.deepEqual([statuses, failing.server.requests.length], [['error', 'pass'], 2]);
    await failing.end();
  });

  it('are not made of echo', async () => {
    await run({ models: ['echo:echo'] });
    const { cells, run: info } = await run({ models: ['echo:echo'] });
    assert.deepEqual(
      cells.map(({ output, cached }) => [output, cached]),
      [
        ['Say one', false],
        ['Say two', false],
      ],
    );
    assert.equal(info.costUsd, 0);
  });
});
