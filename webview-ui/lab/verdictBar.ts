import { html, nothing, type TemplateResult } from 'lit';
import type { BootstrapMean } from '../../src/lab/bootstrap.ts';
import type { BaselineComparison } from '../../src/lab/compareRun.ts';
import type { ColumnComparison } from '../../src/lab/comparison.ts';
import { missingText } from '../../src/shared/verdictText.ts';
import { formatCost, formatLatency } from '../shared/format.ts';

/** The verdict on two columns in words, with what it stands on. */
export function verdictBar(comparison: ColumnComparison & Partial<BaselineComparison>): TemplateResult {
  const { verdict, a, b, both, onlyA, onlyB, neither, leftOut, missing, costUsd, latencyMs, score } = comparison;
  const counts = `both pass ${both} · only ${a} ${onlyA} · only ${b} ${onlyB} · neither ${neither}`;
  const out = leftOut > 0 ? ` · ${leftOut} left out` : '';
  const gaps = missing ? `, ${missing} of them without a stored result` : '';
  const money = (usd: number) => formatCost(Math.abs(usd));
  return html`<div class="verdict" role="status"><strong>${verdict}</strong>
    <span class="quiet small">${counts}${out}${gaps}</span>
    ${difference({ name: 'score', of: score, text: (value) => Math.abs(value).toFixed(2), b })}
    ${difference({ name: 'cost per case', of: costUsd, text: money, b })}
    ${difference({ name: 'latency', of: latencyMs, text: (ms) => formatLatency(Math.abs(ms)), b })}</div>`;
}

type Difference = { name: string; of: BootstrapMean | null; text(value: number): string; b: string };

/** `b: cost per case + $0.002 (0.001 to 0.003)`, only where the interval does not hold zero. */
function difference({ name, of, text, b }: Difference): TemplateResult | typeof nothing {
  if (!of || (of.ci95[0] <= 0 && of.ci95[1] >= 0)) return nothing;
  const sign = of.mean > 0 ? '+' : '−';
  return html`<span class="quiet small">${b}: ${name} ${sign} ${text(of.mean)} (${text(of.ci95[0])} to ${text(of.ci95[1])})</span>`;
}

/** What is known of columns beside the baseline of their run, by their place in it. */
export type Verdicts = ReadonlyMap<number, BaselineComparison>;

/** What is better than the baseline, a line for each column compared with it. */
export function baselineVerdicts(verdicts: Verdicts): TemplateResult | typeof nothing {
  if (verdicts.size === 0) return nothing;
  return html`<div class="verdicts" role="region" tabindex="0" aria-label="Against the baseline">
    ${[...verdicts.values()].map(
      (
        one,
      ) => html`<div class="verdict"><strong>${standingOf(one).label}</strong><span>${one.b} against ${one.a}: ${one.verdict}</span>
      ${one.missing > 0 ? html`<span class="quiet small">${missingText(one.missing)}</span>` : nothing}</div>`,
    )}
  </div>`;
}

/** How a column stands beside its baseline, in a word and an icon. */
export function standingOf({ better }: ColumnComparison): { label: string; icon: string } {
  if (better === null) return { label: 'Undecided', icon: 'dash' };
  return better === 'b' ? { label: 'Better', icon: 'arrow-up' } : { label: 'Worse', icon: 'arrow-down' };
}
