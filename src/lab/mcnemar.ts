/**
 * McNemar's test for two columns over the same cases, exact: the two-sided p-value of `onlyA` against `onlyB`, the cases
 * that passed in one column alone. Cases with the same result in both say nothing. 1 when there is no such case.
 * Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91, the exact conditional test.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const trials = onlyA + onlyB;
  if (trials === 0) return 1;
  // In logarithms: 2 to the power of -1,075 is nothing to a double.
  let term = -trials * Math.LN2;
  let sum = Math.exp(term);
  for (let k = 1; k <= Math.min(onlyA, onlyB); k += 1) {
    term += Math.log((trials - k + 1) / k);
    sum += Math.exp(term);
  }
  return Math.min(1, 2 * sum);
}

export type PairCounts = { both: number; onlyA: number; onlyB: number; neither: number };

/** Quantiles of the normal distribution: two-sided 5 %, and 80 % power. */
const zAlpha = 1.959963984540054;
const zPower = 0.8416212335729143;

/**
 * How many cases would show the difference seen here, if it is real, four times in five at the 5 % level (Connor 1987,
 * Biometrics 43:207). Null where both columns win as often: no number of cases is known to show anything then.
 */
export function casesNeeded({ both, onlyA, onlyB, neither }: PairCounts): number | null {
  const pairs = both + onlyA + onlyB + neither;
  const difference = Math.abs(onlyA - onlyB) / pairs;
  if (pairs === 0 || difference === 0) return null;
  const discordant = (onlyA + onlyB) / pairs;
  const spread = zAlpha * Math.sqrt(discordant) + zPower * Math.sqrt(discordant - difference ** 2);
  return Math.ceil((spread / difference) ** 2);
}
