import assert from 'node:assert/strict';
import type { Check } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const judge = 'compatible:judge';

describe('scoring stored outputs again', () => {
  let test: LabTest;
  let runId: string;
  let judgeFails = false;
  beforeEach(async () => {
    judgeFails = false;
    test = await startLabTest(
      {
        fault: ({ prompt, model }) =>
          prompt === 'Say three' || (judgeFails && model === 'judge') ? { kind: 'status', status: 400 } : undefined,
        reply: ({ prompt, model }) =>
          model === 'judge'
            ? {
                text: `{"reason":"so","score":${prompt.includes('Say one') ? 1 : 0},"pass":${prompt.includes('Say one')}}`,
              }
            : prompt,
      },
      { [models.openai]: { input: 1, output: 2 }, [judge]: { input: 10, output: 20 } },
    );
    const ref = test.prompt('a/b', 'Say {{q}}');
    const cases = casesOf('q', ['one', 'two', 'three'], [{ type: 'contains', value: 'o' }]);
    runId = (await test.lab.startRun({ refs: [ref], models: [models.openai], cases })).id;
    await test.lab.waitForRun({ runId });
  });
  afterEach(() => test.end());
  const rescored = async (p: { checks?: Check[]; replace?: boolean; judge?: { model: string } }) => {
    const { id } = await test.lab.rescore({ runId, ...p });
    return test.lab.waitForRun({ runId: id });
  };

  it('calls no model, keeps answers, costs and errors, and says where they are from', async () => {
    const before = await test.lab.showRun({ runId });
    const calls = test.server.requests.length;
    const { run, cells } = await rescored({ checks: [{ type: 'contains', value: 'one' }] });
    assert.equal(test.server.requests.length, calls);
    assert.deepEqual(
      cells.map(({ status, cached, output, latencyMs }) => [status, cached, output, latencyMs]),
      before.cells.map((cell, index) => [['pass', 'fail', 'error'][index], index < 2, cell.output, cell.latencyMs]),
    );
    assert.equal(cells[2]!.error?.code, before.cells[2]!.error?.code);
    assert.deepEqual([run.scoredFrom, run.status, run.spentUsd, run.costUsd], [runId, 'done', 0, before.run.costUsd]);
    assert.deepEqual((await test.lab.showRun({ runId })).cells, before.cells, 'the run itself stays as it was');
  });

  it('can put other checks in the place of the old ones, and does not judge a stored latency', async () => {
    const { cells } = await rescored({ checks: [{ type: 'latency', value: 1 }], replace: true });
    assert.deepEqual(
      cells.slice(0, 2).map(({ status, checks }) => [status, checks.map(({ type, skipped }) => [type, skipped])]),
      [
        ['pass', [['latency', true]]],
        ['pass', [['latency', true]]],
      ],
    );
  });

  it('asks the judge alone, whose cost stands apart', async () => {
    const checks: Check[] = [{ type: 'llm-rubric', value: 'is about one' }];
    const { run, cells } = await rescored({ checks, judge: { model: judge } });
    assert.deepEqual(
      cells.map(({ status }) => status),
      ['pass', 'fail', 'error'],
    );
    assert.ok(run.judgeUsd! > 0 && run.spentUsd === 0);
    const judged = cells.reduce((sum, cell) => sum + (cell.judgeUsd ?? 0), 0);
    assert.ok(Math.abs(run.judgeUsd! - judged) < 1e-12);
  });

  it('ends in errors where the judge does, and their retry asks the judge alone', async () => {
    judgeFails = true;
    const checks: Check[] = [{ type: 'llm-rubric', value: 'is about one' }];
    const { run: first, cells: before } = await rescored({ checks, judge: { model: judge } });
    assert.deepEqual(
      before.map(({ status, error }) => [status, error?.code]),
      [
        ['error', 'JUDGE'],
        ['error', 'JUDGE'],
        ['error', 'PROVIDER'],
      ],
    );
    judgeFails = false;
    const asked = test.server.requests.filter(({ model }) => model !== 'judge').length;
    await test.lab.retryErrors({ runId: first.id });
    const { cells } = await test.lab.waitForRun({ runId: first.id });
    assert.deepEqual(
      cells.map(({ status }) => status),
      ['pass', 'fail', 'error'],
    );
    assert.equal(test.server.requests.filter(({ model }) => model !== 'judge').length, asked);
  });

  it('is refused for a run that is not there', async () => {
    await assert.rejects(test.lab.rescore({ runId: 'none' }), { code: 'NOT_FOUND' });
  });
});
