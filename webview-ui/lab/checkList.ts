import { html, nothing, type TemplateResult } from 'lit';
import type { CheckResult } from '../../src/lab/types.ts';
import { formatCost } from '../shared/format.ts';
import { cellStates } from './cellStates.ts';

/** Each check with its verdict, its score where it is between, and why; the checks of a group below it. */
export function checkList(checks: readonly CheckResult[]): TemplateResult {
  return html`<ul class="stack">${checks.map((check) => line(check))}</ul>`;
}

function line({ type, pass, score, reason, skipped, metric, weight, judge, checks }: CheckResult): TemplateResult {
  const { icon, label } = skipped ? { icon: 'circle-slash', label: 'not judged' } : cellStates[pass ? 'pass' : 'fail'];
  const facts = [
    ...(score > 0 && score < 1 ? [score.toFixed(2)] : []),
    ...(weight !== undefined && weight !== 1 ? [`weight ${weight}`] : []),
    ...(metric ? [metric] : []),
    ...(judge ? [`judged by ${judge.model}, ${formatCost(judge.costUsd)}`] : []),
  ];
  return html`<li class="check ${skipped ? '' : label}"><vscode-icon name=${icon} role="img" aria-label=${label}></vscode-icon>
    <span><span class="mono">${type}</span> <span class="quiet">${reason}${facts.length > 0 ? ` · ${facts.join(' · ')}` : ''}</span>
    ${checks ? checkList(checks) : nothing}</span></li>`;
}
