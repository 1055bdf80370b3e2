import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Engine, RunExportFormat } from '../engine/engine.ts';
import type { RunInfo, RunResult } from '../lab/types.ts';
import { VaultError } from '../shared/errors.ts';
import { exits } from './exitCodes.ts';
import { runText } from './runText.ts';
import type { Answer, CliIo, VerbOption } from './verb.ts';

export type ReportOptions = { [Format in RunExportFormat as Exclude<Format, 'json'>]?: string };
const reports = ['junit', 'html', 'markdown', 'csv'] as const;

export const reportOptions: readonly VerbOption[] = [
  { flags: '--junit <file>', kind: 'text', about: 'write a JUnit report' },
  { flags: '--html <file>', kind: 'text', about: 'write a page to read' },
  {
    flags: '--markdown <file>',
    kind: 'text',
    about: 'write a summary; on GitHub it goes to the job summary by itself',
  },
  { flags: '--csv <file>', kind: 'text', about: 'write all cells as a table' },
];

type Following = {
  io: CliIo;
  options: ReportOptions;
  signal: AbortSignal;
  say(line: string): void;
  start(): Promise<RunInfo>;
};

/** Starts a run, tells how far it is, writes its reports, and ends as it ended. */
export async function followRun(engine: Engine, { io, options, signal, say, start }: Following): Promise<Answer> {
  for (const format of reports) requireFolderOf(io, options[format]);
  const watch = engine.onDidRun(progressLines(say));
  const { id } = await start();
  const result = await engine.waitForRun({ runId: id }, signal);
  watch.dispose();
  await writeReports(engine, result, { options, io });
  if (signal.aborted) {
    const resume = `promptvault run ${id} resume`;
    const message = `The run was cancelled; what had been answered is kept. Go on with: ${resume}`;
    throw new VaultError('CANCELLED', message, { runId: id });
  }
  const told = await withVerdicts(engine, result);
  return { json: told, text: runText(told), exit: exitOf(result) };
}

/** A run with what its columns are worth beside its baseline. */
export async function withVerdicts(engine: Engine, result: RunResult): Promise<RunResult> {
  if (!result.run.baseline) return result;
  return { ...result, verdicts: await engine.compareBaseline({ runId: result.run.id }) };
}

/** Says how far the run is, once a second at most. */
function progressLines(say: (line: string) => void): Parameters<Engine['onDidRun']>[0] {
  let total = 0;
  let done = 0;
  let told = performance.now();
  return (progress) => {
    if (progress.type === 'started') {
      const { cells, passed, failed, errors } = progress.run;
      total = cells;
      done = passed + failed + errors;
    }
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

async function writeReports(
  engine: Engine,
  { run }: RunResult,
  { options, io }: { options: ReportOptions; io: CliIo },
): Promise<void> {
  for (const format of reports) {
    const file = options[format];
    if (file === undefined) continue;
    const text = await engine.exportRun({ runId: run.id, format });
    try {
      writeFileSync(resolve(io.cwd, file), text);
    } catch (error) {
      const message = `The report ${file} could not be written: ${(error as Error).message}. The run is kept`;
      throw new VaultError('READ_ONLY', message, { file, runId: run.id }, error);
    }
  }
  const summary = io.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, await engine.exportRun({ runId: run.id, format: 'markdown' }));
}

export function exitOf({ run, regressions }: RunResult): number {
  const missed = run.thresholds.some(({ pass }) => !pass);
  // A suite that allows some to fail says so by its pass rate.
  const rate = run.thresholds.find(({ name }) => name === 'passRate');
  const failed = rate ? !rate.pass : run.failed > 0;
  if (failed || missed || run.errors > 0 || regressions.length > 0) return exits.testsFailed;
  // Stopped by its cost limit or by somebody else: not everything was tested.
  return run.status === 'done' && run.stopReason === null ? exits.done : exits.failed;
}
