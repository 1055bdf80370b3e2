import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createKillableProcess } from '../../../src/lab/killableProcess.ts';
import { until } from '../../support/until.ts';

describe('a process for work whose time and memory nobody knows', function () {
  this.timeout(15_000);
  const answer = `(job) => {
    if (job === 'loop') for (;;);
    if (job === 'fill') for (const kept = []; ; ) kept.push(new Array(1e5).fill(job + kept.length));
    if (job === 'throw') throw new Error('no');
    if (job === 'env') return Object.keys(process.env).filter((name) => name.endsWith('_KEY'));
    return 'did ' + job;
  }`;
  const aside = createKillableProcess<string, unknown>({ answer, milliseconds: 1000 });
  // Filling the memory of a busy machine takes seconds.
  const patient = createKillableProcess<string, unknown>({ answer, milliseconds: 12_000 });
  after(() => Promise.all([aside.close(), patient.close()]));

  it('answers one job after the other', async () => {
    assert.deepEqual(await Promise.all(['a', 'b'].map(aside.run)), ['did a', 'did b']);
  });
  for (const [job, worker, reason] of [
    ['loop', aside, /ran longer than 1000 ms/],
    ['fill', patient, /needed more than 128 MB/],
    ['throw', aside, /^no$/],
  ] as const) {
    it(`stops at "${job}", says why, and goes on with the next`, async () => {
      const { stopped } = (await worker.run(job)) as { stopped: string };
      assert.match(stopped, reason);
      assert.equal(await worker.run('next'), 'did next');
    });
  }
  it('knows no key', async () => {
    process.env.SOMEBODYS_KEY = 'secret';
    const fresh = createKillableProcess<string, unknown>({ answer, milliseconds: 1000 });
    assert.deepEqual(await fresh.run('env'), []);
    await fresh.close();
    delete process.env.SOMEBODYS_KEY;
  });
  it('ends by itself when whoever waits for it is killed', async () => {
    const url = new URL('../../../src/lab/killableProcess.ts', import.meta.url).href;
    const source = `const { createKillableProcess } = await import(${JSON.stringify(url)});
      const aside = createKillableProcess({ answer: "(job) => job === 'pid' ? process.pid : (() => { for (;;); })()", milliseconds: 2000 });
      console.log(await aside.run('pid'));
      aside.run('loop');`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(told.toString());
    await new Promise((resolve) => setTimeout(resolve, 200));
    parent.kill('SIGKILL');
    assert.doesNotThrow(() => process.kill(pid, 0), 'it is still at work');
    await until(() => !isAlive(pid), 'the end of it');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
