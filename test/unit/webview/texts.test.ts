import assert from 'node:assert/strict';
import { caseMapping, mappingWith } from '../../../webview-ui/lab/caseMapping.ts';
import { finishedTotals, runningTotals } from '../../../webview-ui/lab/columnFigures.ts';
import {
  endedEarly,
  estimateText,
  nextStep,
  notRunnable,
  runOutcome,
  runTitle,
} from '../../../webview-ui/lab/runTexts.ts';
import { budgetOf, repeatOf, versionItems, withVersion } from '../../../webview-ui/lab/setupValues.ts';
import {
  formatAgo,
  formatCost,
  formatLatency,
  formatPeriod,
  formatRate,
  formatTokens,
} from '../../../webview-ui/shared/format.ts';
import { originOf, productionPeriod } from '../../../webview-ui/shared/versionFacts.ts';
import { createSampleRun } from '../../support/panelHarness/sampleRun.ts';
import { infoOf, records } from '../../support/panelHarness/sampleVersions.ts';

const now = new Date('2025-12-18T12:00:00Z');

describe('Texts of the panels', () => {
  it('say the period in production, running or over', () => {
    const none = { deployedAt: null, retiredAt: null, replacedBy: null };
    assert.equal(productionPeriod({ stage: 'TST', ...none }, now), null);
    const running = { stage: 'PRD' as const, ...none, deployedAt: '2025-12-15T12:00:00Z' };
    assert.equal(productionPeriod(running, now), 'In production since Dec 15, 2025 (3 days)');
    const over = {
      stage: 'RET' as const,
      deployedAt: '2025-12-01T12:00:00Z',
      retiredAt: '2025-12-15T12:00:00Z',
      replacedBy: '2.2',
    };
    assert.equal(productionPeriod(over, now), 'In production Dec 1 → Dec 15 (14 days) · replaced by v2.2');
    const older = { ...over, deployedAt: '2024-12-01T12:00:00Z', retiredAt: '2024-12-15T12:00:00Z', replacedBy: null };
    assert.equal(productionPeriod(older, now), 'In production Dec 1, 2024 → Dec 15, 2024 (14 days)');
  });

  it('say where a version comes from', () => {
    assert.equal(originOf({ copiedFrom: '2.1', rollbackOf: '2.1' }), 'rollback of v2.1');
    assert.equal(originOf({ copiedFrom: '2.1', rollbackOf: null }), 'copied from v2.1');
    assert.equal(originOf({ copiedFrom: null, rollbackOf: null }), null);
  });

  for (const [usd, text] of [
    [null, 'cost unknown'],
    [0, '$0'],
    [0.00012345, '$0.00012'],
    [0.0095, '$0.0095'],
    [0.021, '$0.021'],
    [0.0999, '$0.10'],
    [0.5, '$0.50'],
    [12.345, '$12.35'],
  ] as const) {
    it(`writes a cost of ${usd} as ${text}`, () => assert.equal(formatCost(usd), text));
  }

  it('round periods, times, rates and tokens to what a person reads', () => {
    assert.equal(formatPeriod('2025-12-18T11:00:00Z', '2025-12-18T12:30:00Z'), '1 hour');
    assert.equal(formatAgo('2025-12-18T11:55:00Z', now), '5 minutes ago');
    assert.equal(formatAgo('2025-12-18T12:05:00Z', now), 'just now');
    assert.deepEqual([null, 840.4, 1234, 12_345].map(formatLatency), ['–', '840 ms', '1.2 s', '12 s']);
    assert.equal(formatRate(0.95, [0.86, 1]), '95 % ±7');
    assert.deepEqual([950, 4520, 12_345, 123_456].map(formatTokens), ['950', '4,520', '12.3 k', '123 k']);
  });
});

describe('Texts of a run', () => {
  const setup = {
    refs: ['support/triage@2.3', 'support/triage@2.2'],
    models: ['echo:echo'],
    casesFile: 'c.csv',
    repeat: 1,
    maxCostUsd: null,
    baseline: null,
  };
  const cases = [{ id: '1', name: 'One', variables: {}, checks: [] }];
  const { run, summary } = createSampleRun({ id: 'r', setup, cases, tell: () => undefined }).result();
  const known = { cached: 0, inputTokens: 1, outputTokens: 1, judgeUsd: 0, seconds: 1, basedOn: 'history' as const };
  const estimate = { ...known, calls: 120, costUsd: 0.09, unknownPrices: [], problems: [] };

  it('name prompt, versions, models and cases', () => {
    assert.equal(runTitle(run), 'support/triage v2.3, v2.2 × echo:echo × 1 case');
    assert.equal(
      runTitle({ ...run, versions: ['a@1.0', 'b@1.0'], models: ['x:a', 'x:b'], cases: 20 }),
      'a@1.0, b@1.0 × 2 models × 20 cases',
    );
  });

  it('say how it ended, and why early', () => {
    const ended = { ...run, cells: 60, passed: 50, failed: 8, errors: 2, costUsd: null, status: 'done' as const };
    assert.equal(runOutcome(ended), '50/60 passed · 8 failed · 2 errors · cost unknown');
    assert.match(
      runOutcome({ ...ended, passed: 1, failed: 0, errors: 0, stopReason: 'budget', status: 'cancelled' }),
      /stopped at its budget after 1/,
    );
  });

  it('say where a run that ended early can go on, and nothing of one that did not', () => {
    const ended = { ...run, cells: 120, passed: 70, failed: 3, errors: 1, resumable: true };
    assert.equal(endedEarly({ ...ended, status: 'interrupted' }), 'Interrupted at 74 of 120.');
    assert.equal(
      endedEarly({ ...ended, status: 'cancelled', stopReason: 'budget' }),
      'Stopped at its budget at 74 of 120.',
    );
    assert.equal(endedEarly({ ...ended, status: 'done', resumable: false }), null);
    assert.equal(endedEarly({ ...ended, status: 'running' }), null);
  });

  it('never count an unknown price as nothing', () => {
    assert.equal(estimateText(estimate), '120 calls · 2 tokens · ≈ $0.090 · ≈ 1 s');
    assert.equal(
      estimateText({ ...estimate, costUsd: null, unknownPrices: ['x:y'] }),
      '120 calls · 2 tokens · cost unknown (no price for x:y) · ≈ 1 s',
    );
  });

  it('say why it cannot start', () => {
    assert.equal(notRunnable(setup, estimate), null);
    assert.ok(notRunnable({ ...setup, refs: [] }, null));
    assert.ok(notRunnable({ ...setup, models: [] }, null));
    assert.equal(notRunnable(setup, { ...estimate, problems: ['No key'] }), 'No key');
  });

  it('say the next step where nothing has run yet, to cases where a value is missing', () => {
    const chosen = { ...setup, casesFile: null, dataset: null };
    const steps = [
      nextStep({ ...chosen, refs: [] }, null),
      nextStep({ ...chosen, models: [] }, null),
      nextStep(chosen, { ...estimate, problems: ['It needs message'] }),
      nextStep({ ...chosen, dataset: 'mails' }, { ...estimate, problems: ['No key'] }),
      nextStep(chosen, estimate),
    ];
    const words = [/version/, /model/, /cases/, /beside the button/, /Press Run/];
    for (const [index, step] of steps.entries()) assert.match(step, words[index]!);
  });

  it('give the rate with its interval once it is over, without errors in it', () => {
    const column = {
      ...summary[0]!,
      passed: 19,
      failed: 1,
      errors: 1,
      passRate: 0.95,
      ci95: [0.86, 1] as [number, number],
    };
    assert.equal(finishedTotals(column).rate, '95 % ±7 · 1 error');
    assert.equal(finishedTotals({ ...column, passed: 0, failed: 0 }).rate, '– · 1 error');
    assert.deepEqual(runningTotals({ pass: 1, fail: 1, error: 1 }, 4), { rate: '50 %', details: '3 of 4' });
  });
});

describe('The setup of a run', () => {
  it('maps columns to variables, checks and nothing', () => {
    const variables = [{ name: 'message' }, { name: 'product' }, { name: 'tone', default: 'dry' }];
    const mapping = caseMapping(['message', 'note', '__expected'], variables, null);
    assert.deepEqual(
      mapping.variables.map(({ name, column }) => [name, column]),
      [
        ['message', 'message'],
        ['product', null],
        ['tone', null],
      ],
    );
    assert.deepEqual([mapping.missing, mapping.unused, mapping.checks], [['product'], ['note'], ['__expected']]);
    const chosen = caseMapping(['message', 'note'], variables, { product: 'note' });
    assert.deepEqual([chosen.missing, chosen.unused], [[], []]);
    assert.deepEqual(mappingWith(mapping, { product: 'note' }), { message: 'message', product: 'note' });
  });

  it('reads repeats and budgets as people type them', () => {
    assert.deepEqual(['3', '2.9', '0', '-1', 'x', '1e9'].map(repeatOf), [3, 2, 1, 1, 1, 100]);
    assert.deepEqual(['$1.50', ' 2 ', '', '0', 'x', '-3'].map(budgetOf), [1.5, 2, null, null, null, null]);
  });

  it('offers the versions that are not in it', () => {
    const none = { refs: ['support/triage@2.3'], unsaved: [] };
    const values = (drafts: string[]) => versionItems(records.map(infoOf), none, drafts).map(({ value }) => value);
    assert.deepEqual(values([]), ['support/triage@2.4', 'support/triage@2.2', 'support/triage@2.1']);
    assert.equal(values(['support/triage@2.3'])[1], 'support/triage@2.3*');
    const draft = withVersion(none, 'support/triage@2.3*');
    assert.deepEqual(draft, { refs: ['support/triage@2.3'], unsaved: ['support/triage@2.3'] });
  });
});
