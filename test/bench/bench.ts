import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { activationMeasures } from './activation.ts';
import { clientMeasures, clientOfVaultMeasures, coldGetName } from './clientMeasures.ts';
import { engineMeasures, importFreedom } from './engineMeasures.ts';
import { gridMeasures } from './gridMeasures.ts';
import { labMeasures } from './labMeasures.ts';
import { benchVault } from './makeVault.ts';
import { panelMeasures } from './panelMeasures.ts';
import { fetchName, readMeasures } from './readMeasures.ts';
import { type BenchResult, growthOf, thisMachine, toMarkdown } from './report.ts';
import { searchMeasures } from './searchMeasures.ts';
import { hotGetName, serverMeasures } from './serverMeasures.ts';
import { atMost, type Measure } from './timing.ts';
import { importMeasure, writeMeasures } from './writeMeasures.ts';

const usage = `npm run bench -- [--sizes 1k,100k,1M] [--only read,search,write,engine,import,activation,panels,grid,lab,client,server] [--out file.json]

Measures the vault and the engine beside raw SQLite doing the same, side by side in one run. The vaults are made once and
kept in .vscode-test/bench: 1M takes about 16 GB there and, the first time, some ten minutes.`;

const groups = [
  'read',
  'search',
  'write',
  'engine',
  'import',
  'activation',
  'panels',
  'grid',
  'lab',
  'client',
  'server',
] as const;
type Group = (typeof groups)[number];

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1k,100k' },
    only: { type: 'string', default: groups.join() },
    out: { type: 'string', default: join(import.meta.dirname, 'results/latest.json') },
    help: { type: 'boolean', default: false },
  },
});

function sizeOf(text: string): number {
  const [, digits, unit] = /^(\d+)([kM]?)$/.exec(text.trim()) ?? [];
  if (!digits) throw new Error(`"${text}" is no size. ${usage}`);
  return Number(digits) * ({ '': 1, k: 1000, M: 1_000_000 }[unit ?? ''] ?? 1);
}

async function run(): Promise<void> {
  const sizes = values.sizes
    .split(',')
    .map(sizeOf)
    .sort((a, b) => a - b);
  const wanted = new Set(values.only.split(',') as Group[]);
  const log = (line: string) => console.error(line);
  const files = sizes.map((size) => ({ size, file: benchVault(size, log) }));
  const loadBefore = loadavg();
  const measures: Measure[] = [];
  const take = async (group: Group, body: () => Measure[] | Promise<Measure[]>) => {
    if (!wanted.has(group)) return;
    log(`${group} …`);
    measures.push(...(await body()));
  };
  if (
    (['engine', 'import', 'activation', 'panels', 'lab', 'client', 'server'] as const).some((group) =>
      wanted.has(group),
    )
  ) {
    execFileSync(process.execPath, ['esbuild.mjs'], { cwd: join(import.meta.dirname, '../..'), stdio: 'ignore' });
  }
  for (const { size, file } of files) {
    log(`${size} prompts`);
    await take('read', () => readMeasures(file, size));
    await take('search', () => searchMeasures(file, size));
    await take('engine', () => engineMeasures(file, size));
    await take('write', () => writeMeasures(file, size));
    await take('client', () => clientOfVaultMeasures(file, size));
    await take('server', () => serverMeasures(file, size));
  }
  await take('import', async () => [await importMeasure(), await importFreedom()]);
  await take('activation', () => activationMeasures());
  await take('panels', () => panelMeasures(log));
  await take('grid', () => gridMeasures());
  await take('lab', () => labMeasures(log));
  await take('client', () => clientMeasures());
  addGrowth(measures);
  const result: BenchResult = { at: new Date().toISOString(), machine: thisMachine(), loadBefore, measures };
  mkdirSync(join(values.out, '..'), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
  const table = toMarkdown(result);
  writeFileSync(values.out.replace(/\.json$/, '.md'), table);
  console.log(table);
  const missed = measures.flatMap(({ goals = [] }) => goals).filter(({ met }) => !met);
  log(`${missed.length} goals not met; written to ${values.out}`);
}

/** Fetching must not grow with the vault. */
function addGrowth(measures: Measure[]): void {
  for (const [name, limit] of [[fetchName, 3] as const, [coldGetName, 3] as const, [hotGetName, 1.5] as const]) {
    const growth = growthOf(measures, name);
    const largest = measures.findLast((one) => one.what === name);
    if (growth !== null) largest?.goals?.push(atMost('× smallest vault', growth, limit));
  }
}

if (values.help) console.log(usage);
else await run();
