import { compiledSnippets } from '../support/compiledSnippets.ts';
import { killRounds } from '../support/killRounds.ts';
import { createRecorder } from '../support/powerCut.ts';

// npm run faults [-- <power cuts> <kills>]: what test/engine shows on small numbers, on large ones.
const [cuts = 10_000, kills = 1000] = process.argv.slice(2).map(Number);
let bad = 0;

function tell(what: string, since: number, report: { bad: number }): void {
  bad += report.bad;
  console.log(`${what} (${Math.round((performance.now() - since) / 1000)} s): ${JSON.stringify(report)}`);
}

const recorder = createRecorder();
try {
  const life = await recorder.life();
  const recordings = [
    ['life', life, 0.7],
    ['migration', await recorder.migration(), 0.1],
    ['restore', await recorder.restore(), 0.1],
    ['second cut', await recorder.secondCut(life), 0.1],
  ] as const;
  for (const [name, recording, share] of recordings) {
    const since = performance.now();
    const { examples, ...figures } = await recorder.cut(recording, Math.round(cuts * share));
    tell(`power cuts, ${name}`, since, { ...figures, bad: figures.corrupt + figures.torn + figures.lost });
    for (const example of examples) console.log(example);
  }
} finally {
  recorder.clean();
}
for (const [task, pragmas, share] of [
  ['life', [], 0.3],
  ['life', ['cache_size = 4'], 0.2],
  ['import', ['cache_size = 4'], 0.25],
  ['migration', [], 0.25],
] as const) {
  const since = performance.now();
  const report = await killRounds({ task, count: Math.round(kills * share), pragmas: [...pragmas] });
  tell(`kills, ${[task, ...pragmas].join(', ')}`, since, { ...report, bad: report.bad.length });
  for (const problem of report.bad.slice(0, 3)) console.log(problem);
}
const since = performance.now();
tell('fetch snippets of compiled languages', since, await compiledSnippets());
process.exitCode = bad > 0 ? 1 : 0;
