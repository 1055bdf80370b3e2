import assert from 'node:assert/strict';
import type { ModelChoice } from '../../../src/lab/dataTypes.ts';
import type { RunRequest } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('what a run asks', () => {
  let test: LabTest;
  let ref: string;
  const cases = casesOf('q', ['one', 'two']);
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt, body }) => `${prompt} at ${body.temperature}` });
    ref = test.prompt('a/b', 'Say {{q}}', { temperature: 0.5 });
  });
  afterEach(() => test.end());
  const run = async (request: Partial<RunRequest> = {}) => {
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases, ...request });
    return test.lab.waitForRun({ runId: id });
  };
  const at = (temperature: number, label?: string): ModelChoice => ({
    ...{ model: models.openai, settings: { temperature } },
    ...(label === undefined ? {} : { label }),
  });

  it('is each model with its settings above the version’s own, named by its label', async () => {
    const { run: info, cells, summary } = await run({ models: [models.openai, at(0, 'cold'), at(1)] });
    const warm = `${models.openai} {"temperature":1}`;
    assert.deepEqual(info.models, [models.openai, 'cold', warm]);
    assert.deepEqual(
      cells.map(({ model, output }) => [model, output]),
      [
        [models.openai, 'Say one at 0.5'],
        [models.openai, 'Say two at 0.5'],
        ['cold', 'Say one at 0'],
        ['cold', 'Say two at 0'],
        [warm, 'Say one at 1'],
        [warm, 'Say two at 1'],
      ],
    );
    assert.equal(summary.length, 3);
    assert.deepEqual((await test.lab.showCell({ runId: info.id, index: 2 })).request.settings, { temperature: 0 });
    assert.deepEqual(info.modelChoices, [models.openai, at(0, 'cold'), at(1)]);
  });

  it('is refused where two columns would have one name', async () => {
    await assert.rejects(run({ models: [at(0, 'x'), at(1, 'x')] }), { code: 'INVALID_INPUT' });
  });

  it('is answered from the store by what is sent, whatever the column is called', async () => {
    await run({ models: [at(0, 'cold')] });
    const { cells } = await run({ models: [at(0, 'freezing'), at(0.5)] });
    assert.deepEqual(
      cells.map(({ cached }) => cached),
      [true, true, false, false],
    );
    await run({ models: [models.openai] });
    assert.equal(test.server.requests.length, 4, 'a setting given twice is the same question');
  });

  it('is what is typed where it is not saved, shown with a star, and what is saved stays', async () => {
    const content = {
      ...{ messages: [{ role: 'user' as const, content: 'Shout {{q}} {{how}}' }], settings: { temperature: 0.9 } },
      variables: [{ name: 'q' }, { name: 'how', default: 'loud' }],
    };
    const { run: info, cells } = await run({ unsaved: [{ ref, content }] });
    assert.deepEqual(
      cells.map(({ version, output }) => [version, output]),
      [
        ['1.0*', 'Shout one loud at 0.9'],
        ['1.0*', 'Shout two loud at 0.9'],
      ],
    );
    assert.deepEqual(info.versions, ['a/b@1.0*']);
    const { request } = await test.lab.showCell({ runId: info.id, index: 1 });
    assert.equal(request.messages[0]!.content, 'Shout two loud');
    assert.equal((await run()).cells[0]!.version, '1.0');
    const same = { ...content, ...test.vault.show({ ref }) };
    const { messages, settings, variables } = same;
    const saved = await run({ unsaved: [{ ref, content: { messages, settings, variables } }] });
    assert.equal(saved.cells[0]!.version, '1.0', 'what equals the saved text is the saved text');
    assert.equal(test.vault.verify().ok, true);
  });

  it('has a case’s prefix and suffix around the last user message, which make it another case', async () => {
    const { cells } = await run({
      cases: [{ ...cases[0]!, prefix: 'Hello! ', suffix: ' Thanks.' }, cases[1]!],
    });
    assert.deepEqual(
      cells.map(({ output }) => output),
      ['Hello! Say one Thanks. at 0.5', 'Say two at 0.5'],
    );
    await run();
    assert.equal(test.server.requests.length, 3);
  });

  it('passes by its score where a case has a threshold', async () => {
    const checks = [
      { type: 'contains' as const, value: 'Say', weight: 3 },
      { type: 'contains' as const, value: 'never', metric: 'tone' },
    ];
    const { cells, summary } = await run({ cases: [{ ...cases[0]!, threshold: 0.75 }, cases[1]!], checks });
    assert.deepEqual(
      cells.map(({ status, score, metrics }) => [status, score, metrics]),
      [
        ['pass', 0.75, { tone: 0 }],
        ['fail', 0.75, { tone: 0 }],
      ],
    );
    assert.equal(summary[0]!.score, 0.75);
  });

  it('is not called again for a latency check, which a stored answer leaves open', async () => {
    await run();
    const { cells } = await run({ checks: [{ type: 'latency', value: 1 }] });
    assert.deepEqual(
      cells.map(({ status, cached, checks }) => [status, cached, checks[0]?.skipped]),
      [
        ['pass', true, true],
        ['pass', true, true],
      ],
    );
    assert.equal(test.server.requests.length, 2);
  });
});
