import type { RunInfo } from '../lab/types.ts';
import { formatAgo, formatCost } from './formatTime.ts';

const many = (n: number, one: string, all: string) => (n === 1 ? one : all);

const namedVersions = 3;

/** "triage v2.3, v2.4" */
export function runLabel({ versions }: RunInfo): string {
  const refs = versions.map((ref) => ref.split('@'));
  const [[path = ''] = []] = refs;
  const one = refs.length <= namedVersions && refs.every(([other]) => other === path);
  const numbers = refs.map(([, version]) => `v${version}`).join(', ');
  return one ? `${path.slice(path.lastIndexOf('/') + 1)} ${numbers}` : `${versions.length} versions`;
}

/** "3 models × 20 cases" */
function runSize({ models, cases, repeat }: RunInfo): string {
  const who = models.length === 1 ? `${models[0]}` : `${models.length} models`;
  const rows = cases > 0 ? ` × ${cases} ${many(cases, 'case', 'cases')}` : '';
  return `${who}${rows}${repeat > 1 ? ` × ${repeat}` : ''}`;
}

/** "58/60 · 2 errors · $0.04 · 2 min ago · 3 models × 20 cases": a narrow view cuts off what matters least. */
export function runFacts(run: RunInfo, now: Date): string {
  const parts = [`${run.passed}/${run.cells}`];
  if (run.errors > 0) parts.push(`${run.errors} ${many(run.errors, 'error', 'errors')}`);
  if (run.status !== 'done') parts.push(run.status);
  parts.push(formatCost(run.costUsd), formatAgo(run.startedAt, now), runSize(run));
  return parts.join(' · ');
}
