import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { reachModels } from '../../src/engine/reachModels.ts';
import { createLab } from '../../src/lab/lab.ts';
import { openVault } from '../../src/vault/vault.ts';

/** What the probe is told, and what it tells: one line of JSON each way. */
export type LabTask = { url: string; cells: number; concurrency: number; rounds: number };
export type LabSample = { wallMs: number; cpuMs: number; loopP99Ms: number; loopMaxMs: number };
export type LabFound = { lab: LabSample[]; bare: LabSample[]; bytesPerResult: number; wrong: string[] };

const columns = 3;
const text = 'Sort this mail of our customer {{name}} into one of our topics: {{mail}}';
const mailOf = (row: number) => `Mail ${row}: my card was charged twice for the same order, please look into it.`;

async function measure(work: () => Promise<unknown>): Promise<LabSample> {
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

/** Runs of the lab and bare loops in turn; the first round is the cold one. */
async function probe(task: LabTask): Promise<LabFound> {
  const { url, cells, concurrency, rounds } = task;
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
  const found: LabFound = { lab: [], bare: [], bytesPerResult: 0, wrong: [] };
  const runLab = async () => {
    const models = Array.from({ length: columns }, (_, at) => `compatible:m${at}`);
    const request = { refs: [`bench/mails@${version}`], models, cases: rows, concurrency, noCache: true };
    const { id } = await lab.startRun(request);
    const { run } = await lab.waitForRun({ runId: id });
    if (run.status !== 'done' || run.passed !== cells) found.wrong.push(`${run.status}: ${run.passed} of ${cells}`);
  };
  for (let round = 0; round < rounds; round += 1) {
    found.bare.push(await measure(() => bareLoop(task)));
    const before = statSync(file).size;
    found.lab.push(await measure(runLab));
    // The last run's part: tables and indexes are there by then.
    found.bytesPerResult = (statSync(file).size - before) / cells;
  }
  if (told === 0) found.wrong.push('no progress was told');
  await lab.close();
  vault.close();
  rmSync(folder, { recursive: true, force: true });
  return found;
}

if (import.meta.main) console.log(JSON.stringify(await probe(JSON.parse(process.argv[2] ?? '{}') as LabTask)));
