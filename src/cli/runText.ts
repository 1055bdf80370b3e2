import type { Cell, RunResult } from '../lab/types.ts';
import { thresholdText } from '../shared/thresholdText.ts';
import { verdictText } from '../shared/verdictText.ts';
import { plainLine } from './plainText.ts';
import { counted, table } from './table.ts';

const shownProblems = 20;

/** A run's totals per version and model, and the first of what went wrong. */
export function runText({ run, summary, cells, regressions, caseNames, verdicts = [] }: RunResult): string {
  const rows = summary.map((column) => [
    `${column.path}@${column.version}`,
    column.model,
    `${column.passed}/${column.cells}`,
    percent(column.passRate),
    column.failed,
    column.errors,
    milliseconds(column.latencyMs.p50),
    milliseconds(column.latencyMs.p95),
    column.inputTokens,
    column.outputTokens,
    usd(column.costUsd),
  ]);
  const heading = ['version', 'model', 'passed', 'rate', 'failed', 'errors', 'p50', 'p95', 'tokens in', 'out', 'cost'];
  const wrong = cells.filter(({ status }) => status === 'fail' || status === 'error');
  const nameOf = (id: string) => caseNames[id] ?? id;
  const problems = wrong.slice(0, shownProblems).map((cell) => problemLine(cell, nameOf(cell.case)));
  if (wrong.length > shownProblems) problems.push(`… and ${wrong.length - shownProblems} more; --json shows all`);
  const worse = regressions.map(
    ({ case: id, model, now }) => `worse than the baseline: ${model}, ${plainLine(nameOf(id))}: ${now}`,
  );
  const against = verdicts.map((one) => plainLine(`${one.b} against ${one.a}: ${verdictText(one)}`));
  const goals = run.thresholds.map((one) =>
    plainLine(`${one.pass ? 'reached' : 'not reached'}: ${thresholdText(one)}`),
  );
  const ended = run.stopReason === 'budget' ? ['The cost limit was reached: the rest was not run'] : [];
  const total = `${counted(run.cells, 'cell')}: ${run.passed} passed, ${run.failed} failed, ${counted(run.errors, 'error')}; ${usd(run.costUsd)}; ${milliseconds(run.wallMs)}`;
  return [
    table(heading, rows),
    problems.join('\n'),
    worse.join('\n'),
    against.join('\n'),
    goals.join('\n'),
    [...ended, total].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function problemLine({ path, version, model, status, checks, error }: Cell, name: string): string {
  const reasons = error ? [error.message] : checks.filter(({ pass }) => !pass).map(({ reason }) => reason);
  return plainLine(`${status} ${path}@${version} ${model}, ${name}: ${reasons.join('; ')}`);
}

const percent = (rate: number) => `${Math.round(rate * 100)} %`;
const milliseconds = (ms: number | null) => (ms === null ? null : `${Math.round(ms)} ms`);
/** Unknown is said, never 0. */
const usd = (cost: number | null) =>
  cost === null ? 'cost unknown' : `$${cost.toFixed(cost > 0 && cost < 0.01 ? 6 : 2)}`;
