/** An interval for a mean, with the share of resamples that say the opposite, doubled, as p-value. */
export type BootstrapMean = { mean: number; ci95: [number, number]; standardError: number; pValue: number };

const rounds = 10_000;

/**
 * The mean of paired differences with its percentile interval at 95 %, by drawing the cases anew (Efron and Tibshirani 1993,
 * An Introduction to the Bootstrap). The draws are the same every time, so that a report does not change when it is read
 * again. Null of none.
 */
export function bootstrapMean(differences: readonly number[]): BootstrapMean | null {
  const n = differences.length;
  if (n === 0) return null;
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const random = seededRandom(n);
  const means = new Float64Array(rounds);
  for (let round = 0; round < rounds; round += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += differences[Math.floor(random() * n)]!;
    means[round] = sum / n;
  }
  means.sort();
  const atMostZero = means.filter((one) => one <= 0).length / rounds;
  const atLeastZero = means.filter((one) => one >= 0).length / rounds;
  const middle = means.reduce((sum, one) => sum + one, 0) / rounds;
  const variance = means.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (rounds - 1);
  return {
    mean,
    ci95: [quantile(means, 0.025), quantile(means, 0.975)],
    standardError: Math.sqrt(variance),
    // One more on both sides of the fraction: a p-value of resamples is never 0.
    pValue: Math.min(1, Math.max(2 * Math.min(atMostZero, atLeastZero), 2 / (rounds + 1))),
  };
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low + (high - low) * (place - Math.floor(place));
}

/** Mulberry32: 32 bits of state, good enough to draw cases. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
