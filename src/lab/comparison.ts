import { type BootstrapMean, bootstrapMean } from './bootstrap.ts';
import { casesNeeded, mcnemarExact, type PairCounts } from './mcnemar.ts';
import type { Cell } from './types.ts';

/** What a comparison looks at in a cell; without a score a pass is 1 and a fail 0. */
export type Compared = Pick<Cell, 'status' | 'costUsd' | 'latencyMs' | 'cached'> & { score?: number };
/** A column: its name and, case by case in the same order for both columns, the repeats of a case. */
export type ComparedColumn = { name: string; cases: readonly (readonly Compared[])[] };

/** Differences are `b − a`; `mean` and `ci95` are in the unit of what is compared: share, USD, ms. */
export type ColumnComparison = PairCounts & {
  a: string;
  b: string;
  /** Cases judged in both columns; the others, with an error or nothing in one of them, are left out. */
  pairs: number;
  leftOut: number;
  /** McNemar's exact test of pass and fail. */
  pValue: number;
  better: 'a' | 'b' | null;
  /** How many more cases would tell, where no difference is shown and one was seen. */
  moreCases: number | null;
  score: BootstrapMean | null;
  costUsd: BootstrapMean | null;
  latencyMs: BootstrapMean | null;
  /** One sentence for a person. */
  verdict: string;
};

const level = 0.05;
/** Nobody collects more than this to settle a draw. */
const mostMoreCases = 10_000;

/** Compares two columns case by case. With repeats, a case passes when each of its repeats passes. */
export function compareColumns(a: ComparedColumn, b: ComparedColumn): ColumnComparison {
  const counts: PairCounts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  const differences = { score: [] as number[], costUsd: [] as number[], latencyMs: [] as number[] };
  let pairs = 0;
  for (const [index, left] of a.cases.entries()) {
    const right = b.cases[index] ?? [];
    const [inA, inB] = [passes(left), passes(right)];
    if (inA === null || inB === null) continue;
    pairs += 1;
    counts[inA ? (inB ? 'both' : 'onlyA') : inB ? 'onlyB' : 'neither'] += 1;
    for (const [measure, of] of Object.entries(measures)) {
      const [before, after] = [meanOf(left, of), meanOf(right, of)];
      if (before !== null && after !== null) differences[measure as keyof typeof measures].push(after - before);
    }
  }
  const pValue = mcnemarExact(counts.onlyA, counts.onlyB);
  const better = pValue >= level ? null : counts.onlyA > counts.onlyB ? 'a' : 'b';
  const needed = better === null ? casesNeeded(counts) : null;
  // Where the formula says these many should do and they did not, chance was against it: a few more may tell.
  const more = needed === null ? null : Math.max(needed - pairs, 1);
  const moreCases = more !== null && more <= mostMoreCases ? more : null;
  return {
    ...{ a: a.name, b: b.name, ...counts, pairs, leftOut: a.cases.length - pairs, pValue, better, moreCases },
    score: bootstrapMean(differences.score),
    costUsd: bootstrapMean(differences.costUsd),
    latencyMs: bootstrapMean(differences.latencyMs),
    verdict: verdictOf({ a: a.name, b: b.name, pairs, pValue, better, moreCases }),
  };
}

const measures: { [measure in 'score' | 'costUsd' | 'latencyMs']: (cell: Compared) => number | null } = {
  score: ({ score, status }) => score ?? (status === 'pass' ? 1 : 0),
  costUsd: ({ costUsd }) => costUsd,
  // A stored answer has the latency of another day.
  latencyMs: ({ latencyMs, cached }) => (cached ? null : latencyMs),
};

/** Null when a repeat ended in an error or did not end: that says nothing about the prompt. */
function passes(repeats: readonly Compared[]): boolean | null {
  if (repeats.length === 0 || repeats.some(({ status }) => status !== 'pass' && status !== 'fail')) return null;
  return repeats.every(({ status }) => status === 'pass');
}

function meanOf(repeats: readonly Compared[], measure: (cell: Compared) => number | null): number | null {
  const known = repeats.map(measure).filter((value) => value !== null);
  return known.length < repeats.length ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

type Told = Pick<ColumnComparison, 'a' | 'b' | 'pairs' | 'pValue' | 'better' | 'moreCases'>;

function verdictOf({ a, b, pairs, pValue, better, moreCases }: Told): string {
  const cases = `${pairs} ${pairs === 1 ? 'case' : 'cases'}`;
  if (pairs === 0) return 'Nothing to compare: no case was judged in both columns.';
  if (better !== null) {
    const [winner, loser] = better === 'a' ? [a, b] : [b, a];
    return `${winner} is better than ${loser} (${pText(pValue)}, ${cases}).`;
  }
  if (moreCases === null) return `No difference shown (${pText(pValue)}, ${cases}).`;
  return `No difference shown (${pText(pValue)}, ${cases}); about ${rounded(moreCases)} more cases would tell.`;
}

function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.01 ? 3 : 2)}`;
}

/** Two digits: the estimate is no better than that. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / unit) * unit;
}
