import assert from 'node:assert/strict';
import { histogram } from '../../../src/lab/reportCharts.ts';

describe('the picture of latencies', () => {
  it('counts every answer once, those slower than its end in the last bar', () => {
    const counts = histogram([0, 99, 100, 100, 5000, null], 100);
    assert.equal(counts.length, 24);
    assert.deepEqual([counts[0], counts.at(-1)], [1, 4]);
    assert.equal(
      counts.reduce((sum, one) => sum + one),
      5,
    );
  });

  it('has one bar where no answer took any time', () => {
    assert.equal(histogram([0, 0], 0)[0], 2);
  });
});
