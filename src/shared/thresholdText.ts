/** A wish for a run and what it got: shares 0 to 1, milliseconds, US dollars; `got` is null where nobody knows. */
type Told = { name: string; metric?: string; wanted: number; got: number | null };
type Wish = { label: string; sign: '≥' | '≤'; text(value: number): string };

const digits = (value: number, most: number) => String(Number(value.toFixed(most)));
const percent = (share: number) => `${digits(share * 100, 1)} %`;
const share = (value: number) => digits(value, 4);
const usd = (value: number) => `$${digits(value, 6)}`;
const milliseconds = (value: number) => `${Math.round(value)} ms`;

const wishes: { [name: string]: Wish } = {
  passRate: { label: 'Pass rate', sign: '≥', text: percent },
  score: { label: 'Score', sign: '≥', text: share },
  latencyP95Ms: { label: 'Latency p95', sign: '≤', text: milliseconds },
  costUsd: { label: 'Cost', sign: '≤', text: usd },
};

/** A wish in its parts: what it is about, what came of it, what was wanted (`≥ 0.8`). */
export function thresholdParts({ name, metric, wanted, got }: Told): { label: string; got: string; wanted: string } {
  const { label, sign, text } = wishes[name] ?? { label: metric ?? name, sign: '≥', text: share };
  const unknown = metric === undefined ? 'unknown' : 'no check gave it';
  return { label, got: got === null ? unknown : text(got), wanted: `${sign} ${text(wanted)}` };
}

/** `Pass rate 66.7 %, ≥ 90 % wanted`; `tone: no check gave it, ≥ 0.8 wanted`. */
export function thresholdText(told: Told): string {
  const { label, got, wanted } = thresholdParts(told);
  return `${label}${told.got === null ? ':' : ''} ${got}, ${wanted} wanted`;
}
