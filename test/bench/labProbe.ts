import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { reachModels } from '../../src/engine/reachModels.ts';
import { createLab } from '../../src/lab/lab.ts';
import { openVault } from '../../src/vault/vault.ts';

/** What a probe is told at its start; then each line it reads is a round, told of by a line of JSON, and the end ends it. */
export type LabTask = { side: LabSide; url: string; cells: number; concurrency: number };
/** Runs of the lab, or a bare loop that asks the same: each in a process of its own, so that neither cleans up after the other. */
export type LabSide = 'lab' | 'bare';
/** `bytes` is what the vault's file grew by, `wrong` what must not be. */
export type LabSample = {
  wallMs: number;
  cpuMs: number;
  loopP99Ms: number;
  loopMaxMs: number;
  bytes: number;
  wrong: string[];
};
type Timed = Omit<LabSample, 'bytes' | 'wrong'>;
type Side = { round(): Promise<LabSample>; end(): Promise<void> };

const columns = 3;
const text = 'Sort this mail of our customer {{name}} into one of our topics: {{mail}}';
const mailOf = (row: number) => `Mail ${row}: my card was charged twice for the same order, please look into it.`;

async function measure(work: () => Promise<unknown>): Promise<Timed> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    loopP99Ms: loop.percentile(99) / 1e6,
    loopMaxMs: loop.max / 1e6,
  };
}

/** The least a program can do: the same questions, so many at once, each answer read to its end. */
async function bareLoop({ url, cells, concurrency }: LabTask): Promise<void> {
  let next = 0;
  const line = async () => {
    for (let index = next++; index < cells; index = next++) {
      const row = Math.floor(index / columns);
      const content = text.replace('{{name}}', `Name ${row}`).replace('{{mail}}', mailOf(row));
      const body = { model: `m${index % columns}`, messages: [{ role: 'user', content }], stream: true };
      const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
      const response = await fetch(`${url}/v1/chat/completions`, {
        ...{ method: 'POST', headers, body: JSON.stringify(body) },
      });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, line));
}

function bareSide(task: LabTask): Side {
  return {
    round: async () => ({ ...(await measure(() => bareLoop(task))), bytes: 0, wrong: [] }),
    end: async () => {},
  };
}

function labSide({ url, cells, concurrency }: LabTask): Side {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  const file = join(folder, 'vault.db');
  const vault = openVault(file, { actor: 'bench', mode: 'create' });
  const host = { connection: async () => ({ apiKey: 'k', baseUrl: url }), prices: async () => ({}) };
  const lab = createLab({ vault, models: reachModels(host) });
  // Somebody listens, as a panel would.
  let told = 0;
  lab.onDidRun(() => {
    told += 1;
  });
  const { version } = vault.create({ path: 'bench/mails', messages: [{ role: 'user', content: text }] });
  const rows = Array.from({ length: cells / columns }, (_, row) => ({
    ...{ id: String(row + 1), name: `Mail ${row}`, checks: [{ type: 'contains' as const, value: 'word7' }] },
    variables: { name: `Name ${row}`, mail: mailOf(row) },
  }));
  const models = Array.from({ length: columns }, (_, at) => `compatible:m${at}`);
  return {
    async round() {
      const before = statSync(file).size;
      const wrong: string[] = [];
      told = 0;
      const timed = await measure(async () => {
        const request = { refs: [`bench/mails@${version}`], models, cases: rows, concurrency, noCache: true };
        const { id } = await lab.startRun(request);
        const { run } = await lab.waitForRun({ runId: id });
        if (run.status !== 'done' || run.passed !== cells) wrong.push(`${run.status}: ${run.passed} of ${cells}`);
      });
      if (told === 0) wrong.push('no progress was told');
      return { ...timed, bytes: statSync(file).size - before, wrong };
    },
    async end() {
      await lab.close();
      vault.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function probe(task: LabTask): Promise<void> {
  const side = { lab: labSide, bare: bareSide }[task.side](task);
  for await (const _round of createInterface(process.stdin)) console.log(JSON.stringify(await side.round()));
  await side.end();
}

if (import.meta.main) await probe(JSON.parse(process.argv[2] ?? '{}') as LabTask);
