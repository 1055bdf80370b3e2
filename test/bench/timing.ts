export type Times = { n: number; medianMs: number; p95Ms: number; p99Ms: number; maxMs: number };
/** One line of the result: a use case of ours beside the same need met by raw SQL. Times in ms; a rate in prompts per second. */
export type Measure = {
  what: string;
  /** Prompts in the vault; null where it does not matter. */
  size: number | null;
  ours: Times;
  raw?: Times;
  /** Median of ours / median of raw. */
  ratio?: number;
  /** The first calls after the file was dropped from the system's cache, each with an input nobody had asked for. */
  cold?: { ours: Times; raw?: Times };
  goals?: Goal[];
  note?: string;
};
export type Goal = { text: string; actual: number; met: boolean };

export function timesOf(samples: number[]): Times {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { n: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

export type Pair<Input> = {
  what: string;
  size: number;
  /** Each is used once by both, after the first few have warmed up the code. */
  inputs: readonly Input[];
  ours(input: Input): unknown;
  raw(input: Input): unknown;
  goals?(found: { ours: Times; ratio: number }): Goal[];
};
const warmUp = 3;

/** Times both for each input, in turn the one and the other first, so that neither gains from what the other has read. */
export function sideBySide<Input>({ what, size, inputs, ours, raw, goals }: Pair<Input>): Measure {
  const times = { ours: [] as number[], raw: [] as number[] };
  const time = (name: 'ours' | 'raw', input: Input) => {
    const begun = performance.now();
    (name === 'ours' ? ours : raw)(input);
    times[name].push(performance.now() - begun);
  };
  for (const [i, input] of inputs.entries()) {
    for (const name of i % 2 ? (['raw', 'ours'] as const) : (['ours', 'raw'] as const)) time(name, input);
    if (i === Math.min(warmUp, inputs.length - 2)) times.ours.length = times.raw.length = 0;
  }
  const found = { ours: timesOf(times.ours), raw: timesOf(times.raw) };
  const ratio = found.ours.medianMs / found.raw.medianMs;
  return { what, size, ...found, ratio, goals: goals?.({ ours: found.ours, ratio }) };
}

/**
 * The same with what is read in the system's file cache: every input is used once before. SQLite's own cache of 32 MB keeps
 * what it can of that, as in a process that runs for long.
 */
export function warmSideBySide<Input>(pair: Pair<Input>): Measure {
  for (const input of pair.inputs) {
    pair.ours(input);
    pair.raw(input);
  }
  return sideBySide(pair);
}

/** First touches: half of the inputs by the one, half by the other, so that none is read twice. */
export function coldTimes<Input>({ inputs, ours, raw }: Pair<Input>, limit = 120): { ours: Times; raw: Times } {
  const times = { ours: [] as number[], raw: [] as number[] };
  for (const [i, input] of inputs.slice(0, limit).entries()) {
    const name = i % 2 ? 'raw' : 'ours';
    const begun = performance.now();
    (name === 'ours' ? ours : raw)(input);
    times[name].push(performance.now() - begun);
  }
  return { ours: timesOf(times.ours), raw: timesOf(times.raw) };
}

/** A goal of the shape `p95 < 10 ms`. */
export const atMost = (text: string, actual: number, limit: number): Goal => ({
  text: `${text} ≤ ${limit}`,
  actual,
  met: actual <= limit,
});
