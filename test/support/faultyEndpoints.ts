import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { Cell, RunResult } from '../../src/lab/types.ts';
import { type Fault, type ModelServer, type ServedRequest, startModelServer } from './modelServer.ts';

export const casesFile = new URL('../fixtures/data/banking-cases-1000.csv', import.meta.url).pathname;
export const rows = parse(readFileSync(casesFile), { columns: true }) as { message: string; __expected: string }[];
const caseOf = new Map(rows.map(({ message }, index) => [`Message: ${message}`, index]));
export const models = ['openai:gpt-test', 'anthropic:claude-test', 'compatible:local', 'google:gemini-test'];
export const concurrency = 50;
export const slow = 250;

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
export const troubleOf = (index: number) => troubles.find(([holds]) => holds(index))?.[1] ?? fine;
const isRight = (index: number) => index % 10 !== 3;
export const expectedStatus = (index: number): Cell['status'] =>
  troubleOf(index).error ? 'error' : isRight(index) ? 'pass' : 'fail';

const indexOf = ({ prompt }: ServedRequest) => caseOf.get(prompt)!;
const scriptOf = (stalls: boolean) => ({
  fault: (request: ServedRequest) => {
    const fault = troubleOf(indexOf(request)).fault(request.attempt);
    const endless = fault?.kind === 'stall' || fault?.kind === 'silent';
    return endless && !stalls ? undefined : fault;
  },
  reply: (request: ServedRequest) => {
    const index = indexOf(request);
    const text = isRight(index) ? rows[index]!.__expected : 'no idea';
    return { text, pieces: 2, delayMs: index % 50 === 7 ? slow : 2, usage: { input: 20 + index, output: 5 } };
  },
});

export type Place = {
  file: string;
  servers: ModelServer[];
  dead: ModelServer;
  env: NodeJS.ProcessEnv;
  close(): Promise<void>;
};

/** A vault with one prompt, three endpoints, and one that serves nobody. Without `stalls` no answer has to be waited out. */
export async function openPlace({ stalls }: { stalls: boolean }): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'pv-faults-'));
  const servers = await Promise.all([1, 2, 3].map(() => startModelServer(scriptOf(stalls))));
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

export async function read({ file, env }: Place, runId: string): Promise<RunResult> {
  const engine = await openEngine(file, { actor: 'R <r@example.org>', host: environmentHost(env), mode: 'read' });
  const result = await engine.showRun({ runId });
  await engine.close();
  return result;
}

/** Waits until so many cells of the only run are in the vault. */
export async function untilStored({ file, env }: Place, wanted: number): Promise<void> {
  const engine = await openEngine(file, { actor: 'R <r@example.org>', host: environmentHost(env), mode: 'read' });
  for (let stored = 0; stored < wanted; await sleep(50)) {
    const [run] = await engine.listRuns({});
    assert.equal(run?.status, 'running', `it ended with ${stored} cells`);
    stored = run.passed + run.failed + run.errors;
  }
  await engine.close();
}

/** All of a run that must not depend on how often it was interrupted. */
export function tableOf({ run, summary, cells, regressions }: RunResult) {
  const { status, passed, failed, errors, costUsd } = run;
  return {
    ...{ status, passed, failed, errors, costUsd, regressions },
    summary: summary.map(({ latencyMs: _, ...column }) => column),
    cells: cells.map(({ latencyMs: _, firstTokenMs: __, error, ...cell }) => ({ ...cell, error: error?.code })),
  };
}

/** How often each case was asked, per server. */
export const callsOf = ({ requests }: ModelServer): number[] => {
  const calls = new Array<number>(rows.length).fill(0);
  for (const request of requests) calls[indexOf(request)]! += 1;
  return calls;
};

/** Which cells that were stored in `half` have been asked again since `before`, as `model: case`. */
export function askedAgain(half: RunResult, before: readonly number[][], { servers }: Place): string[] {
  return servers.flatMap((server, column) =>
    callsOf(server).flatMap((calls, index) => {
      const stored = half.cells[column * rows.length + index]!.status !== 'cancelled';
      return stored && calls > before[column]![index]! ? [`${models[column]}: ${index}`] : [];
    }),
  );
}
