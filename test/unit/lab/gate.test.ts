import assert from 'node:assert/strict';
import { promoteThroughGate } from '../../../src/engine/promoteThroughGate.ts';
import { labData } from '../../../src/lab/labData.ts';
import type { RunRequest } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const suite = {
  ...{ models: [models.openai], checks: [], checkSets: [], repeat: 1, maxCostUsd: null },
  ...{ dataset: 'mails', baseline: 'PRD' },
};

describe('the gate to production', () => {
  let test: LabTest;
  /** What the model answers to a message. */
  let answer: (text: string, wire: string) => string;
  beforeEach(async () => {
    answer = (text) => text;
    test = await startLabTest({ reply: ({ prompt, wire }) => answer(prompt, wire) });
    const data = labData(test.vault.database);
    const rows = casesOf('mail', ['a', 'b', 'c']).map((one) => ({
      ...one,
      checks: [{ type: 'contains' as const, value: String(one.variables.mail) }],
    }));
    data.saveDataset({ name: 'mails', rows });
    data.saveSuite({ name: 'release', definition: suite });
  });
  afterEach(() => test.end());

  const promote = (ref: string, override?: string) =>
    promoteThroughGate({ ref, override }, { vault: test.vault, checkGate: test.lab.checkGate });
  const run = async (more: Partial<RunRequest> = {}) => {
    const { id } = await test.lab.startRun({ refs: ['support/triage@TST'], models: [], suite: 'release', ...more });
    return test.lab.waitForRun({ runId: id });
  };
  const toTst = () => {
    test.prompt('support/triage', 'Sort {{mail}}');
    test.vault.promote({ ref: 'support/triage' });
  };
  const shut = async (pattern: RegExp) => {
    const { open, reasons } = await test.lab.checkGate({ ref: 'support/triage@TST' });
    assert.equal(open, false);
    assert.match(reasons.join('\n'), pattern);
    await assert.rejects(promote('support/triage@TST'), { code: 'GATE' });
  };

  it('lets everything pass while there is none', async () => {
    toTst();
    assert.equal((await promote('support/triage@TST')).stage, 'PRD');
  });

  it('wants a finished run of exactly this content', async () => {
    await test.lab.setGate({ gate: { suite: 'release' } });
    toTst();
    await shut(/no finished run/);
    await run();
    assert.deepEqual((await test.lab.checkGate({ ref: 'support/triage@TST' })).reasons, []);
    test.vault.edit({ ref: 'support/triage@TST', messages: [{ role: 'user', content: 'Please sort {{mail}}' }] });
    await shut(/no finished run/);
    await run();
    const promoted = await promote('support/triage@TST');
    assert.equal(promoted.stage, 'PRD');
    const event = test.vault.eventsAfter({ seq: 0 }).findLast(({ kind }) => kind === 'version.promoted');
    assert.equal((event!.details as { gate: { suite: string } }).gate.suite, 'release');
  });

  it('holds from DEV to TST nobody up', async () => {
    await test.lab.setGate({ gate: { suite: 'release' } });
    test.prompt('support/triage', 'Sort {{mail}}');
    assert.equal((await promote('support/triage')).stage, 'TST');
  });

  it('wants what production could do, row by row', async () => {
    toTst();
    await run();
    await promote('support/triage@TST');
    await test.lab.setGate({ gate: { suite: 'release' } });
    test.vault.createVersion({ ref: 'support/triage@PRD' });
    test.vault.edit({ ref: 'support/triage@1.1', messages: [{ role: 'user', content: 'Kindly sort {{mail}}' }] });
    test.vault.promote({ ref: 'support/triage@1.1' });
    answer = (text) => (text.endsWith('b') ? 'nothing' : text);
    await run();
    await shut(/1 cases? passed with v1\.0 and (do|does) not now: 2/);
    answer = (text) => text;
    await run({ noCache: true });
    assert.equal((await promote('support/triage@TST')).version, '1.1');
  });

  it('wants its share passed, no errors, and the suite as it is now', async () => {
    await test.lab.setGate({ gate: { suite: 'release', passRate: 0.9 } });
    toTst();
    answer = (text) => (text.endsWith('b') ? 'nothing' : text);
    await run();
    await shut(/Pass rate 66\.7 %, ≥ 90 % wanted/);
    answer = (text) => text;
    await run({ noCache: true });
    assert.equal((await test.lab.checkGate({ ref: 'support/triage@TST' })).open, true);
    labData(test.vault.database).saveSuite({ name: 'release', definition: { ...suite, repeat: 2 } });
    await shut(/was changed after the last run/);
  });

  it('wants score and metrics of every column by itself, and knows none that no check gave', async () => {
    const checks = [{ type: 'contains' as const, value: 'Sort', metric: 'tone' }];
    const definition = {
      ...{ ...suite, models: [models.openai, models.google], checks, dataset: 'mails' },
      thresholds: { score: 0.5, metrics: { tone: 0.5 } },
    };
    labData(test.vault.database).saveSuite({ name: 'release', definition });
    await test.lab.setGate({ gate: { suite: 'release', metrics: { tone: 0.9 } } });
    toTst();
    await run();
    assert.equal((await test.lab.checkGate({ ref: 'support/triage@TST' })).open, true);
    // One model says it twice of three times, the other always: together they reach what is wanted of each.
    answer = (text, wire) => (wire === 'google' && text.endsWith('c') ? 'c' : text);
    await run({ noCache: true });
    await shut(/^google:gemini-test: tone 0\.6667, ≥ 0\.9 wanted$/m);
    answer = () => 'c';
    await run({ noCache: true });
    await shut(/^openai:gpt-test: Score 0\.1667, ≥ 0\.5 wanted$/m);
    await test.lab.setGate({ gate: { suite: 'release', metrics: { brevity: 0.1 } } });
    await shut(/^openai:gpt-test: brevity: no check gave it, ≥ 0\.1 wanted$/m);
    const wrong = test.lab.setGate({ gate: { suite: 'release', metrics: { tone: 9 } } });
    await assert.rejects(wrong, { code: 'INVALID_INPUT', details: { field: 'metrics.tone' } });
  });

  it('takes no run for the suite’s that replaced its cases, its models, or repeated less', async () => {
    await test.lab.setGate({ gate: { suite: 'release' } });
    toTst();
    await run({ cases: casesOf('mail', ['a']) });
    await run({ models: [models.google] });
    await shut(/no finished run/);
    await run({ repeat: 2 });
    assert.equal((await test.lab.checkGate({ ref: 'support/triage@TST' })).open, true);
  });

  it('can be overridden with a reason, which the log keeps', async () => {
    await test.lab.setGate({ gate: { suite: 'release' } });
    toTst();
    await assert.rejects(promote('support/triage@TST', '  '), { code: 'GATE' });
    await promote('support/triage@TST', 'Production is down');
    const event = test.vault.eventsAfter({ seq: 0 }).findLast(({ kind }) => kind === 'version.promoted');
    const { gate } = event!.details as { gate: { overridden: string; reasons: string[] } };
    assert.equal(gate.overridden, 'Production is down');
    assert.equal(gate.reasons.length, 1);
  });

  it('needs a suite that exists, and is taken away with an event', async () => {
    await assert.rejects(test.lab.setGate({ gate: { suite: 'none' } }), { code: 'NOT_FOUND' });
    await assert.rejects(test.lab.setGate({ gate: { suite: 'release', passRate: 90 } }), { code: 'INVALID_INPUT' });
    await test.lab.setGate({ gate: { suite: 'release' } });
    await test.lab.setGate({ gate: null });
    assert.equal(await test.lab.gate(), null);
    assert.equal(test.vault.eventsAfter({ seq: 0 }).at(-1)?.kind, 'gate.changed');
  });
});
