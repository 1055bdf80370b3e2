import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptiveLimit } from '../../../src/lab/adaptiveLimit.ts';
import type { RunProgress } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const never = new AbortController().signal;
const many = (count: number) =>
  casesOf(
    'q',
    Array.from({ length: count }, (_, i) => `question ${i}`),
  );

describe('how many calls a vendor gets at once', () => {
  it('halves once for a burst of refusals and grows by one after as many successes as it allows', async () => {
    const limit = createAdaptiveLimit(8);
    const turns = await Promise.all(Array.from({ length: 8 }, () => limit.enter(never)));
    for (const turn of turns) limit.refused(turn, 0);
    assert.equal(limit.allowed(), 4);
    for (const _ of turns) limit.leave();
    for (let i = 0; i < 4; i++) limit.succeeded();
    assert.equal(limit.allowed(), 5);
    limit.refused(await limit.enter(never), 0);
    assert.equal(limit.allowed(), 2, 'a call that began after the first burst is another one');
    for (let i = 0; i < 1000; i++) limit.succeeded();
    assert.equal(limit.allowed(), 8, 'never more than was asked for');
  });

  it('begins nobody while it was told to wait, and lets those back in first', async () => {
    const limit = createAdaptiveLimit(1);
    const turn = await limit.enter(never);
    limit.refused(turn, 60);
    const order: string[] = [];
    const started = performance.now();
    const fresh = limit.enter(never).then(() => order.push('new'));
    limit.leave();
    const again = limit.enter(never, 'again').then(() => order.push('again'));
    await again;
    assert.ok(performance.now() - started >= 55);
    limit.leave();
    await fresh;
    assert.deepEqual(order, ['again', 'new']);
  });

  it('lets who gives up go without taking a turn', async () => {
    const limit = createAdaptiveLimit(1);
    await limit.enter(never);
    const abort = new AbortController();
    const waiting = limit.enter(abort.signal);
    abort.abort();
    await assert.rejects(waiting);
    limit.leave();
    await limit.enter(never);
    await assert.rejects(limit.enter(abort.signal));
  });
});

describe('a run with a vendor that refuses for the rate', () => {
  let test: LabTest;
  afterEach(() => test.end());

  it('waits as it is told, comes back with fewer calls, and does not hold up the other vendors', async () => {
    const at: { [wire: string]: number[] } = { openai: [], anthropic: [] };
    let underWay = 0;
    let most = 0;
    let answered = 0;
    test = await startLabTest({
      fault: ({ wire, attempt, prompt, at: time }) => {
        at[wire]!.push(time);
        const refused = wire === 'openai' && attempt === 0 && Number(prompt.slice(13)) < 8;
        return refused && { kind: 'status', status: 429, headers: { 'retry-after-ms': '2500' } };
      },
      reply: ({ prompt, wire, closed }) => {
        if (wire === 'openai') {
          underWay += 1;
          if (answered < 4) most = Math.max(most, underWay);
          void closed.then(() => {
            underWay -= 1;
            answered += 1;
          });
        }
        return { text: prompt, delayMs: 5 };
      },
    });
    const refs = [test.prompt('a/b', 'Say {{q}}')];
    const two = [models.openai, models.anthropic];
    const { id } = await test.lab.startRun({ refs, models: two, cases: many(24), concurrency: 8 });
    const { run, cells } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual([run.passed, test.server.requests.length], [48, 56]);
    const [first, ...later] = at.openai!.slice(7);
    assert.ok(later[0]! - first! >= 2490, 'nobody was asked meanwhile');
    assert.ok(Math.max(...at.anthropic!) < first! + 2450, 'the others were done by then');
    assert.equal(most, 4, 'half of them at once after the burst');
    assert.ok(cells.every(({ latencyMs }) => latencyMs! < 2000));
    const { timeline, attempts } = await test.lab.showCell({ runId: id, index: 0 });
    assert.equal(attempts, 2);
    assert.deepEqual(
      timeline.map(({ what }) => what),
      ['queued', 'sent', 'retry', 'sent', 'firstToken', 'done'],
    );
    const moments = timeline.map((moment) => moment.at);
    assert.deepEqual(
      moments,
      [...moments].sort((a, b) => a - b),
    );
    assert.ok(moments[3]! - moments[2]! >= 390);
  });

  it('gives a model up that fails five times in a row, tries the others, and calls it when errors are retried', async () => {
    let dead = true;
    test = await startLabTest({
      fault: ({ wire }) =>
        dead && wire === 'google' && { kind: 'status', status: 503, headers: { 'retry-after-ms': '5' } },
    });
    const refs = [test.prompt('a/b', 'Say {{q}}')];
    const two = [models.openai, models.google];
    const { id } = await test.lab.startRun({ refs, models: two, cases: many(60), concurrency: 4 });
    const { run, cells } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual([run.status, run.passed, run.errors], ['done', 60, 60]);
    assert.ok(cells.slice(60).every(({ error }) => error?.code === 'PROVIDER'));
    const asked = test.server.requests.filter(({ wire }) => wire === 'google').length;
    assert.ok(asked <= 40, `${asked} calls of at most 300`);
    dead = false;
    await test.lab.retryErrors({ runId: id });
    assert.equal((await test.lab.waitForRun({ runId: id })).run.passed, 120);
  });

  it('tells a cell that ends soon once, and one that takes long when it begins too', async () => {
    test = await startLabTest({ reply: ({ prompt }) => ({ text: prompt, delayMs: prompt.endsWith('1') ? 60 : 0 }) });
    const told: RunProgress[] = [];
    test.lab.onDidRun((event) => told.push(event));
    const refs = [test.prompt('a/b', 'Say {{q}}')];
    const { id } = await test.lab.startRun({ refs, models: [models.openai], cases: many(2), concurrency: 2 });
    await test.lab.waitForRun({ runId: id });
    await sleep(60);
    const states = (index: number) =>
      told.flatMap((event) => (event.type === 'cell' && event.index === index ? [event.cell.status] : []));
    assert.deepEqual([states(0).at(-1), states(1)], ['pass', ['running', 'pass']]);
  });
});
