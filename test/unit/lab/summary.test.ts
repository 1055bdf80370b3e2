import assert from 'node:assert/strict';
import { totalsOf } from '../../../src/lab/tally.ts';
import type { Cell } from '../../../src/lab/types.ts';

const cell = (part: Partial<Cell>): Cell => ({
  ...{ judged: part.status ?? 'pass', score: null, mark: null, metrics: {}, judgeUsd: null },
  ...{
    path: 'a/b',
    version: '1.0',
    hash: 'h',
    model: 'm',
    case: '1',
    repeat: 1,
    status: 'pass',
    output: '',
    checks: [],
  },
  ...{ latencyMs: 1, firstTokenMs: 1, inputTokens: 1, outputTokens: 1, cachedTokens: 0, costUsd: 1, error: null },
  ...{ cached: false, finishReason: 'stop' },
  ...part,
});

describe('totals', () => {
  const table: [what: string, cells: Partial<Cell>[], costUsd: number | null, spentUsd: number | null][] = [
    ['add up what is known', [{}, { costUsd: 2, status: 'fail' }], 3, 3],
    ['are unknown when one answer’s cost is', [{}, { costUsd: null }], null, null],
    ['count an error’s cost where it is known', [{}, { costUsd: 2, status: 'error' }], 3, 3],
    ['stay known when a call was refused', [{}, { costUsd: null, status: 'error' }], 1, 1],
    ['are unknown when every call was refused', [{ costUsd: null, status: 'error' }], null, null],
    ['tell a stored answer’s cost, which nobody paid again', [{ cached: true }, { costUsd: 2 }], 3, 2],
    ['know that stored answers alone cost nothing', [{ cached: true }, { cached: true }], 2, 0],
    ['do not know what was paid beside stored answers', [{ cached: true }, { costUsd: null }], null, null],
    ['are unknown before anything ran', [{ costUsd: null, status: 'waiting' }], null, null],
  ];
  for (const [what, cells, costUsd, spentUsd] of table) {
    it(what, () => {
      const totals = totalsOf(cells.map(cell));
      assert.deepEqual([totals.costUsd, totals.spentUsd], [costUsd, spentUsd]);
    });
  }

  it('count each way a cell can end', () => {
    const statuses = ['pass', 'fail', 'fail', 'error', 'error', 'error', 'cancelled', 'running'] as const;
    const { passed, failed, errors } = totalsOf(statuses.map((status) => cell({ status })));
    assert.deepEqual([passed, failed, errors], [1, 2, 3]);
  });
});
