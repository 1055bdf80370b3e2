import assert from 'node:assert/strict';
import { emptySetup } from '../../../src/extension/emptySetup.ts';
import { fromSuite, setupOfRun, toSuite } from '../../../src/extension/labSetup.ts';
import type { RunInfo } from '../../../src/lab/types.ts';

const thresholds = { passRate: 0.9, costUsd: 1, metrics: { tone: 0.8, passRate: 0.5 } };

describe('the goals of a Lab', () => {
  it('go into a suite and come back', () => {
    const setup = { ...emptySetup, refs: ['a/b@1.0'], thresholds };
    assert.deepEqual(fromSuite('nightly', toSuite(setup)).thresholds, thresholds);
  });

  it('are found again in a past run, its metrics apart', () => {
    const run = {
      ...{ versions: ['a/b@1.0'], modelChoices: [], casesFile: null, dataset: null, repeat: 1, baseline: null },
      ...{ suite: null, maxCostUsd: null },
      thresholds: [
        { name: 'passRate', wanted: 0.9, got: 1, pass: true },
        { name: 'metric', metric: 'tone', wanted: 0.8, got: null, pass: false },
        { name: 'metric', metric: 'passRate', wanted: 0.5, got: 1, pass: true },
        { name: 'costUsd', wanted: 1, got: 0, pass: true },
      ],
    } as Partial<RunInfo> as RunInfo;
    assert.deepEqual(setupOfRun(run, '/folder').thresholds, thresholds);
    assert.deepEqual(setupOfRun({ ...run, thresholds: [] }, '/folder').thresholds, {});
  });
});
