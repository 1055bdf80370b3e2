import { escapeMarkup } from './escapeMarkup.ts';
import { percentile } from './statistics.ts';
import { latenciesOf } from './summary.ts';
import type { Cell, ColumnSummary, RunResult } from './types.ts';

/** Colours and letters of the pictures, for the page's style sheet. */
export const chartStyle = `
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 1rem 0; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .25rem; }
svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
svg .track { fill: #8882; } svg .bar { fill: #3a78c8; } svg .interval { stroke: currentColor; stroke-width: 1.5; fill: none; }`;

const size = { name: 300, bar: 260, value: 150, row: 26 };
const barCount = 24;
const percent = (share: number) => `${Math.round(share * 100)} %`;
const nameOf = ({ path, version, model }: ColumnSummary) => `${path}@${version} ${model}`;

/** Pass rate with its interval, cost and the spread of latencies of each column, as pictures that need no script. */
export function reportCharts({ summary, cells, run }: RunResult, usd: (value: number | null) => string): string {
  const perColumn = run.cells / Math.max(1, summary.length);
  const times = summary.map((_, column) => latenciesOf(cells.slice(column * perColumn, (column + 1) * perColumn)));
  return `<div class="charts">
${figure('Pass rate with its 95 % interval', summary.map(rateRow))}
${figure('Cost', costRows(summary, usd))}
${figure('Latencies of the answers', latencyRows(summary, times))}
</div>`;
}

/** One line of a picture: its words at both ends, and shapes in a box of `size.bar` by 16. */
type Row = { name: string; value: string; shapes: string };

function rateRow(column: ColumnSummary): Row {
  const { passed, failed, passRate, ci95 } = column;
  const name = nameOf(column);
  if (passed + failed === 0) return { name, value: 'nothing judged', shapes: track() };
  const [low, high] = ci95.map((share) => round(share * size.bar));
  const interval = `<path class="interval" d="M${low} 8H${high}M${low} 3v10M${high} 3v10"/>`;
  const value = `${percent(passRate)} (${percent(ci95[0])} – ${percent(ci95[1])})`;
  return { name, value, shapes: `${track()}${bar(passRate)}${interval}` };
}

function costRows(summary: readonly ColumnSummary[], usd: (value: number | null) => string): Row[] {
  const costliest = Math.max(0, ...summary.map(({ costUsd }) => costUsd ?? 0));
  return summary.map((column) => {
    const share = column.costUsd !== null && costliest > 0 ? column.costUsd / costliest : 0;
    return { name: nameOf(column), value: usd(column.costUsd), shapes: `${track()}${bar(share)}` };
  });
}

/** All columns on one scale. The 95th percentile ends it, so that one slow answer does not press all others into one bar. */
function latencyRows(summary: readonly ColumnSummary[], times: readonly (readonly number[])[]): Row[] {
  const slowest = percentile(times.flat(), 95) ?? 0;
  return summary.map((column, at) => {
    const counts = histogram(times[at] ?? [], slowest);
    const tallest = Math.max(1, ...counts);
    const width = size.bar / barCount;
    const shapes = counts.map((count, place) => {
      const height = round((count / tallest) * 16);
      return count === 0
        ? ''
        : `<rect class="bar" x="${round(place * width)}" y="${16 - height}" width="${round(width - 1)}" height="${height}"/>`;
    });
    const { p50, p95 } = column.latencyMs;
    const value = p50 === null ? 'no answers of this run' : `p50 ${p50} ms, p95 ${p95} ms`;
    return {
      name: nameOf(column),
      value,
      shapes: `<path class="interval" d="M0 16.5H${size.bar}" opacity=".3"/>${shapes.join('')}`,
    };
  });
}

/** How many values fall into each of the stretches up to `slowest`; slower ones count in the last. */
export function histogram(values: readonly Cell['latencyMs'][], slowest: number): number[] {
  const counts = Array.from({ length: barCount }, () => 0);
  for (const ms of values) {
    if (ms === null) continue;
    const place = slowest > 0 ? Math.floor((ms / slowest) * barCount) : 0;
    counts[Math.min(barCount - 1, place)]! += 1;
  }
  return counts;
}

function figure(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ name, value, shapes }, at) => {
    const y = at * size.row;
    return `<g transform="translate(0 ${y})"><title>${escapeMarkup(`${name}: ${value}`)}</title>
<text x="${size.name - 8}" y="15" text-anchor="end">${escapeMarkup(short(name))}</text>
<g transform="translate(${size.name} 3)">${shapes}</g>
<text x="${size.name + size.bar + 8}" y="15">${escapeMarkup(value)}</text></g>`;
  });
  const said = rows.map(({ name, value }) => `${name}: ${value}`).join('; ');
  const [width, height] = [size.name + size.bar + size.value, rows.length * size.row];
  return `<figure><figcaption>${title}</figcaption><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(`${title}. ${said}`)}">
${lines.join('\n')}</svg></figure>`;
}

const track = () => `<rect class="track" y="4" width="${size.bar}" height="8"/>`;
const bar = (share: number) => `<rect class="bar" y="4" width="${round(share * size.bar)}" height="8"/>`;
const round = (value: number) => Math.round(value * 10) / 10;
/** The end of a name tells columns apart: it is the model. */
const short = (name: string) => (name.length > 44 ? `…${name.slice(-43)}` : name);
