import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../../support/until.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const child = new URL('./runInChild.ts', import.meta.url).pathname;

describe('a run whose process was killed', () => {
  let test: LabTest;
  before(async () => {
    // The first five answers come at once, the others never.
    test = await startLabTest({
      fault: ({ prompt }) => (Number(prompt.split(' ').at(-1)) > 5 ? { kind: 'silent' } : undefined),
    });
    test.prompt('a/b', 'Say {{q}}');
  });
  after(() => test.end());

  it('is told as interrupted after 30 s of silence or at once when it is gone, keeps what was done, and can be run again', async () => {
    const worker = spawn(process.execPath, [child, test.file, test.server.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(worker.stdout, 'data')) as [Buffer];
    const runId = line.toString().trim();
    const passed = async () => (await test.lab.showRun({ runId })).run.passed;
    await until(async () => (await passed()) >= 5);
    worker.kill('SIGSTOP');
    const recent = await test.lab.showRun({ runId });
    assert.equal(recent.run.status, 'running', 'its process may only be slow');

    const later = () => new Date(Date.now() + 31_000);
    const reader = test.reopen('read', later);
    const [told] = await reader.lab.listRuns({});
    assert.deepEqual([told?.status, told?.passed], ['interrupted', 5]);
    await reader.end();

    worker.kill('SIGKILL');
    await once(worker, 'exit');
    assert.equal((await test.lab.showRun({ runId })).run.status, 'interrupted', 'its process is gone');
    const writer = test.reopen('write');
    const { run, cells } = await test.lab.showRun({ runId });
    assert.deepEqual([run.status, run.passed, run.cells], ['interrupted', 5, 20]);
    assert.ok(run.finishedAt !== null);
    assert.deepEqual(
      cells.map(({ status }) => status),
      Array.from({ length: 20 }, (_, i) => (i < 5 ? 'pass' : 'cancelled')),
    );
    const events = test.vault.eventsAfter({ seq: 0 });
    assert.deepEqual(events.map(({ kind }) => kind).slice(-2), ['run.started', 'run.finished']);
    assert.equal(test.vault.verify().ok, true);

    const cases = casesOf('q', ['question 1', 'question 5']);
    const { id } = await writer.lab.startRun({ refs: ['a/b'], models: [models.openai], cases });
    const again = await writer.lab.waitForRun({ runId: id });
    assert.deepEqual(
      again.cells.map(({ cached }) => cached),
      [true, true],
    );
    await writer.end();
  });
});
