import assert from 'node:assert/strict';
import fc from 'fast-check';
import { percentile, wilsonInterval } from '../../../src/lab/statistics.ts';

describe('statistics', () => {
  // Newcombe 1998 (Statistics in Medicine 17), table I, method 3 (score, without continuity correction).
  const published: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [passed, total, low, high] of published) {
    it(`gives the published Wilson interval for ${passed} of ${total}`, () => {
      assert.deepEqual(
        wilsonInterval(passed, total).map((end) => Number(end.toFixed(4))),
        [low, high],
      );
    });
  }

  it('knows nothing when nothing was judged', () => {
    assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
  });

  it('keeps the rate inside an interval inside 0..1', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (passed, failed) => {
        fc.pre(passed + failed > 0);
        const [low, high] = wilsonInterval(passed, passed + failed);
        const rate = passed / (passed + failed);
        assert.ok(0 <= low && low <= rate && rate <= high && high <= 1, `${low} ${rate} ${high}`);
      }),
    );
  });

  it('takes the nearest rank as percentile and leaves the input as it is', () => {
    const values = [50, 15, 35, 20, 40];
    assert.deepEqual(
      [5, 30, 40, 50, 95, 100].map((share) => percentile(values, share)),
      [15, 20, 20, 35, 50, 50],
    );
    assert.deepEqual(values, [50, 15, 35, 20, 40]);
    assert.equal(percentile([], 50), null);
  });
});
