import { html, nothing, type TemplateResult } from 'lit';
import type { CellDetail, CellMoment } from '../../src/lab/types.ts';
import { formatCost, formatLatency, formatNumber } from '../shared/format.ts';

/** What is known of a call, by name. */
export function cellFacts(detail: CellDetail): [string, string][] {
  const count = (value: number | null) => (value === null ? 'unknown' : formatNumber(value));
  const settings = Object.entries(detail.request.settings).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const metrics = Object.entries(detail.metrics).map(([name, value]): [string, string] => [name, value.toFixed(2)]);
  return [
    ['Latency', formatLatency(detail.latencyMs) + (detail.cached ? ' when it was called' : '')],
    ['First token', formatLatency(detail.firstTokenMs)],
    [
      'Tokens in',
      count(detail.inputTokens) + (detail.cachedTokens ? ` (${formatNumber(detail.cachedTokens)} cached)` : ''),
    ],
    ['Tokens out', count(detail.outputTokens)],
    ['Cost', formatCost(detail.costUsd)],
    ...(detail.judgeUsd === null ? [] : [['Judge', formatCost(detail.judgeUsd)] as [string, string]]),
    ...metrics,
    ['Finish', detail.finishReason === 'length' ? 'cut at the token limit' : (detail.finishReason ?? 'unknown')],
    ['Attempts', String(detail.attempts)],
    ['Settings', settings.join(', ') || 'none'],
    ['Hash', detail.hash],
  ];
}

const names: Record<CellMoment['what'], string> = {
  queued: 'in the queue',
  sent: 'sent',
  retry: 'tried again',
  firstToken: 'first token',
  done: 'answered',
  judged: 'judged',
};

/** When what happened, with a line as long as the time up to it. */
export function timelineView(timeline: readonly CellMoment[]): TemplateResult | typeof nothing {
  const last = Math.max(1, ...timeline.map(({ at }) => at));
  if (timeline.length === 0) return nothing;
  return html`<h2>Time line</h2><ol class="timeline">${timeline.map(
    ({ at, what, detail }) => html`<li><span class="numbers">${formatLatency(at)}</span>
      <span class="track" aria-hidden="true"><span .style=${`width: ${(at / last) * 100}%`}></span></span>
      <span>${names[what]}${detail ? html` <span class="quiet">${detail}</span>` : nothing}</span></li>`,
  )}</ol>`;
}
