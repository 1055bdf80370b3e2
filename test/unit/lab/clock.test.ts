import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const day = 86_400_000;
const Real = Date;

/** From now on this process believes in another time. */
function turnClock(by: number): void {
  globalThis.Date = class extends Real {
    constructor(...given: []) {
      if (given.length > 0) super(...given);
      else super(Real.now() + by);
    }
    static override now = () => Real.now() + by;
  } as DateConstructor;
}

describe('a clock that goes back a day during a run', () => {
  let test: LabTest;
  afterEach(async () => {
    globalThis.Date = Real;
    await test.end();
  });

  it('does not keep the run from hearing that it is cancelled, nor makes it last less than nothing', async () => {
    test = await startLabTest({ reply: ({ prompt }) => ({ text: prompt, delayMs: 8000 }) });
    const ref = test.prompt('a/b', 'Say {{q}}');
    const { id } = await test.lab.startRun({ refs: [ref], models: [models.openai], cases: casesOf('q', ['x']) });
    turnClock(-day);
    const other = test.reopen('write');
    const { run } = await other.lab.showRun({ runId: id });
    assert.equal(run.status, 'running');
    assert.ok(run.wallMs >= 0, `${run.wallMs} ms`);
    const asked = performance.now();
    await other.lab.cancelRun({ runId: id });
    const ended = await Promise.race([test.lab.waitForRun({ runId: id }), sleep(5000)]);
    assert.equal(ended?.run.status, 'cancelled', `after ${performance.now() - asked} ms`);
    assert.ok(ended.run.wallMs >= 0);
    await other.end();
  });
});
