type Mean = { mean: number; ci95: [number, number] };
/** A column `b` beside its baseline `a`. */
type Told = { a: string; b: string; both: number; onlyA: number; onlyB: number; neither: number; missing: number } & {
  verdict: string;
  score: Mean | null;
  costUsd: Mean | null;
};

/** What a verdict stands on, in one line: the pairs, those without a result of the baseline, and what differs beside pass and fail. */
export function verdictText(told: Told): string {
  const { a, b, both, onlyA, onlyB, neither, missing, verdict, score, costUsd } = told;
  return [
    `${verdict} Both pass ${both}, only ${a} ${onlyA}, only ${b} ${onlyB}, neither ${neither}`,
    ...(missing > 0 ? [missingText(missing)] : []),
    ...difference('score', score, ''),
    ...difference('cost per case', costUsd, '$'),
  ].join('; ');
}

export const missingText = (missing: number) =>
  `${missing} ${missing === 1 ? 'case has' : 'cases have'} no stored result of the baseline`;

/** `score higher by 0.2 (0.1 to 0.3)`, only where the interval does not hold zero. */
function difference(name: string, of: Mean | null, unit: string): string[] {
  if (!of || of.ci95[0] * of.ci95[1] <= 0) return [];
  const figure = (value: number) => `${unit}${Number(value.toPrecision(2))}`;
  const [least, most] = of.ci95.map(Math.abs).sort((x, y) => x - y) as [number, number];
  const way = of.mean > 0 ? 'higher' : 'lower';
  return [`${name} ${way} by ${figure(Math.abs(of.mean))} (${figure(least)} to ${figure(most)})`];
}
