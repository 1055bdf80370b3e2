import * as z from 'zod';
import type { RunEstimate, RunRequest, RunResult } from '../../lab/types.ts';
import type { Engine } from '../engine.ts';
import { agentTool, type Provenance, provenanceOf, type ToolContext } from './agentTool.ts';

const mostCells = 20;
const mostOutput = 500;

export const runSuiteTool = agentTool({
  name: 'run_suite',
  title: 'Run Test Suite',
  description:
    'Runs a test suite of the vault, which calls models and may cost money. The first call runs nothing: it answers what the run would take and a confirmation code. Show the estimate to the person, and call again with the code only when they agree. A code is good once, for ten minutes, for exactly that run.',
  kind: 'run',
  input: z.strictObject({
    suite: z.string().min(1).max(1000).describe('Name of the suite'),
    refs: z
      .array(z.string().min(1).max(1100))
      .max(20)
      .default([])
      .describe('Versions to run instead of those of the suite, as path@version'),
    confirmation: z.string().max(60).optional().describe('The code of the first call'),
  }),
  async run({ suite, refs, confirmation }, context) {
    const { engine, confirmations } = context;
    const { revision, definition } = await engine.showSuite({ name: suite });
    const provenance = await versionsOf(engine, refs.length > 0 ? refs : (definition.refs ?? []));
    // What was agreed to is this suite on these contents, so the run names the versions and not what they are called now.
    const request: RunRequest = {
      refs: provenance.map(({ path, version }) => `${path}@${version}`),
      models: [],
      suite,
    };
    const work = { suite, revision, contents: provenance.map(({ hash }) => hash), refs: request.refs };
    if (confirmation === undefined) return estimate(request, { work, provenance, context });
    if (!confirmations.take(confirmation, work)) {
      const note = 'The code is used up, too old, or was given for another run. Nothing was run.';
      return estimate(request, { work, provenance, context, note });
    }
    const result = await follow(request, context);
    return { provenance, data: resultOf(result), notes: notesOf(result) };
  },
});

async function versionsOf(engine: Engine, refs: readonly string[]): Promise<Provenance[]> {
  return Promise.all(refs.map(async (ref) => provenanceOf(await engine.show({ ref }))));
}

type Asked = { work: unknown; provenance: Provenance[]; context: ToolContext; note?: string };

async function estimate(request: RunRequest, { work, provenance, context, note }: Asked) {
  const found = await context.engine.estimateRun(request);
  const data = { ran: false, estimate: found };
  const notes = note ? [note] : [];
  if (found.problems.length > 0) return { provenance, data, notes: [...notes, 'It cannot run like this.'] };
  const code = context.confirmations.ask(work);
  const question = questionOf(request, found);
  return { provenance, data: { ...data, question, confirmation: code }, notes, ask: { code, question } };
}

function questionOf({ suite, refs }: RunRequest, { calls, cached, costUsd }: RunEstimate): string {
  const cost = costUsd === null ? 'at a price that is not known' : `for about $${costUsd.toFixed(4)}`;
  const stored = cached > 0 ? `; ${cached} answers are stored already` : '';
  return `Run the suite ${suite} on ${refs.join(', ')}: ${calls} calls of models ${cost}${stored}?`;
}

async function follow(request: RunRequest, { engine, signal, onProgress }: ToolContext): Promise<RunResult> {
  let done = 0;
  let total = 0;
  let runId: string | undefined;
  const watch = engine.onDidRun((progress) => {
    if (progress.type === 'started' && runId === undefined) total = progress.run.cells;
    const ended = progress.type === 'cell' && progress.cell.status !== 'waiting' && progress.cell.status !== 'running';
    if (!ended || (runId !== undefined && progress.runId !== runId)) return;
    done += 1;
    onProgress?.(done, total);
  });
  try {
    const started = await engine.startRun(request);
    runId = started.id;
    total = started.cells;
    return await engine.waitForRun({ runId }, signal);
  } finally {
    watch.dispose();
  }
}

function resultOf({ run, summary, cells, regressions }: RunResult) {
  const {
    id,
    status,
    startedAt,
    wallMs,
    models,
    cases,
    passed,
    failed,
    errors,
    costUsd,
    spentUsd,
    thresholds,
    stopReason,
  } = run;
  const bad = cells.filter((cell) => cell.status === 'fail' || cell.status === 'error').slice(0, mostCells);
  return {
    ran: true,
    run: {
      id,
      status,
      startedAt,
      wallMs,
      models,
      cases,
      cells: run.cells,
      passed,
      failed,
      errors,
      costUsd,
      spentUsd,
      thresholds,
      stopReason,
    },
    summary,
    regressions: regressions.slice(0, mostCells),
    failing: bad.map(({ path, version, model, case: name, status: ended, output, checks, error }) => ({
      ...{ path, version, model, case: name, status: ended, output: output.slice(0, mostOutput), error },
      checks: checks.filter(({ pass }) => !pass).map(({ type, reason }) => ({ type, reason })),
    })),
  };
}

function notesOf({ run, cells }: RunResult): string[] {
  const bad = cells.filter(({ status }) => status === 'fail' || status === 'error').length;
  const more = bad > mostCells ? [`Only ${mostCells} of ${bad} failing cells are listed`] : [];
  return run.stopReason === 'budget' ? [...more, 'The cost limit of the suite ended the run early'] : more;
}
