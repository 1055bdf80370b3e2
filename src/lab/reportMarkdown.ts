import { thresholdText } from '../shared/thresholdText.ts';
import { verdictText } from '../shared/verdictText.ts';
import type { BaselineComparison } from './compareRun.ts';
import type { Cell, RunResult } from './types.ts';

const shownRows = 20;

/** A run as GitHub shows it under a pull request: totals per column, what got worse, and the first of what failed. */
export function markdownReport(result: RunResult): string {
  const { run, summary, regressions, caseNames, verdicts = [] } = result;
  const head = ['Version', 'Model', 'Passed', 'Pass rate', 'Errors', 'p50', 'p95', 'Cost'];
  const rows = summary.map((column) => [
    ...[`${column.path} v${column.version}`, column.model, `${column.passed} of ${column.cells}`],
    `${percent(column.passRate)} (${percent(column.ci95[0])} to ${percent(column.ci95[1])})`,
    ...[String(column.errors), milliseconds(column.latencyMs.p50), milliseconds(column.latencyMs.p95)],
    usd(column.costUsd),
  ]);
  const worse = regressions.map((one) => [caseNames[one.case] ?? one.case, `v${one.version}`, one.model, one.now]);
  const wrong = result.cells.filter(({ status }) => status === 'fail' || status === 'error');
  const failures = wrong
    .slice(0, shownRows)
    .map((cell) => [caseNames[cell.case] ?? cell.case, `v${cell.version}`, cell.model, cell.status, reasonOf(cell)]);
  const missed = run.thresholds.filter(({ pass }) => !pass);
  return [
    `## ${verdict(result)}`,
    table(head, rows),
    missed.length > 0 && `**Not reached:** ${missed.map((one) => escaped(thresholdText(one))).join('; ')}`,
    verdicts.length > 0 && against(verdicts),
    worse.length > 0 &&
      `### Worse than v${run.baseline?.version ?? ''}\n\n${table(['Case', 'Version', 'Model', 'Now'], worse.slice(0, shownRows))}${more(worse.length)}`,
    failures.length > 0 &&
      `### Failed\n\n${table(['Case', 'Version', 'Model', 'Result', 'Why'], failures)}${more(wrong.length)}`,
    run.stopReason === 'budget' && 'The cost limit was reached: the rest was not run.',
    `${run.cells} cells, ${usd(run.costUsd)}${run.judgeUsd === null ? '' : `, judges ${usd(run.judgeUsd)}`}, ${milliseconds(run.wallMs)}.`,
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

function verdict({ run, regressions }: RunResult): string {
  if (regressions.length > 0)
    return `❌ ${regressions.length} ${regressions.length === 1 ? 'case' : 'cases'} got worse`;
  if (run.failed + run.errors > 0) return `❌ ${run.failed} failed, ${run.errors} errors`;
  if (run.thresholds.some(({ pass }) => !pass)) return '❌ A threshold was not reached';
  return `✅ All ${run.passed} passed`;
}

/** Each column beside the baseline, in words. */
function against(verdicts: readonly BaselineComparison[]): string {
  const lines = verdicts.map((one) => `- **${escaped(one.b)}**: ${escaped(verdictText(one), 1000)}`);
  const names = [...new Set(verdicts.map(({ a }) => a))];
  return `### Against ${escaped(names.join(', '))}\n\n${lines.slice(0, shownRows).join('\n')}${more(lines.length)}`;
}

const more = (count: number) => (count > shownRows ? `\n\n… and ${count - shownRows} more.` : '');
const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const milliseconds = (ms: number | null) => (ms === null ? '–' : `${Math.round(ms)} ms`);
const usd = (cost: number | null) =>
  cost === null ? 'cost unknown' : `$${cost.toFixed(cost > 0 && cost < 0.01 ? 6 : 2)}`;

function reasonOf({ error, checks }: Cell): string {
  return error
    ? error.message
    : checks
        .filter(({ pass }) => !pass)
        .map(({ reason }) => reason)
        .join('; ');
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((text) => escaped(text)).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** What a model or a customer wrote must not become links, pictures or mentions under a pull request. */
function escaped(text: string, most = 200): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return short
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|!~#]/g, '\\$&')
    .replace(/@/g, '@\u200b');
}
