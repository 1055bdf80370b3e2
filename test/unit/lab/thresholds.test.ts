import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labData } from '../../../src/lab/labData.ts';
import { readSuiteFile } from '../../../src/lab/suiteFiles.ts';
import { checkThresholds } from '../../../src/lab/thresholds.ts';
import type { Check, RunRequest } from '../../../src/lab/types.ts';
import { thresholdText } from '../../../src/shared/thresholdText.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const says = (value: string, metric: string): Check => ({ type: 'contains', value, metric });
const suite = { models: [models.openai], checks: [], checkSets: [], repeat: 1, maxCostUsd: null };

describe('a goal for a named metric', () => {
  let test: LabTest;
  before(async () => {
    test = await startLabTest({
      fault: ({ prompt }) => (prompt.endsWith('broken') ? { kind: 'status', status: 400 } : undefined),
    });
    test.prompt('a/b', 'Please {{q}}');
  });
  after(() => test.end());
  const run = async (request: Partial<RunRequest>) => {
    const { id } = await test.lab.startRun({ refs: ['a/b'], models: [models.openai], ...request });
    return test.lab.waitForRun({ runId: id });
  };

  it('is held against the mean of the cells that have it, groups and weight 0 with them', async () => {
    const group: Check = { type: 'assert-set', weight: 0, checks: [says('Please', 'tone'), says('never', 'tone')] };
    const { run: info, summary } = await run({
      cases: casesOf('q', ['one', 'two', 'three', 'broken']),
      checks: [group, says('one', 'accuracy')],
      thresholds: { metrics: { tone: 0.5, accuracy: 0.4, constructor: 0.1 } },
    });
    assert.deepEqual(info.thresholds, [
      { name: 'metric', metric: 'tone', wanted: 0.5, got: 0.5, pass: true },
      { name: 'metric', metric: 'accuracy', wanted: 0.4, got: 1 / 3, pass: false },
      { name: 'metric', metric: 'constructor', wanted: 0.1, got: null, pass: false },
    ]);
    assert.deepEqual(summary[0]!.metrics, { tone: 0.5, accuracy: 1 / 3 });
    assert.deepEqual((await test.lab.showRun({ runId: info.id })).run.thresholds, info.thresholds);
    assert.equal(thresholdText(info.thresholds[2]!), 'constructor: no check gave it, ≥ 0.1 wanted');
  });

  it('is reached by scores that all are exactly as wanted', async () => {
    // 13 of its 14 words: three times 13 / 14, divided by three, is a digit less.
    const near: Check = { type: 'rouge-n', value: 'Please a b c d e f g h i j k l z', metric: 'close' };
    const said = ['u', 'v', 'w'].map((last) => `a b c d e f g h i j k l ${last}`);
    const { run: info, cells } = await run({
      cases: casesOf('q', said).map((one) => ({ ...one, threshold: 13 / 14 })),
      checks: [{ type: 'assert-set', threshold: 13 / 14, checks: [near, near, near] }],
      thresholds: { score: 13 / 14, metrics: { close: 13 / 14 } },
    });
    assert.deepEqual(
      info.thresholds.map(({ pass }) => pass),
      [true, true],
    );
    assert.deepEqual(
      cells.map(({ status, checks }) => [status, checks[0]!.pass]),
      cells.map(() => ['pass', true]),
    );
  });

  it('of a suite stays where the request names another, and gives way to its own', async () => {
    const definition = { ...suite, thresholds: { passRate: 0.5, metrics: { tone: 0.9, accuracy: 0.2 } } };
    labData(test.vault.database).saveSuite({ name: 'nightly', definition });
    const cases = casesOf('q', ['one'], [says('Please', 'tone'), says('one', 'accuracy')]);
    const { run: info } = await run({ suite: 'nightly', cases, thresholds: { metrics: { tone: 0.1 } } });
    assert.deepEqual(
      info.thresholds.map(({ name, metric, wanted }) => [metric ?? name, wanted]),
      [
        ['passRate', 0.5],
        ['tone', 0.1],
        ['accuracy', 0.2],
      ],
    );
  });

  it('that nobody could judge is refused before anything is called, also from a suite of before', async () => {
    const cases = casesOf('q', ['one']);
    const wrong = { metrics: { tone: 80 } };
    await assert.rejects(run({ cases, thresholds: wrong }), { code: 'INVALID_INPUT' });
    const { database } = test.vault;
    labData(database).saveSuite({ name: 'old', definition: suite });
    database.writeUnlogged((tx) =>
      tx
        .prepare(`UPDATE suites SET definition = json_set(definition, '$.thresholds', json(?)) WHERE name = 'old'`)
        .run(JSON.stringify({ passrate: 1 })),
    );
    assert.deepEqual(labData(database).showSuite({ name: 'old' }).definition.thresholds, { passrate: 1 });
    await assert.rejects(run({ suite: 'old', cases }), { code: 'INVALID_INPUT' });
  });
});

describe('thresholds as they are given', () => {
  const refused: [what: string, given: unknown, field: string][] = [
    ['no object', [1], 'thresholds'],
    ['a name nobody knows', { passrate: 1 }, 'passrate'],
    ['percent', { passRate: 90 }, 'passRate'],
    ['a text', { score: '0.9' }, 'score'],
    ['a latency below nothing', { latencyP95Ms: -1 }, 'latencyP95Ms'],
    ['a cost without end', { costUsd: Number.POSITIVE_INFINITY }, 'costUsd'],
    ['metrics that are no object', { metrics: 0.8 }, 'metrics'],
    ['a metric without a name', { metrics: { ' ': 0.8 } }, 'metrics'],
    ['a metric above 1', { metrics: { tone: 8 } }, 'metrics.tone'],
    ['a metric without a score', { metrics: { tone: null } }, 'metrics.tone'],
  ];
  for (const [what, given, field] of refused) {
    it(`are refused with ${what}, and the field is named`, () => {
      assert.throws(() => checkThresholds(given), { code: 'INVALID_INPUT', details: { field } });
    });
  }

  it('come from a suite file with their metrics; one that holds something else is refused, never dropped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pv-suite-'));
    const file = join(folder, 'suite.yaml');
    const read = (thresholds: string) => {
      writeFileSync(file, `models: [echo:echo]\nthresholds: ${thresholds}\n`);
      return readSuiteFile(file);
    };
    try {
      const wanted = { passRate: 0.9, metrics: { tone: 0.8, 'is short': 1 } };
      assert.deepEqual((await read('{ passRate: 0.9, metrics: { tone: 0.8, is short: 1 } }')).thresholds, wanted);
      assert.equal((await read('')).thresholds, undefined);
      for (const wrong of ['0.9', '{ metrics: [tone] }', '{ tone: 0.8 }'])
        await assert.rejects(read(wrong), { code: 'BAD_FILE' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
