import { thresholdText } from '../shared/thresholdText.ts';
import { escapeMarkup } from './escapeMarkup.ts';
import type { Cell, ColumnSummary, RunResult } from './types.ts';

/** JUnit XML as CI servers read it: a suite per version and model, a test per cell. A cell that never ran is skipped. */
export function junitReport(result: RunResult): string {
  const { run, summary } = result;
  const perColumn = run.cells / Math.max(1, summary.length);
  const suites = summary.map((column, index) => {
    const cells = result.cells.slice(index * perColumn, (index + 1) * perColumn);
    return suite(column, cells, result);
  });
  const missed = run.thresholds.filter(({ pass }) => !pass).length;
  const [tests, failures] = [run.cells + run.thresholds.length, run.failed + missed];
  const counts = `tests="${tests}" failures="${failures}" errors="${run.errors}" time="${seconds(run.wallMs)}"`;
  const body = [...suites, goals(result)].join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="promptvault" ${counts}>\n${body}</testsuites>\n`;
}

/** What the whole run was to reach: a test each, so that a run which fails by it does not look green. */
function goals({ run }: RunResult): string {
  const { thresholds } = run;
  if (thresholds.length === 0) return '';
  const failures = thresholds.filter(({ pass }) => !pass).length;
  const tests = thresholds.map((one) => {
    const text = escapeMarkup(thresholdText(one));
    const name = escapeMarkup(one.metric === undefined ? one.name : `metric ${one.metric}`);
    const failure = one.pass ? '' : `<failure message="${text}" type="threshold">${text}</failure>`;
    return `<testcase classname="goals" name="${name}" time="0.000">${failure}</testcase>\n`;
  });
  const counts = `tests="${tests.length}" failures="${failures}" errors="0" skipped="0" time="0.000"`;
  return `<testsuite name="goals" ${counts} timestamp="${run.startedAt}">\n${tests.join('')}</testsuite>\n`;
}

function suite(column: ColumnSummary, cells: readonly Cell[], result: RunResult): string {
  const { path, version, model, failed, errors } = column;
  const skipped = cells.length - column.passed - failed - errors;
  const time = cells.reduce((sum, { latencyMs, cached }) => sum + (cached ? 0 : (latencyMs ?? 0)), 0);
  const counts = `tests="${cells.length}" failures="${failed}" errors="${errors}" skipped="${skipped}"`;
  const head = `name="${escapeMarkup(`${path}@${version} ${model}`)}" ${counts} time="${seconds(time)}"`;
  const hash = `<properties><property name="hash" value="${column.hash}"/></properties>`;
  const tests = cells.map((cell) => test(cell, result)).join('');
  return `<testsuite ${head} timestamp="${result.run.startedAt}">\n${hash}\n${tests}</testsuite>\n`;
}

function test(cell: Cell, { caseNames, run }: RunResult): string {
  const repeat = run.repeat > 1 ? ` #${cell.repeat}` : '';
  const name = escapeMarkup(`${cell.case}: ${caseNames[cell.case] ?? ''}${repeat}`);
  const className = escapeMarkup(`${cell.path}@${cell.version}.${cell.model}`);
  const time = seconds(cell.latencyMs ?? 0);
  return `<testcase classname="${className}" name="${name}" time="${time}">${outcome(cell)}</testcase>\n`;
}

function outcome(cell: Cell): string {
  if (cell.status === 'pass') return '';
  if (cell.status === 'fail') {
    const reasons = cell.checks.filter(({ pass }) => !pass).map(({ type, reason }) => `${type}: ${reason}`);
    const body = `${reasons.join('\n')}\n\nOutput:\n${cell.output}`;
    return `<failure message="${escapeMarkup(reasons[0] ?? 'failed')}" type="check">${escapeMarkup(body)}</failure>`;
  }
  if (!cell.error) return '<skipped/>';
  const { code, message } = cell.error;
  return `<error message="${escapeMarkup(message)}" type="${code}">${escapeMarkup(cell.output)}</error>`;
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3);
