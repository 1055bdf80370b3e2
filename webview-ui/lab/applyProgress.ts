import type { Cell, RunProgress, RunResult } from '../../src/lab/types.ts';

/** A run as it is shown. Cells change in place, since thousands of tokens arrive a second; `waiting` says why a cell pauses. */
export type ShownRun = { result: RunResult; waiting: Map<number, string> };

/** Takes one piece of news into the run. Answers false when it is about another run. */
export function applyProgress(shown: ShownRun, progress: RunProgress): boolean {
  const { result, waiting } = shown;
  if (progress.runId !== result.run.id) return false;
  if (progress.type === 'started' || progress.type === 'finished') {
    result.run = progress.run;
    if (progress.type === 'finished') waiting.clear();
    return true;
  }
  const { index } = progress;
  const cell = result.cells[index];
  if (!cell) return true;
  if (progress.type === 'cell') {
    waiting.delete(index);
    result.cells[index] = progress.cell;
    count(result, cell, progress.cell);
  } else if (progress.type === 'retry') {
    const seconds = Math.ceil(progress.waitMs / 1000);
    waiting.set(index, `${progress.reason}, attempt ${progress.attempt} in ${seconds} s`);
    result.cells[index] = { ...cell, status: 'running', output: '' };
  } else {
    waiting.delete(index);
    result.cells[index] = { ...cell, status: 'running', output: cell.output + progress.text };
  }
  return true;
}

const counters = { pass: 'passed', fail: 'failed', error: 'errors' } as const;

function counterOf(cell: Cell) {
  return counters[cell.status as keyof typeof counters] as (typeof counters)[keyof typeof counters] | undefined;
}

function count(result: RunResult, before: Cell, after: Cell): void {
  const [from, to] = [counterOf(before), counterOf(after)];
  const run = { ...result.run };
  if (from) run[from] -= 1;
  if (to) run[to] += 1;
  result.run = run;
}
