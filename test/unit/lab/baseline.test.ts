import assert from 'node:assert/strict';
import type { RunRequest } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const cases = casesOf('q', ['one', 'two', 'three', 'four'], [{ type: 'contains', value: 'good' }]);
const modelList = [models.openai, models.google];
/** Version one fails `two`; version two fails `one` on OpenAI and breaks on `three`. */
const answerOf = (prompt: string, wire: string) => {
  const old = prompt.startsWith('Old');
  if (old) return prompt.endsWith('two') ? 'bad' : 'good';
  return prompt.endsWith('one') && wire === 'openai' ? 'bad' : 'good';
};

describe('a baseline', () => {
  let test: LabTest;
  let before: string;
  let after: string;
  beforeEach(async () => {
    test = await startLabTest({
      reply: ({ prompt, wire }) => answerOf(prompt, wire),
      fault: ({ prompt }) => (prompt === 'New three' ? { kind: 'status', status: 400 } : undefined),
    });
    before = test.prompt('a/b', 'Old {{q}}');
    after = `a/b@${test.vault.createVersion({ ref: before }).version}`;
    test.vault.edit({ ref: after, messages: [{ role: 'user', content: 'New {{q}}' }] });
  });
  afterEach(() => test.end());
  const run = async (request: Partial<RunRequest>) => {
    const { id } = await test.lab.startRun({ refs: [after], models: modelList, cases, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const found = [
    { case: '1', model: models.openai, path: 'a/b', version: '1.1', baseline: 'pass', now: 'fail' },
    { case: '3', model: models.openai, path: 'a/b', version: '1.1', baseline: 'pass', now: 'error' },
    { case: '3', model: models.google, path: 'a/b', version: '1.1', baseline: 'pass', now: 'error' },
  ];

  it('of the same run shows what passed with it and does not now', async () => {
    const { regressions, run: info } = await run({ refs: [before, after], baseline: before });
    assert.deepEqual(regressions, found);
    assert.deepEqual([info.baseline?.compared, info.baseline?.missing], [8, 0]);
  });

  it('of an earlier run is compared without calling it again', async () => {
    await run({ refs: [before] });
    const calls = test.server.requests.length;
    const { regressions } = await run({ baseline: before });
    assert.deepEqual(regressions, found);
    assert.ok(test.server.requests.slice(calls).every(({ prompt }) => prompt.startsWith('New')));
  });

  it('is found by the values of a case, not by its row', async () => {
    await run({ refs: [before] });
    const turned = [...cases].reverse().map((one, index) => ({ ...one, id: String(index + 1) }));
    const { regressions } = await run({ cases: turned, baseline: before, models: [models.openai] });
    assert.deepEqual(
      regressions.map((one) => [one.case, one.now]),
      [
        ['2', 'error'],
        ['4', 'fail'],
      ],
    );
  });

  it('is judged by the checks of today', async () => {
    await run({ refs: [before] });
    const strict = cases.map((one) => ({ ...one, checks: [{ type: 'contains' as const, value: 'excellent' }] }));
    assert.deepEqual((await run({ cases: strict, baseline: before })).regressions, []);
  });

  it('without stored results says so instead of passing silently', async () => {
    const { regressions, run: info } = await run({ baseline: before });
    assert.deepEqual(regressions, []);
    assert.deepEqual([info.baseline?.compared, info.baseline?.missing], [0, 8]);
  });

  it('belongs to a content: results of a draft before its edit count no more', async () => {
    await run({ refs: [before] });
    test.vault.edit({ ref: before, messages: [{ role: 'user', content: 'Older {{q}}' }] });
    const { run: info } = await run({ baseline: before });
    assert.deepEqual([info.baseline?.compared, info.baseline?.missing], [0, 8]);
  });

  it('stays when its version is deleted, and a run is found under the prompt’s new path', async () => {
    const { run: info, cells } = await run({ refs: [after] });
    test.vault.deleteVersion({ ref: after });
    assert.deepEqual((await test.lab.showRun({ runId: info.id })).cells, cells);
    assert.deepEqual((await test.lab.showCell({ runId: info.id, index: 0 })).request.messages, [
      { role: 'user', content: 'New one' },
    ]);
    await run({ refs: [before] });
    test.vault.move({ path: 'a/b', to: 'c/d' });
    assert.equal((await test.lab.listRuns({ path: 'c/d' })).length, 1);
    assert.equal((await test.lab.listRuns({ path: 'a/b' })).length, 2);
    assert.equal((await test.lab.listRuns({ path: 'a/c' })).length, 0);
    assert.equal((await test.lab.listRuns({ limit: 1 })).length, 1);
  });

  it('with repeats passed only when every repeat did', async () => {
    await test.end();
    // The second answer to case `shaky` differs with the old version; the new one fails everything.
    const reply = (prompt: string, attempt: number) => {
      if (prompt.startsWith('New')) return 'bad';
      return prompt.endsWith('shaky') && attempt === 1 ? 'bad' : 'good';
    };
    test = await startLabTest({ reply: ({ prompt, attempt }) => reply(prompt, attempt) });
    before = test.prompt('a/b', 'Old {{q}}');
    const two = casesOf('q', ['steady', 'shaky'], [{ type: 'contains', value: 'good' }]);
    const first = await run({ refs: [before], cases: two, models: [models.openai], repeat: 3, concurrency: 1 });
    assert.deepEqual(
      first.cells.map(({ repeat, status }) => `${repeat} ${status}`),
      ['1 pass', '2 pass', '3 pass', '1 pass', '2 fail', '3 pass'],
    );
    test.vault.createVersion({ ref: before });
    test.vault.edit({ ref: 'a/b@1.1', messages: [{ role: 'user', content: 'New {{q}}' }] });
    const { regressions } = await run({ refs: ['a/b@1.1'], cases: two, models: [models.openai], baseline: before });
    assert.deepEqual(
      regressions.map((one) => one.case),
      ['1'],
    );
  });

  it('that ended in an error did not pass, even where a check would hold for nothing', async () => {
    await test.end();
    test = await startLabTest({
      reply: () => 'bad',
      fault: ({ prompt }) => (prompt.startsWith('Old') ? { kind: 'status', status: 400 } : undefined),
    });
    before = test.prompt('a/b', 'Old {{q}}');
    const polite = casesOf('q', ['x'], [{ type: 'contains', value: 'bad', not: true }]);
    await run({ refs: [before], cases: polite });
    test.vault.createVersion({ ref: before });
    test.vault.edit({ ref: 'a/b@1.1', messages: [{ role: 'user', content: 'New {{q}}' }] });
    const { regressions, summary } = await run({ refs: ['a/b@1.1'], cases: polite, baseline: before });
    assert.deepEqual([regressions, summary[0]!.failed], [[], 1]);
  });
});
