import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RunResult } from '../../src/lab/types.ts';
import {
  callsOf,
  casesFile,
  concurrency,
  expectedStatus,
  models,
  openPlace,
  type Place,
  read,
  rows,
  slow,
  troubleOf,
} from '../support/faultyEndpoints.ts';
import type { LabJob } from '../support/labWorker.ts';

const worker = new URL('../support/labWorker.ts', import.meta.url).pathname;
const idleTimeoutMs = 1200;

/** The whole run in a process of its own; answers its id. */
async function work({ file, env }: Place): Promise<string> {
  const job: LabJob = { file, start: { refs: ['banking/intent'], models, casesFile, concurrency, idleTimeoutMs } };
  const child = spawn(process.execPath, [worker, JSON.stringify(job)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const runId = String((await lines.next()).value);
  assert.equal((await lines.next()).value, 'ended');
  await once(child, 'exit');
  return runId;
}

describe('a thousand cases with three faulty endpoints and a dead one', function () {
  this.timeout(60_000);
  let calm: Place;
  let result: RunResult;
  before(async () => {
    calm = await openPlace({ stalls: true });
    result = await read(calm, await work(calm));
  });
  after(() => calm.close());

  it('ends every cell in the right state', () => {
    const columns = models.map((_, column) => result.cells.slice(column * 1000, (column + 1) * 1000));
    for (const cells of columns.slice(0, 3)) {
      assert.deepEqual(
        cells.map(({ status }) => status),
        rows.map((_, index) => expectedStatus(index)),
      );
      assert.deepEqual(
        cells.map(({ error }) => error?.code),
        rows.map((_, index) => troubleOf(index).error),
      );
    }
    assert.ok(columns[3]!.every(({ status, error }) => status === 'error' && error?.code === 'PROVIDER'));
    assert.deepEqual([result.run.status, result.run.cells, result.cells.length], ['done', 4000, 4000]);
    const { passed, failed, errors } = result.run;
    assert.equal(passed + failed + errors, 4000);
  });

  it('asks nobody once more than its faults make necessary', () => {
    for (const server of calm.servers) {
      assert.deepEqual(
        callsOf(server),
        rows.map((_, index) => troubleOf(index).calls),
      );
    }
  });

  it('gives a dead vendor up: its cells are not each called in vain', () => {
    assert.ok(calm.dead.requests.length <= concurrency * 5, `${calm.dead.requests.length} calls for 1,000 cells`);
  });

  it('keeps the slow answers’ own time and leaves waiting out of it', () => {
    const [first] = [result.cells.slice(0, 1000)];
    assert.ok(first![7]!.latencyMs! >= 2 * slow - 5 && first![57]!.latencyMs! >= 2 * slow - 5);
    assert.ok(first![600]!.latencyMs! < 900, `${first![600]!.latencyMs} ms, without the second it was told to wait`);
  });
});
