import { cpus, platform, release, totalmem } from 'node:os';
import Sqlite from 'better-sqlite3';
import type { Measure, Times } from './timing.ts';

export type Machine = { cpu: string; cores: number; memoryGb: number; system: string; node: string; sqlite: string };
export type BenchResult = { at: string; machine: Machine; loadBefore: number[]; measures: Measure[] };

export function thisMachine(): Machine {
  const memory = new Sqlite(':memory:');
  const sqlite = memory.prepare('SELECT sqlite_version()').pluck().get() as string;
  memory.close();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    sqlite,
  };
}

const number = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3));
const both = (times?: Times) => (times ? `${number(times.medianMs)}, ${number(times.p95Ms)}` : '');
const name = (size: number | null) =>
  size === null ? '' : size >= 1_000_000 ? `${size / 1_000_000}M` : `${size / 1000}k`;

/** The result as a Markdown table. */
export function toMarkdown({ at, machine, loadBefore, measures }: BenchResult): string {
  const { cpu, cores, memoryGb, system, node, sqlite } = machine;
  const head = [
    `${at}: ${cores} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, SQLite ${sqlite}; load before the run ${loadBefore.map((load) => load.toFixed(1)).join(', ')}`,
    '',
    '| measure | prompts | median ms | p95 ms | raw median | raw p95 | ours / raw | × smallest | raw × smallest | cold median, p95 | raw cold | goal | |',
    `|${'---|'.repeat(13)}`,
  ];
  const rows = measures.map((measure) => {
    const { what, size, ours, raw, ratio, cold, goals = [], note } = measure;
    const smallest = measures.find((one) => one.what === what && one.size !== null);
    const grown = smallest && smallest.size !== size;
    const growth = grown ? number(ours.medianMs / smallest.ours.medianMs) : '';
    const rawGrowth = grown && raw && smallest.raw ? number(raw.medianMs / smallest.raw.medianMs) : '';
    const goal = goals.map(({ text, actual, met }) => `${text}: ${number(actual)} ${met ? 'met' : '**not met**'}`);
    const cells = [
      what,
      name(size),
      number(ours.medianMs),
      number(ours.p95Ms),
      raw ? number(raw.medianMs) : '',
      raw ? number(raw.p95Ms) : '',
      ratio ? number(ratio) : '',
      growth,
      rawGrowth,
      both(cold?.ours),
      both(cold?.raw),
      goal.join('; '),
      note ?? '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [...head, ...rows, ''].join('\n');
}

/** The growth of one measure from the smallest to the largest size, as a goal of its own. */
export function growthOf(measures: readonly Measure[], what: string): number | null {
  const sized = measures.filter((one) => one.what === what && one.size !== null);
  const [first, last] = [sized.at(0), sized.at(-1)];
  return first && last && first !== last ? last.ours.medianMs / first.ours.medianMs : null;
}
