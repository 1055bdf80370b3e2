import assert from 'node:assert/strict';
import { movedText, pathIn, reversed } from '../../../src/extension/movePrompts.ts';
import { passRateText, versionLine } from '../../../src/extension/versionLine.ts';
import type { VersionInfo } from '../../../src/vault/types.ts';

const now = new Date('2026-12-20T12:00:00Z');
const evidence = { hash: 'sha256:0', runId: 'r', at: now.toISOString(), passed: 0, failed: 0, errors: 0, cells: 0 };
const retired: VersionInfo = {
  ...{ path: 'support/triage', title: 'Triage', version: '2.3', stage: 'RET', hash: 'sha256:0', revision: 1 },
  ...{ settings: {}, variables: [], tags: [], labels: ['Approved', 'Production Candidate'] },
  ...{ rationale: 'Friendlier.\nAnd shorter.', copiedFrom: '2.1', rollbackOf: '2.1' },
  ...{ createdAt: '2026-11-01T12:00:00Z', createdBy: 'Priya <p@example.com>' },
  ...{ updatedAt: '2026-11-01T12:00:00Z', updatedBy: 'Sam <s@example.com>' },
  ...{ deployedAt: '2026-12-01T12:00:00Z', retiredAt: '2026-12-15T12:00:00Z', replacedBy: '2.4' },
};

describe('a row of the timeline', () => {
  it('says stage, labels, results, period, successor, origin, author and why', () => {
    assert.equal(
      versionLine(retired, { now, evidence: { ...evidence, passed: 6, failed: 1, cells: 7 } }),
      'RET  Approved, Production Candidate · 86 % passed · Production: Dec 1 → Dec 15 (14 days) · Replaced by v2.4 · rollback of v2.1 · Priya · Friendlier.',
    );
  });

  it('says of a draft who edited it when', () => {
    const dates = { deployedAt: null, retiredAt: null, replacedBy: null, rollbackOf: null };
    const draft: VersionInfo = { ...retired, ...dates, stage: 'DEV', labels: [], rationale: '' };
    assert.equal(versionLine(draft, { now }), 'DEV  edited Nov 1 · Sam · from v2.1');
  });

  const rates: [passed: number, failed: number, errors: number, text: string][] = [
    [999, 1, 0, '99 % passed'],
    [1, 999, 0, '1 % passed'],
    [3, 0, 2, '100 % passed'],
    [0, 2, 0, '0 % passed'],
    [0, 0, 2, '2 errors'],
    [0, 0, 0, 'nothing judged'],
  ];
  for (const [passed, failed, errors, text] of rates) {
    it(`says "${text}" of ${passed} passed, ${failed} failed and ${errors} errors`, () => {
      assert.equal(passRateText({ ...evidence, passed, failed, errors }), text);
    });
  }
});

describe('prompts that are moved', () => {
  it('keep what lies below the folder that is moved', () => {
    assert.equal(pathIn('b', 'a/x/y', 'a'), 'b/x/y');
    assert.equal(pathIn('', 'a/y', 'a'), 'y');
    assert.equal(pathIn('b', 'y', ''), 'b/y');
  });

  it('go back last first', () => {
    const moves = [
      { path: 'a', to: 'b' },
      { path: 'c', to: 'a' },
    ];
    assert.deepEqual(reversed(moves), [
      { path: 'a', to: 'c' },
      { path: 'b', to: 'a' },
    ]);
    assert.equal(movedText(moves, ''), 'Moved 2 prompts to the top');
    assert.equal(movedText([{ path: 'x/one', to: 'y/one' }], 'y'), 'Moved one to y');
  });
});
