import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RunResult } from '../../src/lab/types.ts';
import { finished, startCli } from '../support/cliProcess.ts';
import {
  askedAgain,
  callsOf,
  casesFile,
  concurrency,
  models,
  openPlace,
  type Place,
  read,
  tableOf,
  untilStored,
} from '../support/faultyEndpoints.ts';
import { until } from '../support/until.ts';

const start = ({ file, env }: Place, ...args: string[]): ChildProcess =>
  startCli([...args, '--vault', file, '--json'], { env });
const test = (place: Place, ...more: string[]): ChildProcess =>
  start(
    place,
    ...['test', 'banking/intent', '--cases', casesFile, '--concurrency', String(concurrency)],
    ...models.flatMap((model) => ['--model', model]),
    ...more,
  );

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function resultOf(child: ChildProcess): Promise<RunResult> {
  const { exit, stdout, stderr } = await finished(child);
  assert.equal(exit, 100, stderr);
  return JSON.parse(stdout) as RunResult;
}

describe('promptvault test on a thousand cases with faulty endpoints', function () {
  this.timeout(60_000);
  let shaken: Place;
  let undisturbed: RunResult;
  let half: RunResult;
  let before: number[][];
  const places: Place[] = [];
  const open = async () => {
    const place = await openPlace({ stalls: false });
    places.push(place);
    return place;
  };
  after(() => Promise.all(places.map((place) => place.close())));

  it('is killed midway and leaves half a table', async () => {
    undisturbed = await resultOf(test(await open()));
    assert.deepEqual([undisturbed.run.status, undisturbed.cells.length], ['done', 4000]);
    shaken = await open();
    const child = test(shaken);
    await untilBegun(shaken);
    await untilStored(shaken, 2200);
    await kill(child);
    const [run] = await runsOf(shaken);
    half = await read(shaken, run?.id ?? '');
    before = shaken.servers.map(callsOf);
    assert.deepEqual([half.run.status, half.run.resumable], ['interrupted', true]);
    assert.notDeepEqual(tableOf(half), tableOf(undisturbed));
  });

  it('gives the undisturbed table when another process resumes it, and asks for nothing twice', async () => {
    const whole = await resultOf(start(shaken, 'run', half.run.id, 'resume'));
    assert.deepEqual(tableOf(whole), tableOf(undisturbed));
    assert.deepEqual(askedAgain(half, before, shaken), []);
    assert.ok(shaken.servers.some((server, column) => callsOf(server).some((n, i) => n > before[column]![i]!)));
  });

  it('would be seen asking twice: a run from the start without the store does', async () => {
    const child = test(shaken, '--no-cache');
    await until(() => askedAgain(half, before, shaken).length > 0);
    await kill(child);
  });
});

const runsOf = async (place: Place) =>
  JSON.parse((await finished(start(place, 'runs'))).stdout).runs as { id: string }[];

/** The process has yet to load when it is asked about. */
async function untilBegun({ servers }: Place): Promise<void> {
  await until(() => servers.some(({ requests }) => requests.length > 0));
}
