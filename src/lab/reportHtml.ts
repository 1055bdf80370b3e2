import { thresholdParts } from '../shared/thresholdText.ts';
import { verdictText } from '../shared/verdictText.ts';
import { escapeMarkup } from './escapeMarkup.ts';
import { chartStyle, reportCharts } from './reportCharts.ts';
import type { Cell, ColumnSummary, RunResult } from './types.ts';

const style = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 48rem; margin: .25rem 0; font-size: 12px; }
summary { cursor: pointer; }
.pass { background: #2a83; } .fail { background: #c333; } .error { background: #c803; } .cancelled { background: #8883; }
.note { color: #888; }`;

/** One page that needs nothing else: no scripts, nothing loaded. Prompts and outputs stand in it as text. */
export function htmlReport(result: RunResult): string {
  const { run } = result;
  const title = `Test run ${run.startedAt}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>${style}${chartStyle}
</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
<p>${escapeMarkup(facts(result))}</p>
${totals(result)}
${goals(result)}
${reportCharts(result, usd)}
${regressions(result)}
${grid(result)}
</body>
</html>
`;
}

function facts({ run, cells }: RunResult): string {
  const ended = run.stopReason === 'budget' ? 'stopped at its cost limit' : run.status;
  const cases = `${run.cases} cases${run.casesFile ? ` from ${run.casesFile}` : ''}`;
  const counts = `${run.passed} passed, ${run.failed} failed, ${run.errors} errors of ${run.cells} cells`;
  const judges = run.judgeUsd === null ? '' : ` + ${usd(run.judgeUsd)} for judges`;
  const marked = cells.filter(({ mark }) => mark?.mark).length;
  const marks = marked > 0 ? ` · ${marked} marked by hand` : '';
  return `${counts}${marks} · ${cases} · ${ended} · ${(run.wallMs / 1000).toFixed(1)} s · ${usd(run.costUsd)}${judges} · by ${run.actor}`;
}

const usd = (value: number | null) => {
  if (value === null) return 'cost unknown';
  return value === 0 ? '$0' : `$${value.toFixed(value < 1 ? 6 : 2)}`;
};
const percent = (value: number) => `${(value * 100).toFixed(0)} %`;
const milliseconds = (value: number | null) => (value === null ? '–' : `${value} ms`);
const columnName = ({ path, version, model }: Pick<Cell, 'path' | 'version' | 'model'>) =>
  `${path}@${version} ${model}`;

const measures: { [heading: string]: (column: ColumnSummary) => string } = {
  Passed: ({ passed }) => String(passed),
  Failed: ({ failed }) => String(failed),
  Errors: ({ errors }) => String(errors),
  'Pass rate': ({ passRate, passed, failed }) => (passed + failed === 0 ? '–' : percent(passRate)),
  '95 %': ({ ci95: [low, high] }) => `${percent(low)} – ${percent(high)}`,
  p50: ({ latencyMs }) => milliseconds(latencyMs.p50),
  p95: ({ latencyMs }) => milliseconds(latencyMs.p95),
  Tokens: ({ inputTokens, outputTokens }) => `${inputTokens} in, ${outputTokens} out`,
  Cost: ({ costUsd }) => usd(costUsd),
};

function totals({ summary }: RunResult): string {
  const metrics = [...new Set(summary.flatMap((column) => Object.keys(column.metrics)))];
  const head = ['Version and model', ...Object.keys(measures), ...metrics]
    .map((name) => `<th>${escapeMarkup(name)}</th>`)
    .join('');
  const rows = summary.map((column) => {
    const scores = metrics.map((name) => column.metrics[name]?.toFixed(2) ?? '–');
    const figures = [...Object.values(measures).map((measure) => measure(column)), ...scores];
    const cells = figures.map((figure) => `<td class="number">${escapeMarkup(figure)}</td>`);
    return `<tr><th>${escapeMarkup(columnName(column))}</th>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

/** What the run was to reach, and did. */
function goals({ run }: RunResult): string {
  if (run.thresholds.length === 0) return '';
  const rows = run.thresholds.map((one) => {
    const { label, got, wanted } = thresholdParts(one);
    const [state, word] = one.pass ? ['pass', 'met'] : ['fail', 'not met'];
    const facts = [got, wanted].map((text) => `<td class="number">${escapeMarkup(text)}</td>`).join('');
    return `<tr><th>${escapeMarkup(label)}</th>${facts}<td class="${state}">${word}</td></tr>`;
  });
  const head = '<thead><tr><th>Goal</th><th>Reached</th><th>Wanted</th><th></th></tr></thead>';
  return `<table>${head}<tbody>${rows.join('\n')}</tbody></table>`;
}

function regressions({ run, regressions: found, caseNames, verdicts = [] }: RunResult): string {
  if (!run.baseline) return '';
  const { path, version, compared, missing } = run.baseline;
  const scope = `${compared} compared, ${missing} without stored results of the baseline`;
  const items = found.map((one) => {
    const text = `${one.path}@${one.version} ${one.model}, case ${one.case}: ${caseNames[one.case] ?? ''} (${one.now})`;
    return `<li>${escapeMarkup(text)}</li>`;
  });
  const heading = escapeMarkup(`Regressions against ${path}@${version}: ${found.length}`);
  const words = verdicts.map((one) => `<li>${escapeMarkup(`${one.b}: ${verdictText(one)}`)}</li>`);
  const verdict = words.length > 0 ? `<ul>${words.join('\n')}</ul>` : '';
  return `<h2>${heading}</h2><p class="note">${scope}</p>${verdict}<ul>${items.join('\n')}</ul>`;
}

function grid({ run, summary, cells, caseNames }: RunResult): string {
  const perColumn = run.cells / Math.max(1, summary.length);
  const head = summary.map((column) => `<th>${escapeMarkup(columnName(column))}</th>`).join('');
  const rows = cells.slice(0, perColumn).map((first, row) => {
    const repeat = run.repeat > 1 ? ` #${first.repeat}` : '';
    const name = escapeMarkup(`${first.case}: ${caseNames[first.case] ?? ''}${repeat}`);
    const line = summary.map((_, column) => cellBox(cells[column * perColumn + row]!));
    return `<tr><th>${name}</th>${line.join('')}</tr>`;
  });
  return `<table><thead><tr><th>Case</th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function cellBox(cell: Cell): string {
  const { status, cached, finishReason, error } = cell;
  const notes = [
    cell.mark?.mark ? `marked ${cell.mark.mark} by hand` : '',
    cached ? 'stored answer' : '',
    finishReason === 'length' ? 'cut at the token limit' : '',
  ].filter(Boolean);
  const label = [status, milliseconds(cell.latencyMs), ...notes].join(' · ');
  const reasons = cell.checks.map(({ pass, type, reason }) => `${pass ? '✓' : '✗'} ${type}: ${reason}`);
  const judged = cell.judgeUsd === null ? [] : [`Judges: ${usd(cell.judgeUsd)}`];
  const failure = error ? [`${error.code}: ${error.message}`] : [];
  const told = [...markOf(cell), ...reasons, ...judged, ...failure].join('\n');
  const parts = [told, cell.output].filter(Boolean).map((text) => `<pre>${escapeMarkup(text)}</pre>`);
  return `<td class="${status}"><details><summary>${escapeMarkup(label)}</summary>${parts.join('')}</details></td>`;
}

/** A person's word, above what the checks say. */
function markOf({ mark, judged }: Cell): string[] {
  if (!mark) return [];
  const who = `${mark.actor}, ${mark.at.slice(0, 10)}`;
  const word = mark.mark ? `Marked ${mark.mark} by ${who}; the checks said ${judged}` : `Note by ${who}`;
  return [mark.note ? `${word}: ${mark.note}` : word];
}
