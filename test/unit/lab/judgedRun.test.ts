import assert from 'node:assert/strict';
import type { Check } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const usage = { input: 1_000_000, output: 0, cached: 0 };
const rubric: Check = { type: 'llm-rubric', value: 'Answers {{q}}' };

describe('a run with a judge', () => {
  let test: LabTest;
  afterEach(() => test.end());

  const start = async (verdict: string) => {
    test = await startLabTest({ reply: ({ wire, prompt }) => ({ text: wire === 'openai' ? prompt : verdict, usage }) });
    const ref = test.prompt('support/triage', 'Say {{q}}');
    return { refs: [ref], models: [models.openai], cases: casesOf('q', ['hello'], [rubric]) };
  };
  const run = async (request: Parameters<LabTest['lab']['startRun']>[0]) => {
    const { id } = await test.lab.startRun(request);
    return test.lab.waitForRun({ runId: id });
  };

  it('tells what answers cost and what judging cost apart', async () => {
    const request = await start('{"reason": "Says it.", "pass": true, "score": 1}');
    const { run: info, cells } = await run({ ...request, judge: { model: models.anthropic } });
    assert.deepEqual([cells[0]?.status, cells[0]?.costUsd, cells[0]?.judgeUsd], ['pass', 1, 3]);
    assert.deepEqual([info.costUsd, info.judgeUsd], [1, 3]);
    assert.equal(cells[0]?.checks[0]?.reason, 'Says it.');
    assert.match(test.server.requests[1]?.messages[0]?.content ?? '', /Answers hello/);
  });

  it('ends in an error that keeps answer and costs where the judge says nothing usable', async () => {
    const request = await start('Fine!');
    const { run: info, cells } = await run({ ...request, judge: { model: models.anthropic } });
    const [cell] = cells;
    assert.deepEqual([cell?.status, cell?.error?.code, cell?.output], ['error', 'JUDGE', 'Say hello']);
    assert.deepEqual([info.costUsd, info.judgeUsd, info.errors], [1, 6, 1]);
  });

  it('is refused before any call while nobody is chosen to judge', async () => {
    const request = await start('');
    await assert.rejects(test.lab.startRun(request), { code: 'INVALID_INPUT' });
    assert.deepEqual(test.server.log, []);
  });

  it('has no cost limit that a judge without a price could pass by', async () => {
    const request = await start('');
    const judge = { model: 'compatible:judge-test' };
    await assert.rejects(test.lab.startRun({ ...request, judge, maxCostUsd: 1 }), { code: 'INVALID_INPUT' });
    assert.deepEqual(test.server.log, []);
  });

  it('stops at its cost limit with the judge counted', async () => {
    const request = await start('{"reason": "r", "pass": true, "score": 1}');
    const cases = casesOf('q', ['a', 'b', 'c'], [rubric]);
    const limits = { maxCostUsd: 3.5, concurrency: 1 };
    const { run: info, cells } = await run({ ...request, cases, ...limits, judge: { model: models.anthropic } });
    assert.equal(info.stopReason, 'budget');
    assert.deepEqual(
      cells.map(({ status }) => status),
      ['pass', 'cancelled', 'cancelled'],
    );
  });
});
