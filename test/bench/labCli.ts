import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A whole process, as `time` tells of it and what it waited for. */
export type ProcessSample = { wallMs: number; cpuMs: number; peakMb: number };
export type CliFound = { samples: ProcessSample[]; bytes: number };
export type CliTask = { url: string; cells: number; rounds: number };

const root = join(import.meta.dirname, '../..');
const concurrency = 60;
const columns = [0, 1, 2];
const prompt = 'Sort this mail of our customer {{name}} into one of our topics: {{mail}}';
export const peerFolder = join(root, '.vscode-test/promptfoo');
export const peerVersion = '0.123.1';
const peer = join(peerFolder, 'node_modules/promptfoo/dist/src/entrypoint.js');
export const hasPeer = () => existsSync(peer);

/** Our command and promptfoo's over the same cases and endpoint, in turn; promptfoo's is null where it is not installed. */
export function measureCli(task: CliTask): { ours: CliFound; peer: CliFound | null } {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-bench-'));
  try {
    writeFileSync(join(folder, 'cases.csv'), casesCsv(task.cells / columns.length));
    const ours = prepareOurs(folder, task);
    const theirs = hasPeer() ? preparePeer(folder, task) : null;
    const found: { ours: CliFound; peer: CliFound | null } = {
      ours: { samples: [], bytes: 0 },
      peer: theirs && { samples: [], bytes: 0 },
    };
    for (let round = 0; round < task.rounds; round += 1) {
      for (const [runs, kept] of [[ours, found.ours] as const, [theirs, found.peer] as const]) {
        if (!runs || !kept) continue;
        kept.samples.push(runs.once());
        // What all its runs have stored so far, by run.
        kept.bytes = runs.stored() / (round + 1);
      }
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function casesCsv(rows: number): string {
  const mail = (row: number) => `Mail ${row}: my card was charged twice for the same order, please look into it.`;
  const lines = Array.from({ length: rows }, (_, row) => `Name ${row},"${mail(row)}"`);
  return `name,mail\n${lines.join('\n')}\n`;
}

type Runs = { once(): ProcessSample; stored(): number };

function prepareOurs(folder: string, { url, cells }: CliTask): Runs {
  const cli = join(root, 'dist/cli.js');
  const cwd = join(folder, 'ours');
  const env = { ...process.env, PROMPTVAULT_ACTOR: 'bench', PROMPTVAULT_COMPATIBLE_URL: url };
  mkdirSync(cwd);
  const call = (args: string[], input = '') => execFileSync(process.execPath, [cli, ...args], { cwd, env, input });
  call(['init']);
  call(['new', 'bench/mails'], prompt);
  writeFileSync(join(cwd, 'checks.yaml'), '- { type: contains, value: word7 }\n');
  const models = columns.flatMap((at) => ['--model', `compatible:m${at}`]);
  const options = ['--cases', '../cases.csv', '--checks', 'checks.yaml', '--concurrency', `${concurrency}`];
  const args = [cli, 'test', 'bench/mails', ...models, ...options, '--no-cache'];
  const file = join(cwd, '.promptvault/vault.db');
  const empty = statSync(file).size;
  return {
    once() {
      const { sample, stdout } = timed(args, { cwd, env });
      if (!new RegExp(`\\b${cells} passed`).test(stdout))
        throw new Error(`Not all of ${cells} cells passed: ${stdout}`);
      return sample;
    },
    stored: () => statSync(file).size - empty,
  };
}

/** promptfoo as fast as its settings make it: no cache, no sharing, no news, and as many connections as calls at once. */
function preparePeer(folder: string, { url, cells }: CliTask): Runs {
  const cwd = join(folder, 'peer');
  const home = join(cwd, 'home');
  mkdirSync(home, { recursive: true });
  const config = {
    prompts: [prompt],
    providers: columns.map((at) => ({ id: `openai:chat:m${at}`, config: { apiBaseUrl: `${url}/v1`, apiKey: 'k' } })),
    defaultTest: { assert: [{ type: 'contains', value: 'word7' }] },
    tests: 'file://../cases.csv',
  };
  writeFileSync(join(cwd, 'promptfooconfig.json'), JSON.stringify(config));
  const env = {
    ...{ ...process.env, PROMPTFOO_CONFIG_DIR: home, PROMPTFOO_FETCH_CONNECTIONS: `${concurrency}` },
    ...{ PROMPTFOO_DISABLE_TELEMETRY: '1', PROMPTFOO_DISABLE_UPDATE: '1', PROMPTFOO_DISABLE_SHARING: '1' },
    ...{ PROMPTFOO_DISABLE_REMOTE_GENERATION: '1', PROMPTFOO_DISABLE_DEBUG_LOG: '1', PROMPTFOO_CACHE_ENABLED: 'false' },
  };
  const out = join(cwd, 'out.json');
  const options = ['-j', `${concurrency}`, '--no-cache', '--no-progress-bar', '--no-table'];
  // Without a result file: writing one is time it does not need.
  const args = [peer, 'eval', '-c', 'promptfooconfig.json', ...options];
  execFileSync(process.execPath, [...args, '--filter-first-n', '1', '-o', out], { cwd, env, stdio: 'ignore' });
  const { results } = JSON.parse(readFileSync(out, 'utf8')) as { results: { stats: { successes: number } } };
  if (results.stats.successes !== columns.length) throw new Error(`promptfoo: ${JSON.stringify(results.stats)}`);
  const size = () => sizeOf(home, /^promptfoo\.db/);
  const empty = size();
  return {
    once() {
      const { sample, stdout } = timed(args, { cwd, env });
      if (!new RegExp(`\\b${cells}\\b`).test(stdout))
        throw new Error(`promptfoo tells of no ${cells} cells: ${stdout}`);
      return sample;
    },
    stored: () => size() - empty,
  };
}

const sizeOf = (folder: string, name: RegExp) =>
  readdirSync(folder)
    .filter((file) => name.test(file))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/** The process and all it starts, by GNU time. */
function timed(args: string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }) {
  const told = join(cwd, 'time.txt');
  const all = ['-q', '-f', '%e %U %S %M', '-o', told, process.execPath, ...args];
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const begun = performance.now();
  const stdout = execFileSync('/usr/bin/time', all, {
    ...{ cwd, env, stdio: [...stdio], encoding: 'utf8', maxBuffer: 2 ** 29 },
  });
  const wallMs = performance.now() - begun;
  const [, user = 0, system = 0, peakKb = 0] = readFileSync(told, 'utf8').trim().split(/\s+/).map(Number);
  return { stdout, sample: { wallMs, cpuMs: (user + system) * 1000, peakMb: peakKb / 1024 } };
}
