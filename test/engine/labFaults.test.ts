import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RunRequest, RunResult } from '../../src/lab/types.ts';
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
  untilStored,
} from '../support/faultyEndpoints.ts';
import type { LabJob } from '../support/labWorker.ts';

const worker = new URL('../support/labWorker.ts', import.meta.url).pathname;
const idleTimeoutMs = 1200;

const everything = { refs: ['banking/intent'], models, casesFile, concurrency, idleTimeoutMs };

/** A run in a process of its own; answers its id once it has begun. */
async function begin({ file, env }: Place, what: { start: RunRequest } | { resume: string }) {
  const job: LabJob = { file, ...what };
  const child = spawn(process.execPath, [worker, JSON.stringify(job)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const runId = String((await lines.next()).value);
  const ended = async () => {
    assert.equal((await lines.next()).value, 'ended');
    await once(child, 'exit');
    return runId;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { runId, ended, kill };
}

describe('a thousand cases with three faulty endpoints and a dead one', function () {
  this.timeout(60_000);
  let calm: Place;
  let result: RunResult;
  before(async () => {
    calm = await openPlace({ stalls: true });
    result = await read(calm, await (await begin(calm, { start: everything })).ended());
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

describe('a run that is killed while calls hang', function () {
  this.timeout(60_000);
  /** Three of them stop after some words, and one never says any. */
  const hanging = [100, 433, 500, 766];
  const fine = Array.from({ length: 20 }, (_, at) => 110 + at).filter((index) => !troubleOf(index).error);
  const indexes = [...hanging, ...fine];
  let place: Place;
  before(async () => {
    place = await openPlace({ stalls: true });
  });
  after(() => place.close());

  it('ends as it would have when it is resumed, and asks only for what hung', async () => {
    const cases = indexes.map((index, at) => ({
      ...{ id: String(at + 1), name: `row ${index}`, variables: { message: rows[index]!.message } },
      checks: [{ type: 'equals' as const, value: rows[index]!.__expected }],
    }));
    const start = { refs: ['banking/intent'], models: [models[0]!], cases, concurrency, idleTimeoutMs: 1800 };
    const first = await begin(place, { start });
    await untilStored(place, fine.length);
    await first.kill();
    const [server] = place.servers;
    const asked = () => indexes.map((index) => callsOf(server!)[index]);
    assert.deepEqual(asked().slice(0, hanging.length), [1, 1, 1, 1]);

    const resumed = await begin(place, { resume: first.runId });
    assert.equal(await resumed.ended(), first.runId);
    assert.deepEqual(asked(), [2, 2, 2, 2, ...fine.map((index) => troubleOf(index).calls)]);
    const { run, cells } = await read(place, first.runId);
    assert.deepEqual(
      cells.map(({ status, error }) => [status, error?.code]),
      indexes.map((index) => [expectedStatus(index), troubleOf(index).error]),
    );
    assert.deepEqual([run.status, run.errors, run.resumable], ['done', hanging.length, false]);
  });
});
