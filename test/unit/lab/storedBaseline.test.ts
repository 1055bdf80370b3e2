import assert from 'node:assert/strict';
import type { RunRequest } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const words = ['a', 'b', 'c', 'd', 'e', 'f'];
const check = { type: 'contains' as const, value: 'good' };
const cases = casesOf('q', words, [check]);

describe('a verdict beside a baseline', () => {
  let test: LabTest;
  let before: string;
  let after: string;
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt }) => (prompt.startsWith('Old') ? 'bad' : 'good, and longer') });
    before = test.prompt('a/b', 'Old {{q}}');
    after = `a/b@${test.vault.createVersion({ ref: before }).version}`;
    test.vault.edit({ ref: after, messages: [{ role: 'user', content: 'New {{q}}' }] });
  });
  afterEach(() => test.end());
  const run = async (request: Partial<RunRequest>) => {
    const { id } = await test.lab.startRun({ refs: [after], models: [models.openai], cases, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const verdicts = (runId: string) => test.lab.compareBaseline({ runId });

  it('that is only stored is the one of two columns, over the cases both have', async () => {
    await run({ refs: [before] });
    const calls = test.server.requests.length;
    const more = casesOf('q', ['x', ...words, 'y'], [check]);
    const { run: alone } = await run({ cases: more, baseline: before });
    const [found, ...others] = await verdicts(alone.id);
    assert.equal(others.length, 0);
    assert.ok(test.server.requests.slice(calls).every(({ prompt }) => prompt.startsWith('New')));
    assert.deepEqual(
      [found!.a, found!.b, found!.column, found!.stored, found!.pairs, found!.missing, found!.leftOut],
      ['v1.0 (stored)', 'v1.1', 0, true, 6, 2, 2],
    );
    assert.equal(found!.verdict, 'v1.1 is better than v1.0 (stored) (p = 0.03, 6 cases).');
    const { run: both } = await run({ refs: [before, after], baseline: before });
    const [beside] = await verdicts(both.id);
    assert.deepEqual([beside!.a, beside!.stored, beside!.missing, beside!.column], ['v1.0', false, 0, 1]);
    for (const part of ['pValue', 'better', 'onlyB', 'score', 'costUsd'] as const) {
      assert.deepEqual(found![part], beside![part], part);
    }
    // Seconds of another day say nothing of today.
    assert.equal(found!.latencyMs, null);
  });

  it('names model and version where there are several, and compares each with its own model', async () => {
    await run({ refs: [before], models: [models.google] });
    const { run: info } = await run({ models: [models.openai, models.google], baseline: before });
    const [first, second] = await verdicts(info.id);
    assert.match(first!.verdict, /^Nothing to compare: v1\.0 \(stored\) has no result of these cases\.$/);
    assert.deepEqual([first!.missing, first!.pairs], [6, 0]);
    assert.deepEqual([second!.b, second!.better, second!.missing], [`v1.1 ${models.google}`, 'b', 0]);
    assert.deepEqual(await test.lab.compareBaseline({ runId: info.id, columns: [1] }), [second]);
    await assert.rejects(test.lab.compareBaseline({ runId: info.id, columns: [2] }), { code: 'NOT_FOUND' });
  });

  it('counts what people said of stored answers, and the checks of today for the others', async () => {
    const { run: old } = await run({ refs: [before] });
    await test.lab.markCell({ runId: old.id, index: 0, mark: 'pass' });
    const { run: info } = await run({ baseline: before });
    const [found] = await verdicts(info.id);
    assert.deepEqual([found!.both, found!.onlyB], [1, 5]);
    const loose = cases.map((one) => ({ ...one, checks: [{ type: 'regex' as const, value: 'bad|good' }] }));
    const { run: other } = await run({ cases: loose, baseline: before });
    assert.deepEqual((await verdicts(other.id))[0]!.both, 6);
  });

  it('leaves out what ended in an error then', async () => {
    await test.end();
    test = await startLabTest({
      reply: () => 'good',
      fault: ({ prompt }) => (prompt === 'Old a' ? { kind: 'status', status: 400 } : undefined),
    });
    before = test.prompt('a/b', 'Old {{q}}');
    test.vault.createVersion({ ref: before });
    test.vault.edit({ ref: 'a/b@1.1', messages: [{ role: 'user', content: 'New {{q}}' }] });
    await run({ refs: [before] });
    const { run: info } = await run({ refs: ['a/b@1.1'], baseline: before });
    const [found] = await verdicts(info.id);
    assert.deepEqual([found!.pairs, found!.leftOut, found!.missing], [5, 1, 0]);
  });

  it('is none without a baseline, nor of the baseline itself', async () => {
    const { run: plain } = await run({});
    assert.deepEqual(await verdicts(plain.id), []);
    const { run: itself } = await run({ refs: [before], baseline: before });
    assert.deepEqual(await verdicts(itself.id), []);
  });

  it('stands in the reports with its pairs and its gaps, as text', async () => {
    await run({ refs: [before] });
    const { run: info } = await run({ cases: casesOf('q', [...words, 'y'], [check]), baseline: before });
    const report = (format: 'markdown' | 'html' | 'json') => test.lab.exportRun({ runId: info.id, format });
    const said =
      /v1\.1 is better than v1\.0 \(stored\).*only v1\.1 6, neither 0; 1 case has no stored result of the baseline; score higher by 1 /;
    assert.match((await report('markdown')).replaceAll('\\', ''), said);
    assert.match(await report('html'), said);
    const { verdicts: told } = JSON.parse(await report('json'));
    assert.deepEqual(told, await verdicts(info.id));
  });
});
