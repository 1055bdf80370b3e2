// The 97.5 % quantile of the normal distribution: two-sided 95 %.
const z = 1.959963984540054;

/**
 * Wilson's score interval at 95 % of `passed` in `total`, both ends in 0..1. It stays honest for small samples and for
 * 0 % and 100 %, where the usual interval has no width. Nothing judged means nothing known: [0, 1].
 */
export function wilsonInterval(passed: number, total: number): [number, number] {
  if (total === 0) return [0, 1];
  const rate = passed / total;
  const centre = rate + (z * z) / (2 * total);
  const spread = z * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  // Rounding must not push an end out of 0..1 or away from a bound it reaches exactly.
  const low = passed === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const high = passed === total ? 1 : Math.min(1, (centre + spread) / scale);
  return [low, high];
}

/** The nearest-rank percentile (0..100): the smallest value that at least that share of the values does not exceed. Null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((share / 100) * sorted.length));
  return sorted[rank - 1] ?? null;
}
