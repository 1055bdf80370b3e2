import assert from 'node:assert/strict';
import type { Cell, RunProgress, RunResult } from '../../../src/lab/types.ts';
import { applyProgress, type ShownRun } from '../../../webview-ui/lab/applyProgress.ts';
import { filterCounts, filterRows, gridModel, moveCursor, nextFailure } from '../../../webview-ui/lab/gridModel.ts';
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
  baseline: null,
};

function resultWith(statuses: Cell['status'][]): RunResult {
  const run = createSampleRun({ id: 'r', setup, cases, tell: () => undefined });
  const result = run.result();
  const checks = [{ type: 'equals', pass: true, score: 1, reason: '' }];
  const cells = result.cells.map((cell, at) => ({ ...cell, checks, status: statuses[at] ?? cell.status }));
  return { ...result, cells };
}

describe('The grid of a run', () => {
  // Columns are one stretch of cells each: the first three statuses are v1.0, the others v1.1.
  const model = gridModel(resultWith(['pass', 'fail', 'pass', 'pass', 'pass', 'error']));

  it('has a column for each version and model, and a row for each case', () => {
    assert.deepEqual(
      model.columns.map(({ version }) => version),
      ['1.0', '1.1'],
    );
    assert.deepEqual(
      model.rows.map(({ name }) => name),
      ['Case 1', 'Case 2', 'Case 3'],
    );
    assert.equal(model.cells[model.index(2, 1)]?.status, 'error');
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
    assert.deepEqual(filterCounts(model), { all: 3, failed: 1, errors: 1, different: 2, regressed: 0 });
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
    const first = nextFailure(model, model.rows, { row: 0, column: 0 });
    assert.deepEqual(first, { row: 1, column: 0 });
    const second = nextFailure(model, model.rows, { row: 1, column: 0 });
    assert.deepEqual(second, { row: 2, column: 1 });
    assert.deepEqual(nextFailure(model, model.rows, { row: 2, column: 1 }), { row: 1, column: 0 });
    const clean = gridModel(resultWith(Array.from({ length: 6 }, () => 'pass')));
    assert.equal(nextFailure(clean, clean.rows, { row: 0, column: 0 }), null);
  });

  it('numbers the repeats of a case', () => {
    const twice = createSampleRun({ id: 'r', setup: { ...setup, repeat: 2 }, cases, tell: () => undefined }).result();
    const rows = gridModel(twice)
      .rows.slice(0, 3)
      .map(({ name }) => name);
    assert.deepEqual(rows, ['Case 1 (1)', 'Case 1 (2)', 'Case 2 (1)']);
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
  const shown = (): ShownRun => ({ result: resultWith([]), waiting: new Map() });
  const news = (progress: Omit<RunProgress, 'runId'>) => ({ runId: 'r', ...progress }) as RunProgress;

  it('streams text into a cell, voids it on a retry and settles it with the verdict', () => {
    const run = shown();
    applyProgress(run, news({ type: 'text', index: 1, text: 'ca' } as never));
    applyProgress(run, news({ type: 'text', index: 1, text: 'rd' } as never));
    assert.deepEqual([run.result.cells[1]?.status, run.result.cells[1]?.output], ['running', 'card']);
    applyProgress(run, news({ type: 'retry', index: 1, attempt: 2, waitMs: 1500, reason: '429' } as never));
    assert.equal(run.result.cells[1]?.output, '');
    assert.match(run.waiting.get(1) ?? '', /429.*2.*2 s/);
    const cell = { ...run.result.cells[1]!, status: 'fail' as const, output: 'lost' };
    applyProgress(run, news({ type: 'cell', index: 1, cell } as never));
    assert.equal(run.waiting.size, 0);
    assert.deepEqual([run.result.run.passed, run.result.run.failed, run.result.run.errors], [0, 1, 0]);
  });

  it('counts a cell told twice once', () => {
    const run = shown();
    const cell = { ...run.result.cells[0]!, status: 'pass' as const };
    for (let times = 0; times < 2; times += 1) applyProgress(run, news({ type: 'cell', index: 0, cell } as never));
    assert.equal(run.result.run.passed, 1);
  });

  it('is left alone when it is about another run', () => {
    const run = shown();
    assert.equal(applyProgress(run, { type: 'text', runId: 'other', index: 0, text: 'x' }), false);
    assert.equal(run.result.cells[0]?.output, '');
  });
});
