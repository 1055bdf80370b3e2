import type { LabSetup } from '../../src/engine/panels.ts';
import type { RunEstimate, RunInfo } from '../../src/lab/types.ts';
import { formatCost, formatTokens, plural } from '../shared/format.ts';

/** `120 calls · 8 cached · 26.4 k tokens · ≈ $0.09 · ≈ 25 s`; a price nobody knows is said, never counted as nothing. */
export function estimateText(estimate: RunEstimate): string {
  const { calls, cached, inputTokens, outputTokens, costUsd, judgeUsd, seconds, unknownPrices } = estimate;
  const parts = [plural(calls, 'call')];
  if (cached > 0) parts.push(`${cached} cached`);
  if (inputTokens + outputTokens > 0) parts.push(`${formatTokens(inputTokens + outputTokens)} tokens`);
  const noPrice = unknownPrices.length > 0 ? ` (no price for ${unknownPrices.join(', ')})` : '';
  parts.push(costUsd === null ? `cost unknown${noPrice}` : `≈ ${formatCost(costUsd)}`);
  if (judgeUsd === null) parts.push('and a judge');
  else if (judgeUsd > 0) parts.push(`judge ≈ ${formatCost(judgeUsd)}`);
  if (seconds !== null && calls > 0) parts.push(`≈ ${durationText(seconds)}`);
  return parts.join(' · ');
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** What can be done about a run that ended before its end; null for one that did not. */
export function endedEarly(run: RunInfo): string | null {
  if (run.status === 'running' || !run.resumable) return null;
  const at = `${run.passed + run.failed + run.errors} of ${run.cells}`;
  if (run.stopReason === 'budget') return `Stopped at its budget at ${at}.`;
  return `${run.status === 'interrupted' ? 'Interrupted' : 'Cancelled'} at ${at}.`;
}

/** Why Run is greyed; null when it works. */
export function notRunnable(setup: Pick<LabSetup, 'refs' | 'models'>, estimate: RunEstimate | null): string | null {
  if (setup.refs.length === 0) return 'Add a version to test';
  if (setup.models.length === 0) return 'Add a model';
  return estimate?.problems[0] ?? null;
}

type Started = Pick<LabSetup, 'refs' | 'models' | 'casesFile' | 'dataset'>;
/** What a person does next where nothing has run yet. */
export function nextStep(setup: Started, estimate: RunEstimate | null): string {
  if (setup.refs.length === 0) return 'Add a version above, then a model.';
  if (setup.models.length === 0) return 'Add a model above; echo:echo needs no key and answers with the prompt itself.';
  if (notRunnable(setup, estimate) === null) return 'Press Run. The results fill in here as they come.';
  if (setup.casesFile === null && setup.dataset === null)
    return 'Choose cases above, or write some with New dataset: they give the variables their values.';
  return 'What it still needs stands beside the button.';
}

/** `support/triage v2.3, v2.2 × 3 models × 20 cases`; a mix of prompts says each with its version. */
export function runTitle(run: RunInfo): string {
  const mixed = new Set(run.versions.map((ref) => splitRef(ref).path)).size > 1;
  const numbers = run.versions.map((ref) => `v${splitRef(ref).selector}`).join(', ');
  const versions = mixed ? run.versions.join(', ') : `${splitRef(run.versions[0] ?? '').path} ${numbers}`;
  const cases = run.casesFile === null && !run.dataset && run.cases <= 1 ? 'no cases' : plural(run.cases, 'case');
  const scored = run.scoredFrom === null ? '' : ' · scored again';
  return `${versions} × ${run.models.length === 1 ? run.models[0] : plural(run.models.length, 'model')} × ${cases}${scored}`;
}

export function runOutcome(run: RunInfo): string {
  const done = run.passed + run.failed + run.errors;
  const parts = [`${run.passed}/${run.cells} passed`];
  if (run.failed > 0) parts.push(`${run.failed} failed`);
  if (run.errors > 0) parts.push(plural(run.errors, 'error'));
  if (run.stopReason === 'budget') parts.push(`stopped at its budget after ${done}`);
  else if (run.status === 'cancelled' || run.status === 'interrupted') parts.push(`${run.status} after ${done}`);
  if (run.baseline) parts.push(baselineText(run.baseline));
  parts.push(formatCost(run.costUsd));
  if (run.judgeUsd !== null) parts.push(`judge ${formatCost(run.judgeUsd)}`);
  return parts.join(' · ');
}

function baselineText({ version, compared, missing }: NonNullable<RunInfo['baseline']>): string {
  if (compared === 0) return `no results of v${version} to compare with`;
  return `compared with v${version}${missing > 0 ? ` (${missing} not run there)` : ''}`;
}

export function splitRef(ref: string): { path: string; selector: string } {
  const at = ref.indexOf('@');
  return at < 0 ? { path: ref, selector: 'latest' } : { path: ref.slice(0, at), selector: ref.slice(at + 1) };
}
