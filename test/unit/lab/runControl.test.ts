import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunProgress } from '../../../src/lab/types.ts';
import type { ModelScript } from '../../support/modelServer.ts';
import { until } from '../../support/until.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const twenty = casesOf(
  'q',
  Array.from({ length: 20 }, (_, i) => `question ${i + 1}`),
);

describe('a run under way', () => {
  let test: LabTest;
  afterEach(() => test.end());
  const start = async (script: ModelScript = {}) => {
    test = await startLabTest(script);
    return test.prompt('a/b', 'Say {{q}}');
  };

  it('can be cancelled midway: what ended stays, what was under way is aborted, the rest is never called', async () => {
    const slow = new Set(['Say question 5', 'Say question 6']);
    const ref = await start({ reply: ({ prompt }) => ({ text: prompt, delayMs: slow.has(prompt) ? 15_000 : 0 }) });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: twenty, concurrency: 2 });
    await until(() => test.server.requests.length === 6);
    const started = performance.now();
    await test.lab.cancelRun({ runId: id });
    const result = await test.lab.waitForRun({ runId: id });
    assert.ok(performance.now() - started < 12_000);
    assert.deepEqual([result.run.status, result.run.stopReason], ['cancelled', 'cancelled']);
    assert.deepEqual(
      result.cells.map(({ status }) => status),
      twenty.map((_, i) => (i < 4 ? 'pass' : 'cancelled')),
    );
    await sleep(50);
    assert.equal(test.server.requests.length, 6);
    const ends = await Promise.all(test.server.requests.map(({ closed }) => closed));
    // One line of calls may be ahead of the other.
    assert.deepEqual(ends.sort(), [...Array(4).fill('complete'), 'early', 'early']);
    const other = test.reopen('read');
    assert.deepEqual(await other.lab.showRun({ runId: id }), result);
    await other.end();
  });

  it('is cancelled when whoever waits for it gives up', async () => {
    const ref = await start({ reply: ({ prompt }) => ({ text: prompt, delayMs: 10_000 }) });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: twenty });
    const { run } = await test.lab.waitForRun({ runId: id }, AbortSignal.timeout(50));
    assert.deepEqual([run.status, run.passed, run.errors], ['cancelled', 0, 0]);
  });

  it('is followed and cancelled through another connection', async () => {
    const ref = await start({
      reply: ({ prompt }) => ({ text: prompt, delayMs: prompt === 'Say question 1' ? 0 : 15_000 }),
    });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: twenty, concurrency: 2 });
    const other = test.reopen('write');
    let seen = await other.lab.showRun({ runId: id });
    await until(async () => {
      seen = await other.lab.showRun({ runId: id });
      return seen.run.passed > 0;
    }, 'the first answer');
    assert.equal(seen.run.status, 'running');
    assert.deepEqual(
      seen.cells.map(({ status }) => status),
      ['pass', ...Array(19).fill('waiting')],
    );
    await other.lab.cancelRun({ runId: id });
    const result = await other.lab.waitForRun({ runId: id });
    assert.deepEqual([result.run.status, result.run.stopReason, result.run.passed], ['cancelled', 'cancelled', 1]);
    await other.end();
  });

  it('streams text into its cells in batches, and each text adds up to the output', async () => {
    const ref = await start({ reply: () => ({ text: 'abcdefghijklmnopqrstu', pieces: 21, delayMs: 12 }) });
    const events: RunProgress[] = [];
    test.lab.onDidRun((event) => events.push(event));
    const request = { refs: [ref], models: [models.openai], cases: twenty.slice(0, 1) };
    const { id } = await test.lab.startRun(request);
    const { cells } = await test.lab.waitForRun({ runId: id });
    const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    // A batch each 50 ms, however long the answer took.
    const most = cells[0]!.latencyMs! / 50 + 2;
    assert.ok(texts.length >= 2 && texts.length <= most, `${texts.length} batches, ${most} at most`);
    assert.ok(cells[0]!.output.startsWith(texts.join('')));
    await sleep(100);
    const last = (type: RunProgress['type']) => events.findLastIndex((event) => event.type === type);
    assert.ok(last('text') < last('cell'), 'no text comes after its cell has ended');
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => type !== 'text'),
      ['started', 'cell', 'cell', 'finished'],
    );
    assert.ok(cells[0]!.firstTokenMs! < cells[0]!.latencyMs!);
  });

  it('keeps to its limit of calls at once for each vendor', async () => {
    let underWay = 0;
    let most = 0;
    const ref = await start({
      reply: ({ prompt }) => {
        most = Math.max(most, ++underWay);
        setTimeout(() => underWay--, 25);
        return { text: prompt, delayMs: 10 };
      },
    });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: twenty, concurrency: 3 });
    const { run } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual([run.passed, most], [20, 3]);
  });

  it('starts no call once its money is spent', async () => {
    // 100,000 tokens at $1 a million: $0.1 each.
    const ref = await start({ reply: ({ prompt }) => ({ text: prompt, usage: { input: 100_000, output: 0 } }) });
    const request = { refs: [ref], models: [models.openai], cases: twenty, concurrency: 1, maxCostUsd: 0.35 };
    const { id } = await test.lab.startRun(request);
    const { run, cells } = await test.lab.waitForRun({ runId: id });
    assert.equal(test.server.requests.length, 4);
    assert.deepEqual([run.status, run.stopReason, run.passed], ['cancelled', 'budget', 4]);
    assert.ok(Math.abs(run.spentUsd! - 0.4) < 1e-9);
    assert.deepEqual(
      cells.map(({ status }) => status),
      twenty.map((_, i) => (i < 4 ? 'pass' : 'cancelled')),
    );
  });

  it('does not overrun its cost limit by starting many calls at once', async () => {
    test = await startLabTest({
      reply: ({ prompt }) => ({ text: prompt, delayMs: 5, usage: { input: 100, output: 1000 } }),
    });
    // $0.002 a call, as estimated from the token limit.
    const ref = test.prompt('a/b', 'Say {{q}}', { maxTokens: 1000 });
    const request = { refs: [ref], models: [models.openai], cases: twenty, concurrency: 20, maxCostUsd: 0.0065 };
    const { id } = await test.lab.startRun(request);
    const { run } = await test.lab.waitForRun({ runId: id });
    assert.equal(run.stopReason, 'budget');
    assert.ok(test.server.requests.length <= 4, `${test.server.requests.length} calls`);
  });

  it('takes the draft as it was at the start, whatever is saved meanwhile', async () => {
    const ref = await start({ reply: ({ prompt }) => ({ text: prompt, delayMs: 20 }) });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: twenty, concurrency: 1 });
    test.vault.edit({ ref, messages: [{ role: 'user', content: 'Other {{q}}' }] });
    const { cells } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual(
      cells.map(({ output }) => output),
      twenty.map(({ name }) => `Say ${name}`),
    );
    const detail = await test.lab.showCell({ runId: id, index: 19 });
    assert.deepEqual(detail.request.messages, [{ role: 'user', content: 'Say question 20' }]);
  });
});

describe('one cell', () => {
  let test: LabTest;
  afterEach(() => test.end());
  const runOne = async (script: ModelScript, checks: Parameters<typeof casesOf>[2] = []) => {
    test = await startLabTest(script);
    const ref = test.prompt('a/b', 'Say {{q}}');
    const { id } = await test.lab.startRun({
      refs: [ref],
      models: [models.openai],
      cases: casesOf('q', ['x'], checks),
    });
    return test.lab.waitForRun({ runId: id });
  };

  it('is an error when the vendor’s filter held the answer back, even where a check would pass', async () => {
    const { cells, run } = await runOne({ reply: () => ({ text: '', finish: 'filter' }) }, [
      { type: 'contains', value: 'bad', not: true },
    ]);
    assert.deepEqual([cells[0]!.status, cells[0]!.error?.code, run.errors], ['error', 'PROVIDER', 1]);
  });

  it('passes at the token limit and says so', async () => {
    const { cells } = await runOne({ reply: () => ({ text: 'half', finish: 'length' }) });
    assert.deepEqual([cells[0]!.status, cells[0]!.finishReason], ['pass', 'length']);
  });

  it('is an error after a refusal, and the message holds no key', async () => {
    const { cells, summary } = await runOne({ fault: () => ({ kind: 'status', status: 401 }) });
    const { status, error, costUsd } = cells[0]!;
    assert.deepEqual([status, error?.code, costUsd], ['error', 'PROVIDER', null]);
    assert.ok(!JSON.stringify(cells).includes('key-of-openai'));
    assert.deepEqual([summary[0]!.passRate, summary[0]!.ci95], [0, [0, 1]]);
  });
});
