import assert from 'node:assert/strict';
import { labData } from '../../../src/lab/labData.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('cases that are made', () => {
  let test: LabTest;
  let answer = '[]';
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt }) => (prompt.startsWith('{"prompt"') ? answer : prompt) });
    test.prompt('support/triage', 'Sort {{mail}} for {{team}}');
  });
  afterEach(() => test.end());
  const generate = (count = 2) => test.lab.generateCases({ ref: 'support/triage', model: models.openai, count });

  it('by a model have the variables of the prompt, and nothing is kept', async () => {
    answer =
      'Here you are:\n```json\n[{"mail":"late","team":"a","x":1},{"mail":"lost","team":"b"},{"mail":"c","team":"c"}]\n```';
    const seq = test.vault.info().lastSeq;
    const cases = await generate();
    assert.deepEqual(
      cases.map(({ id, name, variables }) => [id, name, variables]),
      [
        ['1', 'late', { mail: 'late', team: 'a' }],
        ['2', 'lost', { mail: 'lost', team: 'b' }],
      ],
    );
    assert.equal(test.vault.info().lastSeq, seq);
  });

  for (const [what, text] of [
    ['no JSON', 'I would rather not'],
    ['no list', '{"mail":"x"}'],
    ['no rows', '[]'],
    ['a row without a variable', '[{"mail":"x"}]'],
  ] as const) {
    it(`by a model that answers with ${what} are refused`, async () => {
      answer = text;
      await assert.rejects(generate(), { code: 'PROVIDER' });
    });
  }

  it('by a model need variables and a sensible number', async () => {
    test.prompt('plain', 'Hello');
    const none = { ref: 'plain', model: models.openai, count: 2 };
    await assert.rejects(test.lab.generateCases(none), { code: 'INVALID_INPUT' });
    await assert.rejects(generate(0), { code: 'INVALID_INPUT' });
    await assert.rejects(generate(101), { code: 'INVALID_INPUT' });
  });

  it('from a run keep what was sent and judged, the answer, and what a person said of it', async () => {
    const rows = casesOf('mail', ['late', 'lost'], [{ type: 'contains', value: 'lost' }]);
    const cases = rows.map((one) => ({ ...one, variables: { ...one.variables, team: 'a' }, metadata: { area: 'x' } }));
    const { id } = await test.lab.startRun({ refs: ['support/triage'], models: [models.openai], cases });
    await test.lab.waitForRun({ runId: id });
    await test.lab.markCell({ runId: id, index: 0, mark: 'fail', note: 'Too short' });
    const [made, ...others] = await test.lab.casesFromRun({ runId: id, indexes: [0] });
    assert.deepEqual(others, []);
    assert.deepEqual(made?.variables, { mail: 'late', team: 'a' });
    assert.deepEqual(made?.checks, [{ type: 'contains', value: 'lost' }]);
    assert.deepEqual(made?.metadata, {
      ...{ area: 'x', version: 'support/triage@1.0', model: models.openai, output: 'Sort late for a' },
      ...{ mark: 'fail', note: 'Too short' },
    });
    await assert.rejects(test.lab.casesFromRun({ runId: id, indexes: [9] }), { code: 'NOT_FOUND' });
  });
});

describe('what a run takes from the vault', () => {
  let test: LabTest;
  beforeEach(async () => {
    test = await startLabTest();
    test.prompt('support/triage', 'Sort {{mail}}');
  });
  afterEach(() => test.end());
  const data = () => labData(test.vault.database);
  const run = async (more: object) => {
    const { id } = await test.lab.startRun({ refs: ['support/triage'], models: [models.openai], ...more });
    return test.lab.waitForRun({ runId: id });
  };

  it('is a dataset, named with its revision and hash', async () => {
    const { hash } = data().saveDataset({ name: 'mails', rows: casesOf('mail', ['a', 'b']) });
    const { run: info } = await run({ dataset: 'mails' });
    assert.deepEqual(info.dataset, { name: 'mails', revision: 1, hash });
    assert.equal(info.cells, 2);
    await assert.rejects(run({ dataset: 'mails', cases: casesOf('mail', ['c']) }), { code: 'INVALID_INPUT' });
    await assert.rejects(run({ dataset: 'none' }), { code: 'NOT_FOUND' });
    data().saveDataset({ name: 'mails', rows: [] });
    await assert.rejects(run({ dataset: 'mails' }), { code: 'INVALID_INPUT' });
  });

  it('is a mapping from columns to variables, given or saved; columns that fill none are left out', async () => {
    const rows = casesOf('text', ['a']).map((one) => ({ ...one, variables: { ...one.variables, id: 7 } }));
    data().saveDataset({ name: 'mails', rows });
    await assert.rejects(
      run({ dataset: 'mails' }),
      (error: Error & { code: string; details: { missing: string[] } }) => {
        assert.equal(error.code, 'VARIABLES');
        assert.deepEqual(error.details.missing, ['mail']);
        return true;
      },
    );
    const { cells } = await run({ dataset: 'mails', mapping: { mail: 'text' } });
    assert.equal(cells[0]?.output, 'Sort a');
    data().saveMapping({ source: 'dataset:mails', path: 'support/triage', mapping: { mail: 'text' } });
    assert.equal((await run({ dataset: 'mails' })).run.passed, 1);
    const wrong = run({ dataset: 'mails', mapping: { mail: 'body' } });
    await assert.rejects(wrong, { code: 'VARIABLES' });
  });

  it('is a suite, with its check sets, above which the request stands', async () => {
    data().saveDataset({ name: 'mails', rows: casesOf('mail', ['a', 'b']) });
    data().saveCheckSet({ name: 'short', checks: [{ type: 'icontains', value: 'sort' }] });
    const definition = {
      ...{ refs: ['support/triage'], models: [models.openai], dataset: 'mails', checks: [], checkSets: ['short'] },
      ...{ repeat: 2, maxCostUsd: null, thresholds: { passRate: 1 } },
    };
    data().saveSuite({ name: 'nightly', definition });
    const { run: info, cells } = await run({ refs: [], models: [], suite: 'nightly' });
    assert.deepEqual([info.suite, info.suiteRevision, info.cells], ['nightly', 1, 4]);
    assert.deepEqual(
      cells[0]?.checks.map(({ type }) => type),
      ['icontains'],
    );
    assert.deepEqual(info.thresholds, [{ name: 'passRate', wanted: 1, got: 1, pass: true }]);
    const other = await run({ refs: [], models: [models.google], suite: 'nightly', repeat: 1 });
    assert.deepEqual([other.run.models, other.run.cells], [[models.google], 2]);
    await assert.rejects(run({ suite: 'none' }), { code: 'NOT_FOUND' });
    await assert.rejects(run({ checkSets: ['none'], dataset: 'mails' }), { code: 'NOT_FOUND' });
  });

  it('is a baseline by its stage alone; one that never was in production has none', async () => {
    const cases = casesOf('mail', ['a']);
    assert.equal((await run({ cases, baseline: 'PRD' })).run.baseline, null);
    test.vault.promote({ ref: 'support/triage' });
    test.vault.promote({ ref: 'support/triage' });
    const { run: info } = await run({ cases, baseline: '@PRD' });
    assert.equal(info.baseline?.version, '1.0');
    test.prompt('other', 'Sort {{mail}}');
    await assert.rejects(run({ refs: ['support/triage', 'other'], cases, baseline: 'PRD' }), { code: 'INVALID_INPUT' });
  });

  it('is compared column by column, with the verdict in words', async () => {
    const cases = casesOf('mail', ['a', 'b', 'c', 'd', 'e', 'f']).map((one) => ({
      ...one,
      checks: [{ type: 'contains' as const, value: 'Please' }],
    }));
    test.vault.createVersion({ ref: 'support/triage' });
    test.vault.edit({ ref: 'support/triage@1.1', messages: [{ role: 'user', content: 'Please sort {{mail}}' }] });
    const { run: info } = await run({ refs: ['support/triage@1.0', 'support/triage@1.1'], cases });
    const found = await test.lab.compareColumns({ runId: info.id, a: 0, b: 1 });
    assert.equal(found.verdict, 'v1.1 is better than v1.0 (p = 0.03, 6 cases).');
    await assert.rejects(test.lab.compareColumns({ runId: info.id, a: 0, b: 2 }), { code: 'NOT_FOUND' });
    assert.deepEqual(await test.lab.flaky({ runId: info.id }), []);
  });
});
