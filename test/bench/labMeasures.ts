import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CliFound, hasPeer, measureCli, type ProcessSample, peerFolder, peerVersion } from './labCli.ts';
import type { LabSample, LabSide, LabTask } from './labProbe.ts';
import { atMost, type Goal, type Measure, timesOf } from './timing.ts';

type Row = { cells: number; latencyMs: number; concurrency: number; rounds: number; idealLimit?: number };

const rows: readonly Row[] = [
  { cells: 60, latencyMs: 200, concurrency: 60, rounds: 30, idealLimit: 1.15 },
  { cells: 3000, latencyMs: 200, concurrency: 60, rounds: 2, idealLimit: 1.05 },
  { cells: 3000, latencyMs: 200, concurrency: 500, rounds: 8, idealLimit: 1.3 },
  { cells: 3000, latencyMs: 0, concurrency: 60, rounds: 6 },
];
/** promptfoo's at 3,000 results; measured again beside ours where it is installed. */
const peerBytes = 6.5 * 1024;

/**
 * The lab's runs beside a bare fetch loop that asks the same, and our command beside promptfoo's. Both over the same cases,
 * against a model server in a process of its own.
 */
export async function labMeasures(log: (line: string) => void): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const row of rows) {
    measures.push(inProcess(row, await withEndpoint(row.latencyMs, (url) => inTurn(row, url))));
    log(`  ${nameOf(row)}`);
  }
  if (!hasPeer()) log(`  promptfoo is not there: npm install --prefix ${peerFolder} promptfoo@${peerVersion}`);
  const commands = [
    { cells: 60, latencyMs: 200, rounds: 5, limits: { wall: 0.25, cpu: 0.15, memory: 0.4 } },
    { cells: 3000, latencyMs: 0, rounds: 2, limits: { wall: 0.12 } },
    { cells: 3000, latencyMs: 200, rounds: 1, limits: {} },
  ];
  for (const row of commands) {
    const found = await withEndpoint(row.latencyMs, (url) => measureCli({ ...row, url }));
    measures.push(wholeProcess(row, found));
    log(`  command, ${row.cells} cells at ${row.latencyMs} ms`);
  }
  return measures;
}

const nameOf = ({ cells, latencyMs, concurrency }: Row) =>
  `${cells} cells, endpoint of ${latencyMs} ms, ${concurrency} calls at once`;
const timesBy = <T>(samples: readonly T[], by: (sample: T) => number) => timesOf(samples.map(by));
const median = <T>(samples: readonly T[], by: (sample: T) => number) => timesBy(samples, by).medianMs;

type Samples = Record<LabSide, LabSample[]>;

function inProcess(row: Row, { lab, bare }: Samples): Measure {
  const [warm, warmBare] = [lab.slice(1), bare.slice(1)];
  const wall = ({ wallMs }: LabSample) => wallMs;
  const [ours, raw] = [timesBy(warm, wall), timesBy(warmBare, wall)];
  const ratio = ours.medianMs / raw.medianMs;
  // The last run's part: tables and indexes are there by then.
  const bytesPerResult = (lab.at(-1)?.bytes ?? Number.NaN) / row.cells;
  const idealMs = Math.ceil(row.cells / row.concurrency) * row.latencyMs;
  const ofIdeal = (ms: number) => (ms / idealMs).toFixed(3);
  const stall = ({ loopP99Ms }: LabSample) => loopP99Ms;
  const cpu = ({ cpuMs }: LabSample) => cpuMs;
  const goals: Goal[] = [
    ...(row.idealLimit ? [atMost('× ideal', ours.medianMs / idealMs, row.idealLimit)] : []),
    ...(row.latencyMs === 0 ? [atMost('× bare fetch loop', ratio, 2)] : []),
    ...(row.latencyMs > 0 && row.concurrency === 60 ? [atMost('event loop p99 ms', median(warm, stall), 10)] : []),
    ...(row.cells > 60 ? [atMost("stored bytes / promptfoo's", bytesPerResult / peerBytes, 0.2)] : []),
  ];
  const told = [
    ...(idealMs > 0
      ? [`ideal ${idealMs} ms; bare × ideal ${ofIdeal(raw.medianMs)}, cold ours ${ofIdeal(lab[0]?.wallMs ?? 0)}`]
      : []),
    `event loop p99 ${median(warm, stall).toFixed(1)} ms, bare ${median(warmBare, stall).toFixed(1)}, max ${median(warm, ({ loopMaxMs }) => loopMaxMs).toFixed(0)}`,
    `CPU ${median(warm, cpu).toFixed(0)} ms, bare ${median(warmBare, cpu).toFixed(0)}`,
    `${bytesPerResult.toFixed(0)} bytes stored per result`,
  ];
  const cold = { ours: timesBy(lab.slice(0, 1), wall), raw: timesBy(bare.slice(0, 1), wall) };
  const what = `run of ${nameOf(row)}, stored (raw: a bare fetch loop)`;
  return { what, size: null, ours, raw, ratio, cold, goals, note: told.join('; ') };
}

type CommandRow = { cells: number; latencyMs: number; limits: { wall?: number; cpu?: number; memory?: number } };
type Found = { ours: CliFound; peer: CliFound | null };

function wholeProcess({ cells, latencyMs, limits }: CommandRow, { ours, peer }: Found): Measure {
  const wall = ({ wallMs }: ProcessSample) => wallMs;
  const cpu = ({ cpuMs }: ProcessSample) => cpuMs;
  const memory = ({ peakMb }: ProcessSample) => peakMb;
  const ratioOf = (by: (sample: ProcessSample) => number) =>
    peer ? median(ours.samples, by) / median(peer.samples, by) : Number.NaN;
  const goal = (text: string, by: (sample: ProcessSample) => number, limit?: number) =>
    peer && limit !== undefined ? [atMost(text, ratioOf(by), limit)] : [];
  const bytes = peer && cells > 60 ? [atMost('stored bytes', ours.bytes / peer.bytes, 0.2)] : [];
  const side = (name: string, { samples, bytes: stored }: CliFound) =>
    `${name}: CPU ${median(samples, cpu).toFixed(0)} ms, ${median(samples, memory).toFixed(0)} MB, ${(stored / cells).toFixed(0)} bytes per result`;
  return {
    what: `command as a whole process, ${cells} cells, endpoint of ${latencyMs} ms, 60 calls at once (raw: promptfoo ${peerVersion})`,
    size: null,
    ours: timesBy(ours.samples, wall),
    ...(peer ? { raw: timesBy(peer.samples, wall), ratio: ratioOf(wall) } : {}),
    goals: [
      ...goal("wall × promptfoo's", wall, limits.wall),
      ...goal("CPU × promptfoo's", cpu, limits.cpu),
      ...goal("memory × promptfoo's", memory, limits.memory),
      ...bytes,
    ],
    note: [side('ours', ours), ...(peer ? [side('promptfoo', peer)] : [])].join('; '),
  };
}

/** A model server that answers after so long, for as long as `work` goes on. */
async function withEndpoint<T>(latencyMs: number, work: (url: string) => T | Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'labEndpoint.ts'), String(latencyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    return await work(String(line).trim());
  } finally {
    server.kill();
  }
}

/** Rounds of both sides in turn, the one and the other first; the first round of each is its cold one. */
async function inTurn(row: Row, url: string): Promise<Samples> {
  const { rounds, cells, concurrency } = row;
  const sides = {
    lab: startProbe({ side: 'lab', url, cells, concurrency }),
    bare: startProbe({ side: 'bare', url, cells, concurrency }),
  };
  const found: Samples = { lab: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 ? (['lab', 'bare'] as const) : (['bare', 'lab'] as const)) {
      found[side].push(await sides[side].round());
    }
  }
  await Promise.all([sides.lab.end(), sides.bare.end()]);
  const wrong = found.lab.flatMap((sample) => sample.wrong);
  if (wrong.length > 0) throw new Error(`A measured run went wrong: ${wrong.join('; ')}`);
  return found;
}

function startProbe(task: LabTask) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'labProbe.ts'), JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async round(): Promise<LabSample> {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`The measured process of the ${task.side} ended with ${(await exited)[0]}`);
      return JSON.parse(value) as LabSample;
    },
    async end(): Promise<void> {
      child.stdin.end();
      const [code] = await exited;
      if (code !== 0) throw new Error(`The measured process of the ${task.side} ended with ${code}`);
    },
  };
}
