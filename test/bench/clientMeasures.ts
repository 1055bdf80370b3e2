import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { createClient } from '../../src/publish/client/client.ts';
import { cliEnvironment, cliModule, jsonOf } from '../support/cliProcess.ts';
import { installTool } from '../support/npmTool.ts';
import { randomFrom } from './corpus.ts';
import { makePrompt } from './makePrompt.ts';
import { atMost, type Measure, timesOf } from './timing.ts';

/** What must not grow with the vault. */
export const coldGetName = 'cold get of the client from promptvault serve (raw: bare GET, node:http keep-alive)';
const peerVersion = '5.11.1';
const peerPrompts = 6000;
const built = pathToFileURL(join(import.meta.dirname, '../../dist/client.mjs')).href;

type Peer = { get(name: string, options?: object): Promise<{ compile(values: object): unknown }> };
type Task = () => Promise<unknown>;

/** What is built and shipped, not the sources. */
async function ourClient(url: string, token = 'none') {
  const { createClient: create } = (await import(built)) as { createClient: typeof createClient };
  return create({ source: { url, token } });
}

/** Langfuse's client for JavaScript, which is no dependency of ours: fetched once. */
async function langfuse(baseUrl: string): Promise<Peer> {
  const folder = await installTool({ name: 'langfuse', packages: [`@langfuse/client@${peerVersion}`], revision: 1 });
  const entry = pathToFileURL(join(folder, 'node_modules/@langfuse/client/dist/index.mjs')).href;
  const { LangfuseClient } = (await import(entry)) as { LangfuseClient: new (options: object) => { prompt: Peer } };
  return new LangfuseClient({ publicKey: 'pk', secretKey: 'sk', baseUrl }).prompt;
}

const released = (size: number, count: number, seed: number): string[] => {
  const random = randomFrom(size + seed);
  const paths = new Set<string>();
  while (paths.size < Math.min(count, Math.floor(size * 0.7))) {
    const { path, versions } = makePrompt(Math.floor(random() * size), size);
    if (versions.some(({ stage }) => stage === 'PRD')) paths.add(path);
  }
  return [...paths];
};

async function startServer(args: string[], env: NodeJS.ProcessEnv): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, args, { env: cliEnvironment(env), stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { url: (JSON.parse(String(line)) as { url: string }).url, child };
}

const agent = new Agent({ keepAlive: true });
function bareGet(url: string, headers: { [name: string]: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(String(Buffer.concat(chunks))));
    }).on('error', reject);
  });
}

/**
 * Milliseconds of each task, one after the other. Rounds go forwards and backwards and begin with each, so that every task comes
 * after every other equally often: who follows one that runs the same code of Node finds it warm.
 */
async function inTurn(tasks: readonly Task[], times: number[][], round: number): Promise<void> {
  const count = tasks.length;
  const step = Math.floor(round / count) % 2 === 0 ? 1 : -1;
  for (let i = 0; i < count; i += 1) {
    const at = (round + step * i + count * count) % count;
    const begun = performance.now();
    await tasks[at]!();
    times[at]!.push(performance.now() - begun);
  }
}

/** `tasksOf` gives the tasks of a round; the first rounds warm up. */
async function compared(rounds: number, tasksOf: (round: number) => Task[]): Promise<number[][]> {
  const warmUp = Math.ceil(rounds / 10);
  let times: number[][] = [];
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const tasks = tasksOf(round);
    if (round === 0 || round === warmUp) times = tasks.map(() => []);
    await inTurn(tasks, times, round);
  }
  return times;
}

const repeat = (count: number, task: Task): Task => {
  return async () => {
    for (let i = 0; i < count; i += 1) await task();
  };
};

/** Our client beside Langfuse's and beside bare HTTP, all from one server that holds its answers in memory. */
export async function clientMeasures(): Promise<Measure[]> {
  const { url, child } = await startServer([join(import.meta.dirname, 'clientPeer.ts'), String(peerPrompts)], {});
  try {
    const [ours, theirs] = [await ourClient(url), await langfuse(url)];
    const paths = released(peerPrompts, 3300, 1);
    const chat = { type: 'chat' };
    const values = { input: 'The mail of a customer, as long as such a mail is.' };
    const path = paths[0]!;
    await Promise.all([ours.get(path), theirs.get(path, chat)]);
    const cached = await compared(100, () => [
      repeat(1000, () => ours.get(path)),
      repeat(1000, () => theirs.get(path, chat)),
    ]);
    const rendered = await compared(50, () => [
      repeat(1000, () => ours.get(path, { variables: values })),
      repeat(1000, async () => (await theirs.get(path, chat)).compile(values)),
    ]);
    const cold = await compared(900, (round) => {
      const [one, two, three] = paths.slice(1 + round * 3);
      return [() => ours.get(one!), () => bareGet(`${url}/v1/get/${two}`), () => theirs.get(three!, chat)];
    });
    const stampede = await stampedes(url, paths.slice(-30));
    return [
      measured('1,000 cached gets of the client (raw: Langfuse’s client for JavaScript)', cached, 1),
      measured('1,000 cached gets, rendered (raw: Langfuse’s get and compile)', rendered),
      measured('cold get of the client (raw: bare GET, node:http keep-alive)', cold, 1.3, (ratio) => {
        return `Langfuse’s client: ${ratio(2, 1)} × bare; ours ${ratio(0, 2)} × Langfuse’s`;
      }),
      {
        ...measured('1,000 gets of one cold prompt at once (raw: Langfuse’s client)', stampede.times),
        note: stampede.note,
      },
    ];
  } finally {
    child.kill();
  }
}

async function stampedes(url: string, paths: string[]) {
  const [ours, theirs] = [await ourClient(url), await langfuse(url)];
  const at1000 =
    (task: Task): Task =>
    () =>
      Promise.all(Array.from({ length: 1000 }, task));
  await bareGet(`${url}/asked`);
  const times = await compared(10, (round) => [
    at1000(() => ours.get(paths[2 * round]!)),
    at1000(() => theirs.get(paths[2 * round + 1]!, { type: 'chat' })),
  ]);
  const asked = JSON.parse(await bareGet(`${url}/asked`)) as { ours: number; langfuse: number };
  const rounds = 11;
  const requests = [asked.ours, asked.langfuse].map((count) => count / rounds);
  return { times, note: `requests for each 1,000: ours ${requests[0]}, Langfuse’s ${requests[1]}` };
}

function measured(
  what: string,
  samples: number[][],
  limit?: number,
  note?: (ratio: (one: number, other: number) => string) => string,
): Measure {
  const [ours, raw] = samples.map(timesOf);
  const median = (index: number) => timesOf(samples[index]!).medianMs;
  const ratio = ours!.medianMs / raw!.medianMs;
  const goals = limit === undefined ? [] : [atMost('ours / raw', ratio, limit)];
  const told = note?.((one, other) => (median(one) / median(other)).toFixed(2));
  return { what, size: null, ours: ours!, raw: raw!, ratio, goals, ...(told ? { note: told } : {}) };
}

/** The client of a real server over a vault of this size. No prompt is asked for twice. */
export async function clientOfVaultMeasures(file: string, size: number): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const env = { PROMPTVAULT_TOKENS: join(folder, 'tokens.json') };
  const { token } = await jsonOf<{ token: string }>(['token', 'create', 'bench', '--vault', file], { env });
  const words = ['serve', '--vault', file, '--port', '0', '--json', '--log', devNull, '--rate', '1000000'];
  const { url, child } = await startServer([cliModule, ...words], env);
  try {
    const client = await ourClient(url, token);
    const paths = released(size, 2000, 7);
    const rounds = Math.floor(paths.length / 2.5);
    const times = await compared(rounds, (round) => [
      () => client.get(paths[2 * round]!),
      () => bareGet(`${url}/v1/get/${paths[2 * round + 1]}`, { authorization: `Bearer ${token}` }),
    ]);
    const cold: Measure = { ...measured(coldGetName, times), size };
    const cached = await compared(60, (round) => [
      repeat(1000, () => client.get(paths[2 * (round % rounds)]!)),
      repeat(1000, () => Promise.resolve()),
    ]);
    const what = '1,000 cached gets of the client that holds hundreds of them (raw: 1,000 awaits)';
    return [cold, { ...measured(what, cached), size }];
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
}
