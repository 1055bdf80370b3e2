import assert from 'node:assert/strict';
import type { LabNews } from '../../../src/engine/panels.ts';
import { packCell, packRun } from '../../../src/extension/labCells.ts';
import { createLabNews } from '../../../src/extension/labNews.ts';
import type { Cell, RunProgress, RunResult } from '../../../src/lab/types.ts';
import { applyNews } from '../../../webview-ui/lab/applyNews.ts';
import { moveCursor, nextFailure } from '../../../webview-ui/lab/gridCursor.ts';
import { filterRows, type GridModel, settle, gridModel as tableOf } from '../../../webview-ui/lab/gridModel.ts';
import { scrollToShow, virtualWindow } from '../../../webview-ui/lab/virtualWindow.ts';
import { createSampleRun } from '../../support/panelHarness/sampleRun.ts';

const cases = ['1', '2', '3'].map((id) => ({
  id,
  name: `Case ${id}`,
  variables: {},
  checks: [{ type: 'equals' as const, value: 'yes' }],
}));
const setup = {
  refs: ['a@1.0', 'a@1.1'],
  models: ['echo:echo'],
  casesFile: 'c.csv',
  repeat: 1,
  maxCostUsd: null,
};

function resultWith(statuses: Cell['status'][]): RunResult {
  const run = createSampleRun({ id: 'r', setup, cases, tell: () => undefined });
  const result = run.result();
  const checks = [{ type: 'equals', pass: true, score: 1, reason: '' }];
  const cells = result.cells.map((cell, at) => ({ ...cell, checks, status: statuses[at] ?? cell.status }));
  return { ...result, cells };
}

const gridModel = (result: RunResult) => tableOf(packRun(result));
const namesOf = (model: GridModel) => model.rows.map(({ at }) => model.names.get(at));

describe('The grid of a run', () => {
  // Columns are one stretch of cells each: the first three statuses are v1.0, the others v1.1.
  const model = gridModel(resultWith(['pass', 'fail', 'pass', 'pass', 'pass', 'error']));

  it('has a column for each version and model, and a row for each case', () => {
    assert.deepEqual(
      model.columns.map(({ version }) => version),
      ['1.0', '1.1'],
    );
    assert.deepEqual(namesOf(model), ['Case 1', 'Case 2', 'Case 3']);
    assert.equal(model.states[model.index(2, 1)], 'error');
  });

  it('keeps the rows a filter is about and counts them', () => {
    assert.deepEqual(
      filterRows(model, 'failed').map(({ case: id }) => id),
      ['2'],
    );
    assert.deepEqual(
      filterRows(model, 'errors').map(({ case: id }) => id),
      ['3'],
    );
    assert.deepEqual(
      filterRows(model, 'different').map(({ case: id }) => id),
      ['2', '3'],
    );
    assert.deepEqual(model.counts, { all: 3, failed: 1, errors: 1, different: 2, regressed: 0, flaky: 0 });
  });

  it('compares answers where nothing was checked', () => {
    const result = resultWith(Array.from({ length: 6 }, () => 'pass'));
    const cells = result.cells.map((cell, at) => ({ ...cell, checks: [], output: at === 4 ? 'other' : 'same ' }));
    assert.deepEqual(
      filterRows(gridModel({ ...result, cells }), 'different').map(({ case: id }) => id),
      ['2'],
    );
  });

  it('goes to the next failure in reading order and around', () => {
    const next = (of: GridModel, from: { row: number; column: number }) =>
      nextFailure({ model: of, rows: of.rows, columns: [0, 1], from });
    const first = next(model, { row: 0, column: 0 });
    assert.deepEqual(first, { row: 1, column: 0 });
    const second = next(model, { row: 1, column: 0 });
    assert.deepEqual(second, { row: 2, column: 1 });
    assert.deepEqual(next(model, { row: 2, column: 1 }), { row: 1, column: 0 });
    const clean = gridModel(resultWith(Array.from({ length: 6 }, () => 'pass')));
    assert.equal(next(clean, { row: 0, column: 0 }), null);
  });

  it('numbers the repeats of a case', () => {
    const twice = createSampleRun({ id: 'r', setup: { ...setup, repeat: 2 }, cases, tell: () => undefined }).result();
    assert.deepEqual(namesOf(gridModel(twice)).slice(0, 3), ['Case 1 (1)', 'Case 1 (2)', 'Case 2 (1)']);
  });

  it('finds cases whose repeats do not agree', () => {
    const run = createSampleRun({ id: 'r', setup: { ...setup, repeat: 2 }, cases, tell: () => undefined }).result();
    const cells = run.cells.map((cell, at) => ({ ...cell, status: at === 3 ? ('fail' as const) : ('pass' as const) }));
    const model = gridModel({ ...run, cells });
    assert.deepEqual(
      filterRows(model, 'flaky').map(({ case: id, repeat }) => [id, repeat]),
      [
        ['2', 0],
        ['2', 1],
      ],
    );
  });

  it('is empty, not broken, before there are cells', () => {
    const { columns, rows } = gridModel({ ...resultWith([]), cells: [] });
    assert.deepEqual([columns, rows], [[], []]);
  });
});

describe('The cursor of the grid', () => {
  const move = (key: string, ctrl = false) =>
    moveCursor({ key, ctrl, from: { row: 5, column: 1 }, rows: 10, columns: 3, page: 8 });

  it('moves with the arrows, pages and ends, and stays inside', () => {
    assert.deepEqual(move('ArrowDown'), { row: 6, column: 1 });
    assert.deepEqual(move('PageDown'), { row: 9, column: 1 });
    assert.deepEqual(move('PageUp'), { row: 0, column: 1 });
    assert.deepEqual(move('Home'), { row: 5, column: 0 });
    assert.deepEqual(move('End', true), { row: 9, column: 2 });
  });

  it('leaves other keys alone', () => {
    assert.equal(move('a'), null);
    assert.equal(move('constructor'), null);
  });
});

describe('The window of rows', () => {
  it('covers the screen with a few rows around and never more than there are', () => {
    assert.deepEqual(virtualWindow({ scrollTop: 0, height: 460, rowHeight: 46, count: 500 }), {
      first: 0,
      end: 14,
      total: 23_000,
    });
    assert.deepEqual(virtualWindow({ scrollTop: 4600, height: 460, rowHeight: 46, count: 500 }), {
      first: 96,
      end: 114,
      total: 23_000,
    });
    assert.deepEqual(virtualWindow({ scrollTop: 99_999, height: 460, rowHeight: 46, count: 3 }), {
      first: 3,
      end: 3,
      total: 138,
    });
  });

  it('scrolls only as far as a row needs to be seen', () => {
    const show = (at: number, scroll: number) => scrollToShow({ at, size: 46, scroll, view: 500, sticky: 66 });
    assert.equal(show(0, 300), 0);
    assert.equal(show(100, 0), 0);
    assert.equal(show(920, 0), 532);
  });
});

describe('News of a run', () => {
  /** What the panel gets of what a run tells, gathered as it is for one picture. */
  const gathered = (...told: Omit<RunProgress, 'runId'>[]): LabNews => {
    const sent: LabNews[] = [];
    const news = createLabNews((one) => sent.push(one));
    for (const one of told) news.take({ runId: 'r', ...one } as RunProgress);
    // What ends a run is told at once, and all before it.
    news.take({ runId: 'r', type: 'finished', run: run.run } as RunProgress);
    return { ...sent[0]!, run: null, finished: false };
  };
  const run = resultWith([]);
  const text = (index: number, words: string) => ({ type: 'text', index, text: words }) as never;
  const retry = { type: 'retry', index: 1, attempt: 2, waitMs: 1500, reason: '429' } as never;

  it('streams text into a cell, voids it on a retry and settles it with the verdict', () => {
    const model = gridModel(run);
    applyNews(model, gathered(text(1, 'ca'), text(1, 'rd')));
    assert.deepEqual([model.states[1], model.texts.get(1)], ['running', 'card']);
    applyNews(model, gathered(text(1, ' lost'), retry));
    assert.equal(model.texts.get(1), '');
    assert.match(model.waiting.get(1) ?? '', /429.*2.*2 s/);
    const cell = { ...run.cells[1]!, status: 'fail' as const, output: 'lost' };
    applyNews(model, gathered(text(1, 'lo'), { type: 'cell', index: 1, cell } as never));
    settle(model);
    assert.deepEqual([model.waiting.size, model.texts.get(1)], [0, 'lost']);
    assert.deepEqual([model.run.passed, model.run.failed, model.run.errors], [0, 1, 0]);
    assert.equal(model.counts.failed, 1);
  });

  it('counts a cell told twice once', () => {
    const model = gridModel(run);
    const cell = packCell({ ...run.cells[0]!, status: 'pass' }, 0);
    const news = { ...gathered(), cells: [cell, cell] };
    for (let times = 0; times < 2; times += 1) applyNews(model, news);
    assert.equal(model.run.passed, 1);
  });

  it('puts no words into rows whose words were never asked for', () => {
    const model = gridModel(run);
    model.texts.clear();
    applyNews(model, gathered(text(0, 'half')));
    assert.deepEqual([model.states[0], model.texts.get(0)], ['running', undefined]);
  });

  it('is left alone when it is about another run', () => {
    const model = gridModel(run);
    assert.equal(applyNews(model, { ...gathered(text(0, 'x')), runId: 'other' }), false);
    assert.equal(model.texts.get(0), '');
  });
});
