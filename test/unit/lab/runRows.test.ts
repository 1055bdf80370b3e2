import assert from 'node:assert/strict';
import type { Check } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const judge = 'compatible:judge';
const best: Check = { type: 'select-best', value: 'is the friendliest' };

describe('checks that compare the answers to one case', () => {
  let test: LabTest;
  let judgeFails = false;
  let refs: string[];
  beforeEach(async () => {
    judgeFails = false;
    test = await startLabTest(
      {
        fault: ({ model, wire, prompt }) => {
          if (model === 'judge') return judgeFails && { kind: 'status', status: 400 };
          return wire === 'anthropic' && prompt === 'Say two' && { kind: 'cut' };
        },
        reply: ({ prompt, model, wire }) => {
          if (model !== 'judge') return `${prompt} ${wire}`;
          const outputs = [...prompt.matchAll(/Say \w+ (openai|anthropic|google)/g)].map(([, name]) => name);
          return { text: JSON.stringify({ reason: 'warm', best: outputs.indexOf('google') + 1 }) };
        },
      },
      { [judge]: { input: 10, output: 20 }, [models.openai]: { input: 1, output: 1 } },
    );
    refs = [test.prompt('a/b', 'Say {{q}}')];
  });
  afterEach(() => test.end());
  const request = () => ({
    refs,
    models: Object.values(models),
    cases: casesOf('q', ['one', 'two'], [best]),
    judge: { model: judge },
  });

  it('wait for the last answer; one wins, the others fail, and what has no answer stays an error', async () => {
    const { id } = await test.lab.startRun(request());
    const { run, cells } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual(
      cells.map(({ status }) => status),
      ['fail', 'fail', 'fail', 'error', 'pass', 'pass'],
    );
    assert.equal(cells[3]!.error?.code, 'TRUNCATED');
    assert.deepEqual([run.passed, run.failed, run.errors, run.status], [2, 3, 1, 'done']);
    assert.equal(test.server.requests.filter(({ model }) => model === 'judge').length, 2, 'one question a case');
    const judged = cells.reduce((sum, cell) => sum + (cell.judgeUsd ?? 0), 0);
    assert.ok(run.judgeUsd! > 0 && Math.abs(run.judgeUsd! - judged) < 1e-12);
    const other = test.reopen('read');
    assert.deepEqual((await other.lab.showRun({ runId: id })).cells, cells);
    await other.end();
  });

  it('are errors when the judge fails, and a retry asks the judge alone', async () => {
    judgeFails = true;
    const { id } = await test.lab.startRun(request());
    const { cells } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual(
      cells.map(({ error }) => error?.code),
      ['JUDGE', 'JUDGE', 'JUDGE', 'TRUNCATED', 'JUDGE', 'JUDGE'],
    );
    judgeFails = false;
    const asked = () => test.server.requests.filter(({ model }) => model !== 'judge').length;
    const before = asked();
    await test.lab.retryErrors({ runId: id });
    const again = await test.lab.waitForRun({ runId: id });
    assert.equal(asked(), before + 1, 'the broken answer alone');
    assert.deepEqual(
      again.cells.map(({ status }) => status),
      ['fail', 'fail', 'fail', 'error', 'pass', 'pass'],
    );
    assert.deepEqual([again.run.passed, again.run.failed, again.run.errors], [2, 3, 1]);
  });
});
