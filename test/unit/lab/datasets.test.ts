import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { datasetCalls } from '../../../src/lab/datasets.ts';
import { suiteCalls } from '../../../src/lab/suites.ts';
import type { Case } from '../../../src/lab/types.ts';
import { type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

const rows = (...messages: string[]): Case[] =>
  messages.map((message, index) => ({ id: String(index + 7), name: message, variables: { message }, checks: [] }));

describe('datasets', () => {
  let made: TestVault;
  let data: ReturnType<typeof datasetCalls>;
  beforeEach(() => {
    made = temporaryVault();
    data = datasetCalls(made.vault.database);
  });
  afterEach(() => made.remove());
  const kinds = () => made.vault.eventsAfter({ seq: 0 }).map(({ kind }) => kind);

  it('keep their cases with numbers of their own, a hash and an event', () => {
    const saved = data.saveDataset({ name: 'support/complaints', rows: rows('late', 'lost') });
    assert.deepEqual([saved.revision, saved.cases, saved.columns], [1, 2, ['message']]);
    const shown = data.showDataset({ name: 'support/complaints' });
    assert.deepEqual(
      shown.rows.map(({ id, variables }) => [id, variables]),
      [
        ['1', { message: 'late' }],
        ['2', { message: 'lost' }],
      ],
    );
    assert.match(shown.hash, /^sha256:[0-9a-f]{64}$/);
    assert.equal(kinds().at(-1), 'dataset.saved');
  });

  it('have a revision per change, each still there, and the same hash for the same cases', () => {
    const first = data.saveDataset({ name: 'a', rows: rows('late') });
    const second = data.saveDataset({ name: 'a', rows: rows('late', 'lost'), expectRevision: 1 });
    const again = data.saveDataset({ name: 'a', rows: rows('late') });
    assert.deepEqual([second.revision, again.revision, again.hash], [2, 3, first.hash]);
    assert.equal(data.showDataset({ name: 'a', revision: 2 }).rows.length, 2);
    assert.deepEqual(
      data.datasetRevisions({ name: 'a' }).map(({ revision, cases }) => [revision, cases]),
      [
        [3, 1],
        [2, 2],
        [1, 1],
      ],
    );
    assert.throws(() => data.showDataset({ name: 'a', revision: 9 }), { code: 'NOT_FOUND' });
  });

  it('are not saved again when nothing changed', () => {
    data.saveDataset({ name: 'a', rows: rows('late') });
    const count = kinds().length;
    assert.equal(data.saveDataset({ name: 'a', rows: rows('late') }).revision, 1);
    assert.equal(kinds().length, count);
  });

  it('refuse a stale save, a bad name, and a check that cannot be used', () => {
    data.saveDataset({ name: 'a', rows: rows('late') });
    assert.throws(() => data.saveDataset({ name: 'a', rows: rows('x'), expectRevision: 0 }), { code: 'CONFLICT' });
    assert.throws(() => data.saveDataset({ name: 'a', rows: rows('x'), expectRevision: 4 }), { code: 'CONFLICT' });
    assert.throws(() => data.saveDataset({ name: '../a', rows: rows('x') }), { code: 'INVALID_PATH' });
    const bad = rows('x').map((row) => ({ ...row, checks: [{ type: 'regex' as const, value: '(' }] }));
    assert.throws(() => data.saveDataset({ name: 'b', rows: bad }), { code: 'INVALID_INPUT' });
    assert.deepEqual(
      data.listDatasets({}).map(({ name }) => name),
      ['a'],
    );
  });

  it('are listed by name, a page at a time', () => {
    for (const name of ['c', 'a', 'b']) data.saveDataset({ name, rows: rows('x') });
    const page = data.listDatasets({ limit: 2 });
    assert.deepEqual(
      page.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(
      data.listDatasets({ after: 'b' }).map(({ name }) => name),
      ['c'],
    );
  });

  it('go with an event; what runs went over stays by its hash', () => {
    const { hash } = data.saveDataset({ name: 'a', rows: rows('late') });
    data.deleteDataset({ name: 'a', expectRevision: 1 });
    assert.throws(() => data.showDataset({ name: 'a' }), { code: 'NOT_FOUND' });
    assert.equal(kinds().at(-1), 'dataset.deleted');
    const stored = made.vault.database.prepare('SELECT case_count FROM dataset_contents WHERE hash = ?').pluck();
    assert.equal(stored.get(hash), 1);
    assert.throws(() => data.deleteDataset({ name: 'a' }), { code: 'NOT_FOUND' });
  });

  it('remember which column fills which variable, per prompt', () => {
    const source = 'file:data/cases.csv';
    assert.equal(data.mapping({ source, path: 'support/triage' }), null);
    data.saveMapping({ source, path: 'support/triage', mapping: { message: 'text' } });
    data.saveMapping({ source, path: 'support/triage', mapping: { message: 'body' } });
    assert.deepEqual(data.mapping({ source, path: 'support/triage' }), { message: 'body' });
    assert.equal(data.mapping({ source, path: 'support/other' }), null);
  });
});

describe('suites', () => {
  let made: TestVault;
  let calls: ReturnType<typeof suiteCalls>;
  beforeEach(() => {
    made = temporaryVault();
    calls = suiteCalls(made.vault.database);
  });
  afterEach(() => made.remove());
  const definition = { models: ['echo:echo'], checks: [], checkSets: [], repeat: 1, maxCostUsd: null };

  it('are saved with a revision per change and an event', () => {
    assert.equal(calls.saveSuite({ name: 'nightly', definition, expectRevision: 0 }).revision, 1);
    assert.equal(calls.saveSuite({ name: 'nightly', definition }).revision, 1);
    assert.equal(calls.saveSuite({ name: 'nightly', definition: { ...definition, repeat: 3 } }).revision, 2);
    assert.equal(calls.showSuite({ name: 'nightly' }).definition.repeat, 3);
    assert.throws(() => calls.saveSuite({ name: 'nightly', definition, expectRevision: 1 }), { code: 'CONFLICT' });
    const last = made.vault.eventsAfter({ seq: 0 }).at(-1);
    assert.deepEqual([last?.kind, last?.details], ['suite.saved', { name: 'nightly', revision: 2 }]);
  });

  it('name a file of cases as seen from the project', () => {
    const project = dirname(dirname(made.file));
    calls.saveSuite({ name: 'files', definition: { ...definition, casesFile: join(project, 'data', 'x.csv') } });
    assert.equal(calls.showSuite({ name: 'files' }).definition.casesFile, 'data/x.csv');
    calls.saveSuite({ name: 'files', definition: { ...definition, casesFile: '/elsewhere/x.csv' } });
    assert.equal(calls.showSuite({ name: 'files' }).definition.casesFile, '/elsewhere/x.csv');
  });

  const refused: [string, object][] = [
    ['no model', { models: [] }],
    ['two sources of cases', { dataset: 'a', casesFile: 'b.csv' }],
    ['no repeat', { repeat: 0 }],
    ['a share over 1', { thresholds: { passRate: 90 } }],
    ['a check that cannot be used', { checks: [{ type: 'regex', value: '(' }] }],
  ];
  for (const [what, part] of refused) {
    it(`with ${what} are refused before anything is stored`, () => {
      const bad = { ...definition, ...part };
      assert.throws(() => calls.saveSuite({ name: 'bad', definition: bad }), { code: 'INVALID_INPUT' });
      assert.throws(() => calls.showSuite({ name: 'bad' }), { code: 'NOT_FOUND' });
    });
  }

  it('go with an event', () => {
    calls.saveSuite({ name: 'nightly', definition });
    calls.deleteSuite({ name: 'nightly' });
    assert.deepEqual(calls.listSuites({}), []);
    assert.throws(() => calls.deleteSuite({ name: 'nightly' }), { code: 'NOT_FOUND' });
  });

  it('share named sets of checks', () => {
    calls.saveCheckSet({ name: 'polite', checks: [{ type: 'icontains', value: 'please' }] });
    calls.saveCheckSet({ name: 'polite', checks: [{ type: 'icontains', value: 'thank' }] });
    assert.deepEqual(
      calls.listCheckSets({}).map(({ name, checks }) => [name, checks]),
      [['polite', [{ type: 'icontains', value: 'thank' }]]],
    );
    calls.deleteCheckSet({ name: 'polite' });
    assert.throws(() => calls.deleteCheckSet({ name: 'polite' }), { code: 'NOT_FOUND' });
  });
});
