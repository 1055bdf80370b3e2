import assert from 'node:assert/strict';
import { readChecks } from '../../../src/lab/readChecks.ts';
import { decodeFlags, encodeFlags } from '../../../src/shared/cellCodes.ts';
import { checkLines, checkText } from '../../../webview-ui/lab/checkTexts.ts';
import { histogram } from '../../../webview-ui/lab/columnFigures.ts';
import * as drafts from '../../../webview-ui/lab/datasetDraft.ts';
import { columnName, freeLabel, withSettings } from '../../../webview-ui/lab/modelChoices.ts';

describe('Models of the lab panel', () => {
  it('have the settings of their column, and none stand as the model alone', () => {
    const cold = withSettings('openai:small', { settings: { temperature: 0 }, label: 'cold' });
    assert.deepEqual(cold, { model: 'openai:small', settings: { temperature: 0 }, label: 'cold' });
    assert.equal(columnName(cold), 'cold');
    assert.equal(withSettings(cold, { settings: {}, label: 'openai:small' }), 'openai:small');
  });

  it('get a name that no other column has', () => {
    assert.equal(freeLabel('a:b', { temperature: 0 }, ['a:b']), 'a:b temperature 0');
    assert.equal(freeLabel('a:b', {}, ['a:b', 'a:b (2)']), 'a:b (3)');
  });
});

describe('Checks as lines', () => {
  it('are read back as what they were', () => {
    const lines = [
      'icontains:refund',
      'not-regex:^Sorry',
      'latency(500)',
      'is-json',
      '{"type":"equals","value":"a","weight":2}',
    ];
    const checks = readChecks(lines);
    assert.deepEqual(readChecks(checks.map(checkText)), checks);
    assert.deepEqual(checkLines(' a \n\n b'), ['a', 'b']);
  });
});

describe('Cases under edit', () => {
  const stored = {
    name: 'cases',
    revision: 3,
    columns: ['message', 'count', '__expected'],
    rows: [{ id: '1', name: 'lost', variables: { message: 'lost', count: 2 }, checks: [] }],
  };
  const draft = drafts.draftOf(stored);

  it('are unchanged until something is typed', () => {
    assert.equal(drafts.isChanged(draft, stored), false);
    assert.equal(drafts.isChanged(drafts.setValue(draft, 0, { column: 'message', text: 'found' }), stored), true);
  });

  it('keep numbers numbers, and are named by their first value where they were', () => {
    const typed = drafts.setValue(drafts.setValue(draft, 0, { column: 'count', text: '3' }), 0, {
      column: 'message',
      text: '7',
    });
    assert.deepEqual(typed.rows[0]?.variables, { message: '7', count: 3 });
    assert.equal(typed.rows[0]?.name, '7');
    const own = { ...draft, rows: [{ ...draft.rows[0]!, name: 'A thief' }] };
    assert.equal(drafts.setValue(own, 0, { column: 'message', text: 'x' }).rows[0]?.name, 'A thief');
  });

  it('take a block of a spreadsheet from a cell on, with rows that were not there', () => {
    const block = drafts.parseBlock('one\t1\r\n"two\nlines"\t"a ""b"""\r\n');
    assert.deepEqual(block, [
      ['one', '1'],
      ['two\nlines', 'a "b"'],
    ]);
    const pasted = drafts.paste(draft, { row: 0, column: 0 }, block);
    assert.deepEqual(
      pasted.rows.map(({ variables }) => variables),
      [
        { message: 'one', count: 1 },
        { message: 'two\nlines', count: 'a "b"' },
      ],
    );
  });

  it('save without what was only proposed, numbered anew', () => {
    const proposed = { id: '1', name: 'idea', variables: { message: 'idea' }, checks: [], proposed: true as const };
    const grown = drafts.addRow({ ...draft, rows: [proposed, ...draft.rows] });
    const { rows, revision } = drafts.savedOf(grown);
    assert.deepEqual([rows.map(({ id }) => id), revision], [['1', '2'], 3]);
    assert.ok(!rows.some(({ name }) => name === 'idea'));
  });

  it('lose and gain columns in every row', () => {
    const changed = drafts.addColumn(drafts.deleteColumn(draft, 'count'), ' tone ');
    assert.deepEqual(
      [changed.columns, changed.rows[0]?.variables],
      [['message', 'tone'], { message: 'lost', tone: '' }],
    );
    assert.equal(drafts.addColumn(changed, 'tone'), changed);
  });
});

describe('Figures of a column', () => {
  it('count latencies on one scale, the slowest in the last bar', () => {
    const bars = histogram([10, 10, 100, 400], 100);
    assert.deepEqual([bars[1], bars.at(-1), bars.reduce((sum, bar) => sum + bar, 0)], [1, 1, 2]);
    assert.ok(histogram([], 0).every((bar) => bar === 0));
  });

  it('send what a cell is in one digit and read it back', () => {
    for (const mark of [null, 'pass', 'fail', 'note'] as const) {
      const flags = { cached: mark === 'pass', checked: true, mark };
      assert.deepEqual(decodeFlags(encodeFlags(flags)), flags);
    }
  });
});
