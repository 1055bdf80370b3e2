import assert from 'node:assert/strict';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('a person’s mark on a cell', () => {
  let test: LabTest;
  let runId: string;
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt }) => prompt });
    const good = test.prompt('a/b', 'Say {{q}}');
    const { version } = test.vault.createVersion({ ref: good });
    test.vault.edit({ ref: `a/b@${version}`, messages: [{ role: 'user', content: 'Tell {{q}}' }] });
    const cases = casesOf('q', ['one', 'two', 'three'], [{ type: 'starts-with', value: 'Say' }]);
    const refs = [good, `a/b@${version}`];
    const request = { refs, models: [models.openai], cases, baseline: good, thresholds: { passRate: 0.6 } };
    runId = (await test.lab.startRun(request)).id;
    await test.lab.waitForRun({ runId });
  });
  afterEach(() => test.end());
  const shown = () => test.lab.showRun({ runId });

  it('stands above the checks in cell, totals, thresholds, regressions and reports, and says what they said', async () => {
    const before = await shown();
    assert.deepEqual([before.run.passed, before.run.failed, before.regressions.length], [3, 3, 3]);
    assert.deepEqual(before.run.thresholds, [{ name: 'passRate', wanted: 0.6, got: 0.5, pass: false }]);
    const cell = await test.lab.markCell({ runId, index: 4, mark: 'pass', note: 'means the same' });
    assert.deepEqual([cell.status, cell.judged, cell.mark?.note], ['pass', 'fail', 'means the same']);
    const { run, cells, summary, regressions } = await shown();
    assert.deepEqual(cells[4], cell);
    assert.deepEqual([run.passed, run.failed, summary[1]!.passed], [4, 2, 1]);
    assert.deepEqual(run.thresholds, [{ name: 'passRate', wanted: 0.6, got: 4 / 6, pass: true }]);
    assert.deepEqual(
      regressions.map((one) => one.case),
      ['1', '3'],
    );
    const csv = await test.lab.exportRun({ runId, format: 'csv' });
    assert.equal(csv.split('\n').filter((line) => line.includes('pass')).length >= 4, true);
    assert.deepEqual((await test.lab.listRuns({}))[0], run);
  });

  it('makes a regression of what the checks let pass, and can be taken back', async () => {
    const before = await shown();
    await test.lab.markCell({ runId, index: 1, mark: 'fail', note: '' });
    assert.deepEqual(
      (await shown()).regressions.map((one) => one.case),
      ['1', '3'],
      'the baseline itself failed case 2',
    );
    const cell = await test.lab.clearMark({ runId, index: 1 });
    assert.deepEqual([cell.status, cell.mark], ['pass', null]);
    const after = await shown();
    assert.deepEqual([after.run, after.cells], [before.run, before.cells]);
    assert.deepEqual(new Set(after.regressions.map((one) => one.case)), new Set(['1', '2', '3']));
  });

  it('may be a note alone, and each is an event', async () => {
    await test.lab.markCell({ runId, index: 0, mark: null, note: 'look again' });
    const { cells, run } = await shown();
    assert.deepEqual([cells[0]!.status, cells[0]!.mark?.note, run.passed], ['pass', 'look again', 3]);
    await test.lab.clearMark({ runId, index: 0 });
    const events = test.vault.eventsAfter({ seq: 0 }).filter(({ kind }) => kind === 'run.marked');
    assert.deepEqual(
      events.map(({ path, details }) => [path, (details as { note: string | null }).note]),
      [
        ['a/b', 'look again'],
        ['a/b', null],
      ],
    );
    assert.equal(test.vault.verify().ok, true);
  });

  it('counts where a later run compares with this one', async () => {
    await test.lab.markCell({ runId, index: 0, mark: 'fail', note: 'wrong tone' });
    const cases = casesOf('q', ['one', 'two'], [{ type: 'starts-with', value: 'Say' }]);
    const refs = [`a/b@${test.vault.history({ path: 'a/b' }).versions[0]!.version}`];
    const { id } = await test.lab.startRun({ refs, models: [models.openai], cases, baseline: 'a/b@1.0' });
    const { regressions } = await test.lab.waitForRun({ runId: id });
    assert.deepEqual(
      regressions.map((one) => one.case),
      ['2'],
    );
  });

  it('needs a cell that has ended', async () => {
    await assert.rejects(test.lab.markCell({ runId, index: 6, mark: 'pass' }), { code: 'NOT_FOUND' });
    await assert.rejects(test.lab.markCell({ runId: 'none', index: 0, mark: 'pass' }), { code: 'NOT_FOUND' });
  });
});
