import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { Cell, RunResult } from '../../src/lab/types.ts';
import type { LabJob } from '../support/labWorker.ts';
import { type Fault, type ModelServer, type ServedRequest, startModelServer } from '../support/modelServer.ts';

const worker = new URL('../support/labWorker.ts', import.meta.url).pathname;
const casesFile = new URL('../fixtures/data/banking-cases-1000.csv', import.meta.url).pathname;
const rows = parse(readFileSync(casesFile), { columns: true }) as { message: string; __expected: string }[];
const caseOf = new Map(rows.map(({ message }, index) => [`Message: ${message}`, index]));
const models = ['openai:gpt-test', 'anthropic:claude-test', 'compatible:local', 'google:gemini-test'];
const concurrency = 50;
const slow = 250;
const idleTimeoutMs = 1200;

/** What goes wrong with a case, the same in any run: `calls` is how often it is asked until its end. */
type Trouble = { fault(attempt: number): Fault | undefined; calls: number; error?: string };
const once429 = (retryAfter: { [name: string]: string }): Trouble => ({
  fault: (attempt) => (attempt === 0 ? { kind: 'status', status: 429, headers: retryAfter } : undefined),
  calls: 2,
});
const soon = { 'retry-after-ms': '20' };
const troubles: [holds: (index: number) => boolean, trouble: Trouble][] = [
  [(index) => index >= 200 && index < 260, once429({ 'retry-after-ms': '150' })],
  [(index) => index === 600, once429({ 'retry-after': '1' })],
  [
    (index) => index % 41 === 5,
    {
      fault: (attempt) => (attempt < 2 ? { kind: 'status', status: 500 + attempt * 3, headers: soon } : undefined),
      calls: 3,
    },
  ],
  [
    (index) => index % 250 === 17,
    { fault: () => ({ kind: 'status', status: 503, headers: soon }), calls: 5, error: 'PROVIDER' },
  ],
  [(index) => index % 250 === 33, { fault: () => ({ kind: 'status', status: 400 }), calls: 1, error: 'PROVIDER' }],
  [(index) => index % 97 === 11, { fault: () => ({ kind: 'cut', after: 2 }), calls: 1, error: 'TRUNCATED' }],
  [(index) => index % 101 === 13, { fault: () => ({ kind: 'unfinished' }), calls: 1, error: 'TRUNCATED' }],
  [(index) => index % 103 === 19, { fault: () => ({ kind: 'garbage' }), calls: 1, error: 'TRUNCATED' }],
  [(index) => index % 333 === 100, { fault: () => ({ kind: 'stall' }), calls: 1, error: 'TIMEOUT' }],
  [(index) => index === 500, { fault: () => ({ kind: 'silent' }), calls: 1, error: 'TIMEOUT' }],
];
const fine: Trouble = { fault: () => undefined, calls: 1 };
const troubleOf = (index: number) => troubles.find(([holds]) => holds(index))?.[1] ?? fine;
const isRight = (index: number) => index % 10 !== 3;
const expectedStatus = (index: number): Cell['status'] =>
  troubleOf(index).error ? 'error' : isRight(index) ? 'pass' : 'fail';

const indexOf = ({ prompt }: ServedRequest) => caseOf.get(prompt)!;
const script = {
  fault: (request: ServedRequest) => troubleOf(indexOf(request)).fault(request.attempt),
  reply: (request: ServedRequest) => {
    const index = indexOf(request);
    const text = isRight(index) ? rows[index]!.__expected : 'no idea';
    return { text, pieces: 2, delayMs: index % 50 === 7 ? slow : 2, usage: { input: 20 + index, output: 5 } };
  },
};

type Place = {
  file: string;
  servers: ModelServer[];
  dead: ModelServer;
  env: NodeJS.ProcessEnv;
  close(): Promise<void>;
};

/** A vault with one prompt, three endpoints, and one that serves nobody. */
async function openPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'pv-faults-'));
  const servers = await Promise.all([1, 2, 3].map(() => startModelServer(script)));
  const dead = await startModelServer({
    fault: () => ({ kind: 'status', status: 503, headers: { 'retry-after-ms': '100' } }),
  });
  const [openai, anthropic, compatible] = servers.map(({ url }) => url);
  const env = {
    ...{ OPENAI_API_KEY: 'key', ANTHROPIC_API_KEY: 'key', GEMINI_API_KEY: 'key' },
    ...{ OPENAI_BASE_URL: openai, ANTHROPIC_BASE_URL: anthropic, PROMPTVAULT_COMPATIBLE_URL: compatible },
    GEMINI_BASE_URL: dead.url,
  };
  const file = join(folder, 'vault.db');
  const engine = await openEngine(file, { actor: 'T <t@example.org>', host: environmentHost(env), mode: 'create' });
  await engine.create({ path: 'banking/intent', messages: [{ role: 'user', content: 'Message: {{message}}' }] });
  await engine.close();
  return {
    ...{ file, servers, dead, env },
    async close() {
      await Promise.all([...servers, dead].map((server) => server.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Work = { child: ChildProcess; runId: string; ended: Promise<void> };

async function work({ file, env }: Place, job: { start: true } | { resume: string }): Promise<Work> {
  const request = { refs: ['banking/intent'], models, casesFile, concurrency, idleTimeoutMs };
  const told: LabJob = { file, ...('start' in job ? { start: request } : job) };
  const child = spawn(process.execPath, [worker, JSON.stringify(told)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const runId = String((await lines.next()).value);
  const ended = (async () => {
    assert.equal((await lines.next()).value, 'ended');
    await once(child, 'exit');
  })();
  return { child, runId, ended };
}

async function read({ file, env }: Place, runId: string): Promise<RunResult> {
  const engine = await openEngine(file, { actor: 'R <r@example.org>', host: environmentHost(env), mode: 'read' });
  const result = await engine.showRun({ runId });
  await engine.close();
  return result;
}

/** Waits until so many cells of the only run are in the vault. */
async function untilStored({ file, env }: Place, wanted: number): Promise<void> {
  const engine = await openEngine(file, { actor: 'R <r@example.org>', host: environmentHost(env), mode: 'read' });
  for (let stored = 0; stored < wanted; await sleep(50)) {
    const [run] = await engine.listRuns({});
    assert.equal(run?.status, 'running', `it ended with ${stored} cells`);
    stored = run.passed + run.failed + run.errors;
  }
  await engine.close();
}

/** All of a run that must not depend on how often it was interrupted. */
function tableOf({ run, summary, cells, regressions }: RunResult) {
  const { status, passed, failed, errors, costUsd } = run;
  return {
    ...{ status, passed, failed, errors, costUsd, regressions },
    summary: summary.map(({ latencyMs: _, ...column }) => column),
    cells: cells.map(({ latencyMs: _, firstTokenMs: __, error, ...cell }) => ({ ...cell, error: error?.code })),
  };
}

/** How often each case was asked, per server. */
const callsOf = ({ requests }: ModelServer): number[] => {
  const calls = new Array<number>(rows.length).fill(0);
  for (const request of requests) calls[indexOf(request)]! += 1;
  return calls;
};

describe('a thousand cases with three faulty endpoints and a dead one', function () {
  this.timeout(60_000);
  let calm: Place;
  let result: RunResult;
  before(async () => {
    calm = await openPlace();
    const { runId, ended } = await work(calm, { start: true });
    await ended;
    result = await read(calm, runId);
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

  it('gives the same table when its engine is killed midway and another goes on', async () => {
    const shaken = await openPlace();
    try {
      const { child, runId } = await work(shaken, { start: true });
      await untilStored(shaken, 2200);
      child.kill('SIGKILL');
      await once(child, 'exit');

      const half = await read(shaken, runId);
      assert.deepEqual([half.run.status, half.run.resumable], ['interrupted', true]);
      assert.notDeepEqual(tableOf(half), tableOf(result));
      const before = shaken.servers.map(callsOf);
      const { ended } = await work(shaken, { resume: runId });
      await ended;
      const whole = await read(shaken, runId);
      assert.deepEqual(tableOf(whole), tableOf(result));

      let asked = 0;
      for (const [column, server] of shaken.servers.entries()) {
        for (const [index, calls] of callsOf(server).entries()) {
          const more = calls - before[column]![index]!;
          const stored = half.cells[column * 1000 + index]!.status !== 'cancelled';
          if (stored) assert.equal(more, 0, `${models[column]} was asked again about case ${index}`);
          else asked += more;
        }
      }
      assert.ok(asked > 500);
    } finally {
      await shaken.close();
    }
  });
});
