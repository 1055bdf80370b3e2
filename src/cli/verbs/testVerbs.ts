import { statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import type { RunRequest, RunResult } from '../../lab/types.ts';
import { VaultError } from '../../shared/errors.ts';
import { exits } from '../exitCodes.ts';
import { runText } from '../runText.ts';
import { table } from '../table.ts';
import type { Call, CliIo, Verb } from '../verb.ts';

const group = 'Testing:';

type TestOptions = {
  model?: string[];
  cases?: string;
  checks?: string;
  repeat?: number;
  concurrency?: number;
  maxCost?: number;
  baseline?: string;
  junit?: string;
  html?: string;
  /** False with --no-cache. */
  cache?: boolean;
};
const test: Verb<TestOptions> = {
  usage: 'test <ref...>',
  group,
  summary: 'run versions against models and cases, and check the answers',
  detail:
    'Every version with every model and every case. Cases are rows of a CSV whose columns are the variables; __expected columns hold checks (equals, contains, icontains, regex, is-json, latency, cost). A case without checks passes when it completes. Keys come from the environment, see "promptvault models". Ends with exit code 100 when something failed.',
  options: [
    { flags: '--model <vendor:model>', kind: 'list', about: 'a model; repeat it for more' },
    { flags: '--cases <file>', kind: 'text', about: 'CSV, JSON or YAML; without it one case with the defaults' },
    { flags: '--checks <file>', kind: 'text', about: 'YAML or JSON list of checks for all cases' },
    { flags: '--repeat <n>', kind: 'count', about: 'each cell so often (default: 1)' },
    { flags: '--concurrency <n>', kind: 'count', about: 'calls at once per vendor (default: 8)' },
    { flags: '--max-cost <usd>', kind: 'number', about: 'start no call once this is spent' },
    { flags: '--baseline <ref>', kind: 'text', about: 'compare with its newest results; worse cases fail the run' },
    { flags: '--junit <file>', kind: 'text', about: 'write a JUnit report' },
    { flags: '--html <file>', kind: 'text', about: 'write a page to read' },
    { flags: '--no-cache', kind: 'flag', about: 'ask again even if the same call was answered before' },
  ],
  examples: [
    'promptvault test support/triage --model echo:echo --cases cases.csv',
    'promptvault test support/triage@TST --model openai:gpt-5-mini --model anthropic:claude-haiku-4-5 --cases cases.csv --baseline support/triage@PRD --junit report.xml',
  ],
  async run(call) {
    const { options, io, engine, say, signal } = call;
    if (!options.model)
      throw new VaultError('USAGE', 'Name a model: --model echo:echo. "promptvault models" lists them');
    for (const file of [options.junit, options.html]) requireFolderOf(io, file);
    const vault = await engine();
    const request = await runRequest(call, vault);
    const watch = vault.onDidRun(progressLines(say));
    const { id } = await vault.startRun(request);
    const result = await vault.waitForRun({ runId: id }, signal);
    watch.dispose();
    await writeReports(vault, result, call);
    if (signal.aborted) {
      throw new VaultError('CANCELLED', 'The run was cancelled; what had been answered is kept', { runId: id });
    }
    return { json: result, text: runText(result), exit: exitOf(result) };
  },
};

async function runRequest({ args, options, io }: Call<TestOptions>, vault: Engine): Promise<RunRequest> {
  const { model = [], cases, checks, repeat, concurrency, maxCost, baseline, cache } = options;
  return {
    refs: args,
    models: model,
    casesFile: cases === undefined ? undefined : resolve(io.cwd, cases),
    checks: checks === undefined ? undefined : await vault.readChecks({ file: resolve(io.cwd, checks) }),
    repeat,
    concurrency,
    maxCostUsd: maxCost,
    baseline,
    noCache: cache === false,
  };
}

/** Says how far the run is, once a second at most. */
function progressLines(say: (line: string) => void): Parameters<Engine['onDidRun']>[0] {
  let total = 0;
  let done = 0;
  let told = performance.now();
  return (progress) => {
    if (progress.type === 'started') total = progress.run.cells;
    if (progress.type === 'retry')
      say(`waiting ${progress.waitMs} ms before attempt ${progress.attempt}: ${progress.reason}`);
    if (progress.type !== 'cell' || progress.cell.status === 'waiting' || progress.cell.status === 'running') return;
    done += 1;
    if (done < total && performance.now() - told < 1000) return;
    told = performance.now();
    say(`${done} of ${total} cells`);
  };
}

/** Found out before a call is paid for. */
function requireFolderOf(io: CliIo, file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(io.cwd, file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new VaultError('FILE_NOT_FOUND', `There is no folder ${folder} to write ${file} in`, { file: folder });
}

async function writeReports(vault: Engine, { run }: RunResult, { options, io }: Call<TestOptions>): Promise<void> {
  for (const format of ['junit', 'html'] as const) {
    const file = options[format];
    if (file === undefined) continue;
    const text = await vault.exportRun({ runId: run.id, format });
    try {
      writeFileSync(resolve(io.cwd, file), text);
    } catch (error) {
      const message = `The report ${file} could not be written: ${(error as Error).message}. The run is kept`;
      throw new VaultError('READ_ONLY', message, { file, runId: run.id }, error);
    }
  }
}

function exitOf({ run, regressions }: RunResult): number {
  if (run.failed > 0 || run.errors > 0 || regressions.length > 0) return exits.testsFailed;
  // Stopped by its cost limit or by somebody else: not everything was tested.
  return run.status === 'done' && run.stopReason === null ? exits.done : exits.failed;
}

const models: Verb = {
  usage: 'models',
  group,
  summary: 'list the models, what they need and what they cost',
  detail: 'Any other model of a vendor works too, as vendor:model. Prices are USD per million tokens.',
  examples: ['promptvault models', 'PROMPTVAULT_COMPATIBLE_URL=http://localhost:11434 promptvault models'],
  async run({ engine }) {
    const known = await (await engine('read')).models();
    const rows = known.map(({ name, ready, needs, price }) => [
      name,
      ready ? 'ready' : `needs ${needs}`,
      price?.input,
      price?.output,
    ]);
    return { json: { models: known }, text: table(['model', 'state', 'input', 'output'], rows) };
  },
};

export const testVerbs: readonly Verb[] = [test, models];
