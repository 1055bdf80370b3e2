import type { LabCases, LabSetup, LabState } from '../../src/engine/panels.ts';
import type { Thresholds } from '../../src/lab/dataTypes.ts';
import { metricNames } from '../../src/shared/metricNames.ts';
import type { VersionInfo } from '../../src/vault/types.ts';
import { formatCost, formatLatency } from '../shared/format.ts';
import type { MenuItem } from '../shared/menu.ts';

/** A typed count of repeats: a whole number from 1 to 100. */
export function repeatOf(text: string): number {
  const count = Math.floor(Number(text));
  return Number.isFinite(count) ? Math.min(100, Math.max(1, count)) : 1;
}

/** A typed budget in USD; null, no limit, when there is no amount above zero. */
export function budgetOf(text: string): number | null {
  const amount = Number(text.replace(/[$\s]/g, ''));
  return Number.isFinite(amount) && amount > 0 ? amount : null;
}

/** Typed percent as a share from 0 to 1; undefined for none. */
export function shareOf(text: string): number | undefined {
  const percent = Number(text.replace(/[%\s]/g, ''));
  return text.trim() !== '' && Number.isFinite(percent) ? Math.min(1, Math.max(0, percent / 100)) : undefined;
}

type Goal = Exclude<keyof Thresholds, 'metrics'>;
type GoalField = {
  name: Goal;
  label: string;
  said: string;
  shown(value: number): string;
  short(value: number): string;
};

/** A typed number above zero; undefined for none. */
const amountOf = (text: string): number | undefined => {
  const amount = Number(text.replace(/[$\s]/g, ''));
  return text.trim() !== '' && Number.isFinite(amount) && amount > 0 ? amount : undefined;
};
const percentText = (share: number) => String(Math.round(share * 1000) / 10);
const shareOfOne = (text: string) => {
  const share = amountOf(text);
  return share === undefined ? undefined : Math.min(1, share);
};

/** What a run can be asked to reach, in the units a person types: percent, 0 to 1, milliseconds, US dollars. */
export const goalFields: readonly GoalField[] = [
  {
    name: 'passRate',
    label: 'Pass rate % ≥',
    said: 'Share that must pass, in percent',
    shown: percentText,
    short: (share) => `pass rate ≥ ${percentText(share)} %`,
  },
  {
    name: 'score',
    label: 'Score ≥',
    said: 'Mean score at least, from 0 to 1',
    shown: String,
    short: (score) => `score ≥ ${score}`,
  },
  {
    name: 'latencyP95Ms',
    label: 'Latency p95 ms ≤',
    said: 'Latency of 95 percent of the answers at most, in milliseconds',
    shown: String,
    short: (ms) => `p95 ≤ ${formatLatency(ms)}`,
  },
  {
    name: 'costUsd',
    label: 'Cost $ ≤',
    said: 'Cost of the whole run at most, in US dollars',
    shown: String,
    short: (usd) => `cost ≤ ${formatCost(usd)}`,
  },
];
const goalOf: Record<Goal, (text: string) => number | undefined> = {
  ...{ passRate: shareOf, score: shareOfOne, latencyP95Ms: amountOf, costUsd: amountOf },
};

/** The thresholds with what was typed for one of them; without it when nothing usable was. */
export function withGoal(thresholds: Thresholds, name: Goal, text: string): Thresholds {
  const { [name]: _, ...others } = thresholds;
  const value = goalOf[name](text);
  return value === undefined ? others : { ...others, [name]: value };
}

/** The same of one metric's least mean score. */
export function withMetricGoal(thresholds: Thresholds, metric: string, text: string): Thresholds {
  const { metrics: { [metric]: _, ...rest } = {}, ...others } = thresholds;
  const value = shareOfOne(text);
  const metrics = value === undefined ? rest : { ...rest, [metric]: value };
  return Object.keys(metrics).length > 0 ? { ...others, metrics } : others;
}

export type MetricField = { metric: string; value: number | undefined /** Some check names it. */; given: boolean };

/** The metrics that checks name, and those with a goal that none does. */
export function metricFields({ metrics = {} }: Thresholds, named: readonly string[]): MetricField[] {
  const given = new Set(named);
  return [...new Set([...named, ...Object.keys(metrics)])].map((metric) => ({
    ...{ metric, given: given.has(metric) },
    value: Object.hasOwn(metrics, metric) ? metrics[metric] : undefined,
  }));
}

/** What the checks of a setup name as their metric: its own, those of its sets and those of its cases. */
export function metricsNamed(
  { checks, checkSets }: Pick<LabSetup, 'checks' | 'checkSets'>,
  { metricsOfSets }: Pick<LabState, 'metricsOfSets'>,
  cases: Pick<LabCases, 'metrics'> | null,
): string[] {
  const ofSets = checkSets.flatMap((name) => metricsOfSets[name] ?? []);
  return [...new Set([...metricNames(checks), ...ofSets, ...(cases?.metrics ?? [])])];
}

export function goalsText(thresholds: Thresholds): string {
  const parts = goalFields.flatMap(({ name, short }) => {
    const value = thresholds[name];
    return value === undefined ? [] : [short(value)];
  });
  parts.push(...Object.entries(thresholds.metrics ?? {}).map(([metric, score]) => `${metric} ≥ ${score}`));
  return parts.join(' · ') || 'Nothing for the run as a whole';
}

/** The value of a version's unsaved text in a menu. */
export const draftValue = (ref: string) => `${ref}*`;

/** Versions that are not in the run yet, and drafts as they stand unsaved in an editor. */
export function versionItems(
  versions: readonly VersionInfo[],
  { refs, unsaved }: Pick<LabSetup, 'refs' | 'unsaved'>,
  drafts: readonly string[],
): MenuItem[] {
  const mixed = new Set(versions.map(({ path }) => path)).size > 1;
  return versions.flatMap(({ path, version, stage, rationale }) => {
    const ref = `${path}@${version}`;
    const label = `${mixed ? `${path} ` : ''}v${version}`;
    const draft = {
      value: draftValue(ref),
      label: `${label}* ${stage}`,
      description: 'as it stands unsaved in its editor',
    };
    const saved = { value: ref, label: `${label} ${stage}`, description: rationale || undefined };
    return [
      ...(drafts.includes(ref) && !unsaved.includes(ref) ? [draft] : []),
      ...(refs.includes(ref) && !unsaved.includes(ref) ? [] : [saved]),
    ];
  });
}

/** The setup with a version of the menu: its saved text or its unsaved one, never both. */
export function withVersion({ refs, unsaved }: Pick<LabSetup, 'refs' | 'unsaved'>, value: string): Partial<LabSetup> {
  const draft = value.endsWith('*');
  const ref = draft ? value.slice(0, -1) : value;
  const others = unsaved.filter((one) => one !== ref);
  return { refs: refs.includes(ref) ? refs : [...refs, ref], unsaved: draft ? [...others, ref] : others };
}
