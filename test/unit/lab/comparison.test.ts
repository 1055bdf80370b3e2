import assert from 'node:assert/strict';
import { bootstrapMean } from '../../../src/lab/bootstrap.ts';
import { type Compared, compareColumns } from '../../../src/lab/comparison.ts';
import { flakyCases } from '../../../src/lab/flaky.ts';
import { casesNeeded, mcnemarExact } from '../../../src/lab/mcnemar.ts';
import type { Cell } from '../../../src/lab/types.ts';

const near = (actual: number | undefined, expected: number, within: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= within, `${actual} is not ${expected} ± ${within}`);

describe('McNemar’s exact test', () => {
  it('gives the published value for airway hyper-responsiveness before and after a transplantation', () => {
    // Bentur et al. in Fagerland, Lydersen and Laake (2013), table 1: 1 and 7 of 21 children changed.
    near(mcnemarExact(1, 7), 0.0703125, 1e-12);
  });
  it('gives the value of R’s exact2x2 for the approval ratings of Agresti', () => {
    near(mcnemarExact(86, 150), 3.715936e-5, 1e-10);
  });
  it('is the same both ways, 1 without a difference, and finite for thousands of cases', () => {
    assert.equal(mcnemarExact(7, 1), mcnemarExact(1, 7));
    assert.equal(mcnemarExact(0, 0), 1);
    assert.equal(mcnemarExact(5, 5), 1);
    near(mcnemarExact(1000, 1100), 0.030720707864242296, 1e-9);
    near(mcnemarExact(2000, 2600), 9.22122107676965e-19, 1e-27);
  });
  it('needs six cases that all went one way to show anything', () => {
    near(mcnemarExact(0, 5), 0.0625, 1e-15);
    near(mcnemarExact(0, 6), 0.03125, 1e-15);
  });
});

describe('how many cases would tell', () => {
  it('is enough to show the difference about four times in five', () => {
    const seen = { both: 12, onlyA: 2, onlyB: 5, neither: 1 };
    const needed = casesNeeded(seen) ?? 0;
    let state = 42;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    let shown = 0;
    for (let round = 0; round < 2000; round += 1) {
      let [onlyA, onlyB] = [0, 0];
      for (let i = 0; i < needed; i += 1) {
        const drawn = random() * 20;
        if (drawn < 2) onlyA += 1;
        else if (drawn < 7) onlyB += 1;
      }
      if (mcnemarExact(onlyA, onlyB) < 0.05) shown += 1;
    }
    // The exact test is a little more careful than the formula.
    near(shown / 2000, 0.78, 0.06);
  });
  it('is not known where both are as often ahead', () => {
    assert.equal(casesNeeded({ both: 5, onlyA: 2, onlyB: 2, neither: 0 }), null);
    assert.equal(casesNeeded({ both: 0, onlyA: 0, onlyB: 0, neither: 0 }), null);
  });
});

describe('a bootstrapped mean', () => {
  it('has the published standard error of the treated mice of Efron and Tibshirani', () => {
    // An Introduction to the Bootstrap (1993), table 2.2: 23.36 for endlessly many resamples.
    const treated = bootstrapMean([94, 197, 16, 38, 99, 141, 23]);
    near(treated?.mean, 86.857142857, 1e-8);
    near(treated?.standardError, 23.36, 0.5);
  });
  it('says the same each time, and nothing of nothing', () => {
    assert.deepEqual(bootstrapMean([1, 2, 3, 9]), bootstrapMean([1, 2, 3, 9]));
    assert.equal(bootstrapMean([]), null);
  });
  it('is sure where all differences point one way and unsure where they cancel out', () => {
    assert.ok((bootstrapMean([1, 2, 1, 2, 1, 2, 1, 2])?.pValue ?? 1) < 0.001);
    const even = bootstrapMean([1, -1, 1, -1, 1, -1]);
    assert.ok((even?.pValue ?? 0) > 0.5 && (even?.ci95[0] ?? 0) < 0 && (even?.ci95[1] ?? 0) > 0);
  });
});

describe('two columns compared', () => {
  const cell = (status: Cell['status'], more: Partial<Compared> = {}): Compared => ({
    ...{ status, costUsd: 0.01, latencyMs: 100, cached: false },
    ...more,
  });
  const column = (name: string, statuses: string, more: Partial<Compared> = {}) => ({
    name,
    cases: [...statuses].map((one) => [
      cell(({ p: 'pass', f: 'fail', e: 'error' } as const)[one] ?? 'cancelled', more),
    ]),
  });

  it('names the better one with its p-value', () => {
    const found = compareColumns(column('v2.2', 'ffffffffpp'), column('v2.3', 'pppppppppp'));
    assert.equal(found.better, 'b');
    near(found.pValue, 2 / 2 ** 8, 1e-12);
    assert.match(found.verdict, /^v2\.3 is better than v2\.2 \(p = 0\.008, 10 cases\)\.$/);
  });
  it('tells how many more cases would show what was seen', () => {
    const found = compareColumns(column('a', 'pppppppppf'), column('b', 'ppppppppff'));
    assert.equal(found.better, null);
    assert.ok((found.moreCases ?? 0) > 20);
    assert.match(found.verdict, /^No difference shown \(p = 1\.00, 10 cases\); about \d+ more cases would tell\.$/);
  });
  it('leaves out cases with an error or without an end in one column', () => {
    const found = compareColumns(column('a', 'pepcf'), column('b', 'ppppf'));
    assert.deepEqual([found.pairs, found.leftOut, found.both, found.neither], [3, 2, 2, 1]);
  });
  it('compares cost and latency pair by pair, stored latencies apart', () => {
    const found = compareColumns(
      column('a', 'pppp'),
      column('b', 'pppp', { costUsd: 0.03, latencyMs: 50, cached: true }),
    );
    near(found.costUsd?.mean, 0.02, 1e-12);
    assert.equal(found.latencyMs, null);
  });
  it('lets a case pass only when all its repeats do', () => {
    const a = { name: 'a', cases: [[cell('pass'), cell('fail')]] };
    const b = { name: 'b', cases: [[cell('pass'), cell('pass')]] };
    assert.equal(compareColumns(a, b).onlyB, 1);
  });
  it('says so when nothing can be compared', () => {
    assert.match(compareColumns(column('a', 'e'), column('b', 'p')).verdict, /^Nothing to compare/);
  });
});

describe('flaky cases', () => {
  const cell = (id: string, status: Cell['status']) =>
    ({ path: 'x', version: '1.0', model: 'm', case: id, status }) as Cell;
  it('are those that passed sometimes, the most undecided first, errors not counted', () => {
    const cells = [
      ...['pass', 'pass', 'pass', 'fail'].map((status) => cell('1', status as Cell['status'])),
      ...['pass', 'fail', 'error', 'pass', 'fail'].map((status) => cell('2', status as Cell['status'])),
      ...['pass', 'error'].map((status) => cell('3', status as Cell['status'])),
    ];
    assert.deepEqual(
      flakyCases(cells).map(({ case: id, passed, of }) => [id, passed, of]),
      [
        ['2', 2, 4],
        ['1', 3, 4],
      ],
    );
  });
});
