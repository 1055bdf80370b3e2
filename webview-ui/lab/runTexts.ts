import type { LabSetup } from '../../src/engine/panels.ts';
import type { RunEstimate, RunInfo } from '../../src/lab/types.ts';
import { formatCost, plural } from '../shared/format.ts';

/** `120 calls · ≈ $0.09`; a price nobody knows is said, never counted as nothing. */
export function estimateText(estimate: RunEstimate): string {
  const calls = plural(estimate.calls, 'call');
  if (estimate.costUsd !== null) return `${calls} · ≈ ${formatCost(estimate.costUsd)}`;
  return `${calls} · cost unknown${estimate.unknownPrices.length > 0 ? ` (no price for ${estimate.unknownPrices.join(', ')})` : ''}`;
}

/** Why Run is greyed; null when it works. */
export function notRunnable(setup: LabSetup, estimate: RunEstimate | null): string | null {
  if (setup.refs.length === 0) return 'Add a version to test';
  if (setup.models.length === 0) return 'Add a model';
  return estimate?.problems[0] ?? null;
}

/** `support/triage v2.3, v2.2 × 3 models × 20 cases`; a mix of prompts says each with its version. */
export function runTitle(run: RunInfo): string {
  const mixed = new Set(run.versions.map((ref) => splitRef(ref).path)).size > 1;
  const numbers = run.versions.map((ref) => `v${splitRef(ref).selector}`).join(', ');
  const versions = mixed ? run.versions.join(', ') : `${splitRef(run.versions[0] ?? '').path} ${numbers}`;
  const cases = run.casesFile === null && run.cases <= 1 ? 'no cases' : plural(run.cases, 'case');
  return `${versions} × ${run.models.length === 1 ? run.models[0] : plural(run.models.length, 'model')} × ${cases}`;
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
