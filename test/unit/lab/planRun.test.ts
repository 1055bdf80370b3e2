import assert from 'node:assert/strict';
import { reachModels } from '../../../src/engine/reachModels.ts';
import { createLab } from '../../../src/lab/lab.ts';
import type { RunRequest } from '../../../src/lab/types.ts';
import type { VaultError } from '../../../src/shared/errors.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('a run that cannot begin', () => {
  let test: LabTest;
  before(async () => {
    test = await startLabTest();
    test.prompt('a/one', 'Say {{q}} to {{name}}');
    test.prompt('a/two', 'Tell {{q}}');
    test.prompt('a/none', 'Hello');
  });
  after(() => test.end());
  const fails = async (request: Partial<RunRequest>): Promise<VaultError> => {
    const whole = { refs: ['a/two'], models: [models.openai], cases: casesOf('q', ['x']), ...request };
    const error = await test.lab.startRun(whole).then(
      () => assert.fail('it began'),
      (thrown: VaultError) => thrown,
    );
    return error;
  };

  const table: [what: string, request: Partial<RunRequest>, code: string][] = [
    ['no versions', { refs: [] }, 'INVALID_INPUT'],
    ['no models', { models: [] }, 'INVALID_INPUT'],
    ['no cases', { cases: [] }, 'INVALID_INPUT'],
    ['an unknown prompt', { refs: ['a/three'] }, 'NOT_FOUND'],
    ['an unknown baseline', { baseline: 'a/two@9.9' }, 'NOT_FOUND'],
    ['a word that is no model', { models: ['gpt'] }, 'INVALID_INPUT'],
    ['a missing file', { cases: undefined, casesFile: '/nowhere/cases.csv' }, 'FILE_NOT_FOUND'],
    ['cases twice', { casesFile: '/nowhere/cases.csv' }, 'INVALID_INPUT'],
    ['two cases of one id', { cases: [...casesOf('q', ['x']), ...casesOf('q', ['y'])] }, 'INVALID_INPUT'],
    ['an unknown check', { checks: [{ type: 'similar' as 'equals' }] }, 'INVALID_INPUT'],
    ['no repeats', { repeat: 0 }, 'INVALID_INPUT'],
    ['half a repeat', { repeat: 1.5 }, 'INVALID_INPUT'],
    ['no calls at once', { concurrency: 0 }, 'INVALID_INPUT'],
    ['a free cost limit', { maxCostUsd: 0 }, 'INVALID_INPUT'],
    ['a cost limit without a price', { maxCostUsd: 1, models: ['compatible:mystery'] }, 'INVALID_INPUT'],
    ['a missing variable', { refs: ['a/one'] }, 'VARIABLES'],
    ['a column nobody declares', { refs: ['a/none'] }, 'VARIABLES'],
  ];
  for (const [what, request, code] of table) {
    it(`is refused for ${what} before any call and leaves no run`, async () => {
      assert.equal((await fails(request)).code, code);
      assert.deepEqual(await test.lab.listRuns({}), []);
      assert.equal(test.server.requests.length, 0);
    });
  }

  it('tells everything that is wrong at once', async () => {
    const error = await fails({ refs: ['a/three', 'a/one', 'a/two'], models: ['gpt', models.openai], repeat: 0 });
    const problems = error.details.problems as { code: string }[];
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['NOT_FOUND', 'INVALID_INPUT', 'INVALID_INPUT', 'VARIABLES'],
    );
  });

  it('lists what is missing for each version, and what no version declares', async () => {
    const cases = [{ id: '1', name: 'x', variables: { q: 'x', extra: 'y' }, checks: [] }];
    const { details } = await fails({ refs: ['a/one', 'a/two'], cases });
    assert.deepEqual(details.missing, ['name']);
    assert.deepEqual(details.unknown, ['extra']);
    assert.deepEqual(details.versions, [{ ref: 'a/one@1.0', missing: ['name'] }]);
  });

  it('is refused without a key, which is named', async () => {
    const keyless = await startLabTest();
    const host = { connection: async () => ({}), prices: async () => ({}) };
    const lab = createLab({ vault: keyless.vault, models: reachModels(host) });
    const request = { refs: [keyless.prompt('a/b', 'x')], models: ['openai:gpt-test', 'anthropic:claude-test'] };
    await assert.rejects(lab.startRun(request), (error: VaultError) => {
      const problems = error.details.problems as { code: string; details: { variable: string } }[];
      assert.deepEqual(
        problems.map(({ code, details }) => [code, details.variable]),
        [
          ['KEY_MISSING', 'OPENAI_API_KEY'],
          ['KEY_MISSING', 'ANTHROPIC_API_KEY'],
        ],
      );
      return error.code === 'KEY_MISSING';
    });
    await lab.close();
    await keyless.end();
  });

  it('is refused in a vault opened for reading', async () => {
    const reader = test.reopen('read');
    await assert.rejects(reader.lab.startRun({ refs: ['a/none'], models: ['echo:echo'] }), { code: 'READ_ONLY' });
    await reader.end();
  });
});

describe('a run that may begin', () => {
  let test: LabTest;
  before(async () => {
    test = await startLabTest();
    test.prompt('a/one', 'Say {{q}} to {{name}}');
    test.prompt('a/two', 'Tell {{q}}');
  });
  after(() => test.end());
  const run = async (request: RunRequest) => {
    const { id } = await test.lab.startRun(request);
    return test.lab.waitForRun({ runId: id });
  };

  it('gives each version the columns it declares, and keeps the order versions × models × cases × repeats', async () => {
    const cases = ['x', 'y'].map((q, i) => ({ id: `${i + 1}`, name: q, variables: { q, name: 'Ann' }, checks: [] }));
    const { cells } = await run({
      refs: ['a/one', 'a/two', 'a/two@1.0'],
      models: ['echo:echo', models.openai, 'echo:echo'],
      cases,
      repeat: 2,
    });
    const texts = ['Say x to Ann', 'Say x to Ann', 'Say y to Ann', 'Say y to Ann'];
    const others = ['Tell x', 'Tell x', 'Tell y', 'Tell y'];
    assert.deepEqual(
      cells.map(({ output }) => output),
      [...texts, ...texts, ...others, ...others],
    );
    assert.deepEqual(
      cells.slice(0, 4).map((cell) => [cell.path, cell.model, cell.case, cell.repeat]),
      [
        ['1', 1],
        ['1', 2],
        ['2', 1],
        ['2', 2],
      ].map(([one, repeat]) => ['a/one', 'echo:echo', one, repeat]),
    );
  });

  it('has one cell per version and model without cases, filled with defaults', async () => {
    test.vault.create({
      path: 'a/default',
      messages: [{ role: 'user', content: 'Hi {{name}}' }],
      variables: [{ name: 'name', default: 'Bob' }],
    });
    const { cells, run: info } = await run({
      refs: ['a/default'],
      models: ['echo:echo'],
      checks: [{ type: 'equals', value: 'Hi Bob' }],
    });
    assert.deepEqual(
      cells.map(({ status, output }) => [status, output]),
      [['pass', 'Hi Bob']],
    );
    assert.deepEqual([info.cells, info.cases, info.costUsd], [1, 1, 0]);
  });

  it('is estimated before: calls, tokens, cost, unknown prices and problems', async () => {
    const refs = [test.prompt('a/three', 'Tell {{q}}!')];
    const request = { refs, models: [models.google], cases: casesOf('q', ['one', 'two']), repeat: 3 };
    const known = await test.lab.estimateRun(request);
    assert.deepEqual([known.calls, known.unknownPrices, known.problems], [6, [], []]);
    assert.ok(known.inputTokens >= 18 && known.inputTokens <= 48, `${known.inputTokens}`);
    assert.ok(Math.abs(known.costUsd! - (known.inputTokens * 5 + 6 * 500 * 6) / 1e6) < 1e-12);
    assert.deepEqual([known.outputTokens, known.cached, known.seconds, known.basedOn], [3000, 0, null, 'guess']);
    const unknown = await test.lab.estimateRun({
      ...request,
      refs: ['a/one'],
      models: ['compatible:mystery', models.openai],
    });
    assert.deepEqual(
      [unknown.costUsd, unknown.unknownPrices, unknown.problems.length],
      [null, ['compatible:mystery'], 1],
    );
    assert.equal(test.server.requests.filter(({ model }) => model === 'mystery').length, 0);
    const { cells } = await run(request);
    const output = cells.reduce((sum, cell) => sum + cell.outputTokens!, 0);
    const learnt = await test.lab.estimateRun(request);
    const costUsd = (known.inputTokens * 5 + output * 6) / 1e6;
    assert.ok(Math.abs(learnt.costUsd! - costUsd) < 1e-12, 'stored answers tell their length');
    assert.ok(learnt.seconds !== null && learnt.seconds < 10 && learnt.basedOn === 'history', 'and how long they took');
    const again = await test.lab.estimateRun({ ...request, repeat: 1 });
    assert.deepEqual([again.calls, again.cached, again.costUsd], [0, 2, 0], 'stored answers are not called again');
  });

  it('costs nobody knows what where a price is unknown, never 0', async () => {
    const {
      run: info,
      summary,
      cells,
    } = await run({ refs: ['a/two'], models: ['compatible:mystery'], cases: casesOf('q', ['x']) });
    assert.deepEqual(
      [cells[0]!.status, cells[0]!.costUsd, summary[0]!.costUsd, info.costUsd],
      ['pass', null, null, null],
    );
    assert.ok(cells[0]!.inputTokens! > 0);
  });
});
