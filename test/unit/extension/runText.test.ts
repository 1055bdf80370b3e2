import assert from 'node:assert/strict';
import { runFacts, runLabel } from '../../../src/extension/runText.ts';
import type { RunInfo } from '../../../src/lab/types.ts';

const run: RunInfo = {
  id: 'r1',
  status: 'done',
  startedAt: '2025-12-18T11:58:00.000Z',
  finishedAt: '2025-12-18T11:59:00.000Z',
  actor: 'Priya',
  versions: ['support/triage@2.3'],
  models: ['a:a', 'b:b', 'c:c'],
  modelChoices: ['a:a', 'b:b', 'c:c'],
  cases: 20,
  casesFile: 'cases.csv',
  ...{ suite: null, suiteRevision: null, dataset: null, scoredFrom: null },
  repeat: 1,
  cells: 60,
  passed: 58,
  failed: 1,
  errors: 1,
  costUsd: 0.041,
  spentUsd: 0.041,
  ...{ judgeUsd: null, maxCostUsd: null, resumable: false, thresholds: [] },
  stopReason: null,
  baseline: null,
  wallMs: 60_000,
};
const now = new Date('2025-12-18T12:00:00.000Z');

describe('a past run in one line', () => {
  it('says what ran where', () => {
    assert.equal(runLabel(run), 'triage v2.3');
    const several = { ...run, versions: ['a@1.0', 'a@1.1'], models: ['echo:echo'], cases: 1, repeat: 3 };
    assert.equal(runLabel(several), 'a v1.0, v1.1');
    assert.match(runFacts(several, now), / · echo:echo × 1 case × 3$/);
    assert.equal(runLabel({ ...several, versions: ['a@1.0', 'b@1.0'] }), '2 versions');
  });

  it('says how it went before how much it was, and keeps errors apart from failures', () => {
    assert.equal(runFacts(run, now), '58/60 · 1 error · $0.04 · 2 min ago · 3 models × 20 cases');
  });

  it('says that it was stopped, and never takes an unknown cost for nothing', () => {
    const stopped = { ...run, status: 'cancelled' as const, errors: 0, costUsd: null };
    assert.match(runFacts(stopped, now), /^58\/60 · cancelled · cost unknown · 2 min ago · /);
  });
});
