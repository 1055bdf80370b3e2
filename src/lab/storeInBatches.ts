import { codeOf } from '../shared/errors.ts';
import type { CellRow, RunEnd, RunRow, RunStore } from './runStore.ts';
import type { Tally } from './tally.ts';

const storeEveryMs = 250;
/** A slow disk is written to less often, so that runs spend a hundredth of their time on it, but never less than so often. */
const storeAtLeastEveryMs = 1000;
const timesItsCost = 100;
/** So many are written at the next look whatever that costs: the end of a run waits for all that is left. */
const manyRows = 200;
const lookEveryMs = 1000;
const heartbeatEveryMs = 5000;

type Batched = { seq: number; tally: Tally; store: RunStore; stop(): void };
export type Batches = {
  /** Of a cell that had an answer before, what a person said of it goes with that answer. */
  add(cell: CellRow, replaces: boolean): void;
  flush(): void;
  finish(end: RunEnd): RunRow;
  dispose(): void;
};

/** Keeps ended cells until the next batch. A vault that cannot be written ends the run: answers nobody keeps cost money. */
export function storeInBatches({ seq, tally, store, stop }: Batched): Batches {
  let rows: CellRow[] = [];
  let replaced: CellRow[] = [];
  // Not the clock of the day, which may be put back.
  let writtenAt = performance.now();
  let lookedAt = performance.now();
  let nextAt = 0;
  function flush(): void {
    const begun = performance.now();
    store.append(seq, { rows, replaced }, tally.totals());
    rows = [];
    replaced = [];
    writtenAt = performance.now();
    nextAt = begun + Math.min(storeAtLeastEveryMs, (writtenAt - begun) * timesItsCost) - storeEveryMs / 2;
  }
  const tick = () => {
    const now = performance.now();
    try {
      if (now - lookedAt >= lookEveryMs) {
        lookedAt = now;
        if (store.cancelRequested(seq)) stop();
      }
      if ((rows.length > 0 && now >= nextAt) || rows.length >= manyRows || now - writtenAt >= heartbeatEveryMs) flush();
    } catch (error) {
      // Busy passes: the rows are kept for the next try.
      if (codeOf(error) !== 'BUSY') stop();
    }
  };
  const timer = setInterval(tick, storeEveryMs);
  return {
    add(cell, replaces) {
      rows.push(cell);
      if (replaces) replaced.push(cell);
    },
    flush,
    finish: (end) => store.finish(seq, { rows, replaced }, end),
    dispose: () => clearInterval(timer),
  };
}
