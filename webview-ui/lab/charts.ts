import { html, svg, type TemplateResult } from 'lit';
import type { ColumnFigures } from './columnFigures.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Three small pictures of a column, each with its words for those who do not see it. */
export function columnCharts({ passRate, interval, costShare, bars, cost, latency }: ColumnFigures): TemplateResult {
  const between = interval ? `, between ${percent(interval[0])} and ${percent(interval[1])}` : '';
  const rate = passRate === null ? 'No pass rate yet' : `Pass rate ${percent(passRate)}${between}`;
  const costs = costShare === null ? 'No cost known' : `Cost ${cost}, ${percent(costShare)} of the costliest column`;
  const times = bars.some((bar) => bar > 0)
    ? `Latencies of the answers, half of them up to ${latency}`
    : 'No latencies yet';
  return html`<div class="charts">
    ${chart(
      'rate',
      rate,
      svg`<rect class="track" width="100" height="8" y="4"></rect>
      <rect class="fill" width=${(passRate ?? 0) * 100} height="8" y="4"></rect>
      ${interval ? svg`<path class="line" d="M${interval[0] * 100} 8H${interval[1] * 100}M${interval[0] * 100} 4v8M${interval[1] * 100} 4v8"></path>` : ''}`,
    )}
    ${chart('cost', costs, svg`<rect class="track" width="100" height="8" y="4"></rect><rect class="fill" width=${(costShare ?? 0) * 100} height="8" y="4"></rect>`)}
    ${chart(
      'latency',
      times,
      bars.map(
        (bar, at) =>
          svg`<rect class="fill" x=${(at * 100) / bars.length} width=${100 / bars.length - 1} y=${16 - bar * 16} height=${bar * 16}></rect>`,
      ),
    )}
  </div>`;
}

function chart(name: string, label: string, shapes: unknown): TemplateResult {
  return html`<svg class="chart ${name}" viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label=${label}><title>${label}</title>${shapes}</svg>`;
}
