import assert from 'node:assert/strict';
import type { RunRequest } from '../../../src/lab/types.ts';
import { VaultError } from '../../../src/shared/errors.ts';
import type { ModelScript } from '../../support/modelServer.ts';
import { until } from '../../support/until.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const ten = casesOf(
  'q',
  Array.from({ length: 10 }, (_, i) => `question ${i}`),
);
const numberIn = (prompt: string) => Number(/\d+/.exec(prompt)?.[0]);

describe('a run that ended early', () => {
  let test: LabTest;
  let ref: string;
  afterEach(() => test.end());
  const open = async (script: ModelScript = {}) => {
    test = await startLabTest(script);
    ref = test.prompt('a/b', 'Say {{q}}');
  };
  const run = async (request: Partial<RunRequest> = {}) => {
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: ten, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const asked = () => test.server.requests.map(({ prompt }) => numberIn(prompt));

  it('at its budget goes on with a higher one only, in the same run, and calls nothing twice', async () => {
    await open({ reply: ({ prompt }) => ({ text: prompt, usage: { input: 100_000, output: 0 } }) });
    const { run: first } = await run({ concurrency: 1, maxCostUsd: 0.35 });
    assert.deepEqual([first.stopReason, first.passed, first.resumable], ['budget', 4, true]);
    const runId = first.id;
    await assert.rejects(test.lab.resumeRun({ runId }), { code: 'INVALID_INPUT' });
    await assert.rejects(test.lab.resumeRun({ runId, maxCostUsd: 0.4 }), { code: 'INVALID_INPUT' });
    await test.lab.resumeRun({ runId, maxCostUsd: 0.65 });
    const { run: second } = await test.lab.waitForRun({ runId });
    assert.deepEqual([second.stopReason, second.passed, second.maxCostUsd], ['budget', 7, 0.65]);
    await test.lab.resumeRun({ runId, maxCostUsd: 5 });
    const { run: last, cells } = await test.lab.waitForRun({ runId });
    assert.deepEqual([last.status, last.stopReason, last.passed, last.resumable], ['done', null, 10, false]);
    assert.ok(Math.abs(last.spentUsd! - 1) < 1e-9 && Math.abs(last.costUsd! - 1) < 1e-9);
    assert.deepEqual(
      asked(),
      ten.map((_, index) => index),
    );
    assert.deepEqual(
      cells.map(({ output }) => output),
      ten.map(({ name }) => `Say ${name}`),
    );
    await assert.rejects(test.lab.resumeRun({ runId }), { code: 'RULE' });
    assert.equal((await test.lab.listRuns({})).length, 1);
  });

  it('because whoever gives its keys has gone leaves no error behind, and goes on when there is somebody again', async () => {
    await open({ reply: ({ prompt }) => ({ text: prompt }) });
    const { connection } = test.host;
    let given = 0;
    test.host.connection = async (vendor) => {
      given += 1;
      if (given > 4) throw new VaultError('ENGINE_GONE', 'The connection closed before the answer came');
      return connection(vendor);
    };
    const { run: first } = await run({ concurrency: 2 });
    assert.deepEqual([first.stopReason, first.errors, first.resumable], ['cancelled', 0, true]);
    assert.ok(first.passed < 10);
    test.host.connection = connection;
    await test.lab.resumeRun({ runId: first.id });
    const { run: second } = await test.lab.waitForRun({ runId: first.id });
    assert.deepEqual([second.status, second.passed, second.errors], ['done', 10, 0]);
  });

  it('because the keys of its judge have gone is not told as one without money, though it called no model itself', async () => {
    await open({
      reply: ({ wire, prompt }) => ({ text: wire === 'openai' ? prompt : '{"reason": "r", "pass": true, "score": 1}' }),
    });
    await run();
    const { connection } = test.host;
    const judged = () => test.server.requests.filter(({ wire }) => wire === 'anthropic').length;
    test.host.connection = async (vendor) => {
      if (judged() >= 3) throw new VaultError('ENGINE_GONE', 'The connection closed before the answer came');
      return connection(vendor);
    };
    const judge = { model: models.anthropic };
    const checks = [{ type: 'llm-rubric' as const, value: 'Says it' }];
    const { run: first, cells } = await run({ checks, judge, concurrency: 2, maxCostUsd: 100 });
    assert.ok(cells.some(({ cached, status }) => cached && status === 'pass'));
    assert.deepEqual([first.stopReason, first.errors, first.resumable], ['cancelled', 0, true]);
    test.host.connection = connection;
    await test.lab.resumeRun({ runId: first.id });
    const { run: second } = await test.lab.waitForRun({ runId: first.id });
    assert.deepEqual([second.status, second.passed, second.errors], ['done', 10, 0]);
    assert.equal(asked().length - judged(), 10);
  });

  it('goes on in another process with all it needs from the vault: settings, labels, what was typed, and around the message', async () => {
    await open({ reply: ({ prompt, index }) => ({ text: prompt, delayMs: index < 3 ? 0 : 2000 }) });
    const content = {
      messages: [{ role: 'user' as const, content: 'Shout {{q}}' }],
      settings: {},
      variables: [{ name: 'q' }],
    };
    const { id } = await test.lab.startRun({
      ...{ refs: [ref], unsaved: [{ ref, content }], concurrency: 1, idleTimeoutMs: 5000 },
      models: [{ model: models.openai, settings: { temperature: 0.7 }, label: 'warm' }],
      cases: ten.map((one) => ({ ...one, prefix: '<', suffix: '>', threshold: 0.5 })),
      checks: [
        { type: 'contains', value: 'Shout' },
        { type: 'contains', value: 'never' },
      ],
      thresholds: { passRate: 0.9 },
    });
    await until(() => test.server.requests.length >= 4);
    await test.lab.cancelRun({ runId: id });
    const early = await test.lab.waitForRun({ runId: id });
    assert.deepEqual([early.run.passed, early.run.resumable, early.run.versions], [3, true, ['a/b@1.0*']]);

    const other = test.reopen('write', undefined, test.server.url);
    test.server.requests.length = 0;
    await other.lab.resumeRun({ runId: id });
    await until(() => test.server.requests.length >= 1);
    await other.lab.cancelRun({ runId: id });
    await other.lab.waitForRun({ runId: id });
    const [request] = test.server.requests;
    assert.deepEqual([request?.prompt, request?.body.temperature], ['<Shout question 3>', 0.7]);
    await other.end();
    const { run: info, summary } = await test.lab.showRun({ runId: id });
    assert.deepEqual([info.models, summary[0]?.model, summary[0]?.score], [['warm'], 'warm', 0.5]);
    assert.equal(info.thresholds[0]?.pass, true);
  });

  it('is gone on with by one only', async () => {
    await open({ reply: ({ prompt }) => ({ text: prompt, delayMs: 300 }) });
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: ten, concurrency: 2 });
    await assert.rejects(test.lab.resumeRun({ runId: id }), { code: 'RULE' }, 'it goes on here');
    await test.lab.cancelRun({ runId: id });
    await test.lab.waitForRun({ runId: id });
    const other = test.reopen('write');
    const both = await Promise.allSettled([test.lab, other.lab].map((lab) => lab.resumeRun({ runId: id })));
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    assert.ok(['CONFLICT', 'RULE'].includes(lost.reason.code), lost.reason.code);
    await other.end();
  });
});

describe('cells that are called again', () => {
  let test: LabTest;
  let ref: string;
  let broken = new Set<number>();
  let silent = new Set<number>();
  beforeEach(async () => {
    broken = new Set([2, 5, 7]);
    silent = new Set();
    test = await startLabTest({
      fault: ({ prompt }) =>
        broken.has(numberIn(prompt)) ? { kind: 'cut' } : silent.has(numberIn(prompt)) ? { kind: 'silent' } : undefined,
      reply: ({ prompt, index }) => ({ text: `${prompt} ${index}`, usage: { input: 1000, output: 1000 } }),
    });
    ref = test.prompt('a/b', 'Say {{q}}');
  });
  afterEach(() => test.end());
  const run = async (request: Partial<RunRequest> = {}) => {
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: ten, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const askedSince = (from: number) => test.server.requests.slice(from).map(({ prompt }) => numberIn(prompt));

  it('are the errors alone, which stay until their retry has ended', async () => {
    const { run: first, cells: before } = await run();
    assert.deepEqual([first.status, first.errors, first.resumable], ['done', 3, false]);
    broken = new Set([7]);
    silent = new Set([5]);
    await test.lab.retryErrors({ runId: first.id });
    await until(() => askedSince(10).length >= 3);
    await until(async () => (await test.lab.showRun({ runId: first.id })).cells[2]!.status === 'pass');
    await test.lab.cancelRun({ runId: first.id });
    const { run: again, cells } = await test.lab.waitForRun({ runId: first.id });
    assert.deepEqual(askedSince(10).sort(), [2, 5, 7]);
    assert.deepEqual(cells[5], before[5], 'its retry did not end');
    assert.deepEqual([cells[2]!.status, cells[7]!.error?.code], ['pass', 'TRUNCATED']);
    assert.deepEqual([again.passed, again.errors, again.status], [8, 2, 'done']);
    const other = test.reopen('read');
    assert.deepEqual((await other.lab.showRun({ runId: first.id })).cells, cells);
    await other.end();
  });

  it('are one cell a person chose; its old answer stays paid, and a mark on it goes', async () => {
    broken = new Set();
    const { run: first } = await run();
    await test.lab.markCell({ runId: first.id, index: 4, mark: 'fail', note: 'rude' });
    await test.lab.rerunCell({ runId: first.id, index: 4 });
    const { run: again, cells } = await test.lab.waitForRun({ runId: first.id });
    assert.deepEqual(askedSince(10), [4]);
    assert.deepEqual([cells[4]!.output, cells[4]!.cached, cells[4]!.mark], ['Say question 4 10', false, null]);
    assert.ok(Math.abs(again.costUsd! - 0.03) < 1e-9 && Math.abs(again.spentUsd! - 0.033) < 1e-9);
    assert.deepEqual((await test.reopen('read').lab.showRun({ runId: first.id })).cells[4], cells[4]);
  });

  it('are the failing rows in a new run, over the text as it is now', async () => {
    broken = new Set([2]);
    const cases = ten.map((one) => ({ ...one, checks: [{ type: 'contains' as const, value: 'loud' }] }));
    const { run: first } = await run({ cases: cases.slice(0, 3), repeat: 2 });
    assert.deepEqual([first.failed, first.errors], [4, 2]);
    test.vault.edit({ ref, messages: [{ role: 'user', content: 'Say loud {{q}}' }] });
    broken = new Set();
    const { id } = await test.lab.rerunFailing({ runId: first.id });
    const { run: second } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual([second.cases, second.passed, second.repeat, id === first.id], [3, 6, 2, false]);
    await assert.rejects(test.lab.rerunFailing({ runId: id }), { code: 'RULE' });
  });
});
