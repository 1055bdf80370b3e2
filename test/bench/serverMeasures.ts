import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliEnvironment, cliModule, jsonOf } from '../support/cliProcess.ts';
import { randomFrom } from './corpus.ts';
import type { LoadRequest, LoadResult } from './httpLoad.ts';
import { makePrompt } from './makePrompt.ts';
import { type Goal, type Measure, timesOf } from './timing.ts';

const rounds = 3;
const roundMs = 2000;
const here = (file: string) => join(import.meta.dirname, file);
const atLeast = (text: string, actual: number, limit: number): Goal => ({
  text: `${text} ≥ ${limit}`,
  actual,
  met: actual >= limit,
});

type Served = { port: number; headers: { [name: string]: string }; child: ChildProcess };
type Found = { [name in 'ours' | 'raw']: { ms: number[]; cpuMs: number[] } };
type Load = Omit<LoadRequest, 'port' | 'headers'> & { headers?: { [name: string]: string } };

/** What the name of the measure says of a vault that grows: it must stay as quick. */
export const hotGetName =
  'GET over HTTP, 50 connections, any of 1,000 prompts (raw: node:http with the same statement)';

/** `promptvault serve` beside a bare node:http server, both in processes of their own, asked in turn by a third. */
export async function serverMeasures(file: string, size: number): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const env = { PROMPTVAULT_TOKENS: join(folder, 'tokens.json') };
  const { token } = await jsonOf<{ token: string }>(['token', 'create', 'bench', '--vault', file], { env });
  const serve = ['serve', '--vault', file, '--port', '0', '--json', '--log', devNull, '--rate', '1000000'];
  const authorization = { authorization: `Bearer ${token}` };
  const ours = await started([cliModule, ...serve], env, authorization);
  const bare = await started([here('bareHttp.ts'), file], env, {});
  const asker = fork(here('httpLoad.ts'));
  const ask = async ({ port, headers }: Served, load: Load): Promise<LoadResult> => {
    asker.send({ ...load, port, headers: { ...headers, ...load.headers } } satisfies LoadRequest);
    const [result] = (await once(asker, 'message')) as [LoadResult];
    return result;
  };
  /** Each server in turn first. */
  async function sideBySide(load: Load, status: number, times = rounds): Promise<Found> {
    const found = nothingYet();
    for (let round = 0; round < times; round += 1) {
      const both = [['ours', ours] as const, ['raw', bare] as const];
      for (const [name, server] of round % 2 ? both.reverse() : both) {
        const before = cpuMs(server.child.pid!);
        const { ms, answers, statuses, failed } = await ask(server, load);
        if (failed > 0 || statuses[status] !== answers) {
          throw new Error(`${name}: ${JSON.stringify({ statuses, failed })}`);
        }
        found[name].ms.push(ms / answers);
        found[name].cpuMs.push((cpuMs(server.child.pid!) - before) / answers);
      }
    }
    return found;
  }
  const measured = (what: string, found: Found, least: number): Measure => {
    const [own, raw] = [timesOf(found.ours.ms), timesOf(found.raw.ms)];
    const cpu = [found.ours, found.raw].map((one) => Math.round(1000 * timesOf(one.cpuMs).medianMs));
    const note = `${Math.round(1000 / own.medianMs)} requests/s beside ${Math.round(1000 / raw.medianMs)}; ${cpu.join(' µs of processor time each beside ')}`;
    const goals = [atLeast('requests/s ÷ raw', raw.medianMs / own.medianMs, least)];
    return { what, size, ours: own, raw, ratio: own.medianMs / raw.medianMs, goals, note };
  };
  try {
    const targets = releasedPaths(size, 1000).map((path) => `/v1/get/${path}`);
    const one = targets.slice(0, 1);
    const etag = await tagOf(ours, one[0]!);
    // Until the code of both is compiled, however busy the machine is.
    const often = Array.from({ length: 40 }, () => targets).flat();
    for (const server of [ours, bare]) await ask(server, { connections: 10, targets: often });
    const measures: Measure[] = [];
    for (const connections of [10, 50]) {
      const what = hotGetName.replace('50', String(connections));
      measures.push(measured(what, await sideBySide({ connections, targets, ms: roundMs }, 200), 0.8));
      const known = { connections, targets: one, ms: roundMs, headers: { 'if-none-match': etag } };
      measures.push(measured(`304 over HTTP, ${connections} connections`, await sideBySide(known, 304), 0.9));
    }
    const everyOne = releasedPaths(size, 30_000).map((path) => `/v1/get/${path}`);
    if (everyOne.length > 5000) {
      const what = 'GET over HTTP, 50 connections, each time another prompt, so none is kept';
      // Whoever comes first would pay for reading the file.
      await ask(bare, { connections: 50, targets: everyOne });
      const { goals: _none, ...first } = measured(
        what,
        await sideBySide({ connections: 50, targets: everyOne }, 200, 1),
        0,
      );
      measures.push(first);
    }
    measures.push(await thousandConnections((load) => ask(ours, load), size, targets));
    return measures;
  } finally {
    asker.kill();
    for (const { child } of [ours, bare]) {
      child.kill();
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function thousandConnections(
  ask: (load: Load) => Promise<LoadResult>,
  size: number,
  targets: string[],
): Promise<Measure> {
  const { ms, answers, statuses, failed, p99Ms } = await ask({ connections: 1000, targets, ms: roundMs });
  const bad = failed + answers - (statuses[200] ?? 0);
  return {
    what: 'GET over HTTP, 1,000 connections',
    size,
    ours: timesOf([ms / answers]),
    goals: [{ text: 'errors = 0', actual: bad, met: bad === 0 }],
    note: `${Math.round((answers / ms) * 1000)} requests/s, p99 ${Math.round(p99Ms)} ms`,
  };
}

const nothingYet = (): Found => ({ ours: { ms: [], cpuMs: [] }, raw: { ms: [], cpuMs: [] } });

/** Processor time of a process until now; NaN where the system does not say it in /proc. A busy machine changes it little. */
function cpuMs(pid: number): number {
  try {
    const [user = Number.NaN, system = Number.NaN] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return 10 * (user + system);
  } catch {
    return Number.NaN;
  }
}

/** A server that prints its address as JSON when it is ready. */
async function started(args: string[], env: NodeJS.ProcessEnv, headers: Served['headers']): Promise<Served> {
  const child = spawn(process.execPath, args, { env: cliEnvironment(env), stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string];
  return { port: Number(new URL((JSON.parse(line) as { url: string }).url).port), headers, child };
}

async function tagOf({ port, headers }: Served, target: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
    headers: { ...headers, 'accept-encoding': 'identity' },
  });
  await answer.arrayBuffer();
  return answer.headers.get('etag')!;
}

/** Up to so many different prompts that are in production. */
function releasedPaths(size: number, count: number): string[] {
  const random = randomFrom(size + 7);
  const paths = new Set<string>();
  for (let tries = 0; tries < 3 * count && paths.size < count; tries += 1) {
    const { path, versions } = makePrompt(Math.floor(random() * size), size);
    if (versions.some(({ stage }) => stage === 'PRD')) paths.add(path);
  }
  return [...paths];
}
