import type { Cell } from './types.ts';

export type Totals = {
  passed: number;
  failed: number;
  errors: number;
  costUsd: number | null;
  spentUsd: number | null;
  judgeUsd: number | null;
};
type Counted = Pick<Cell, 'status' | 'judged' | 'costUsd' | 'judgeUsd' | 'cached'>;

/** Counts and costs kept up cell by cell: a run of many cells is told and stored often. */
export type Tally = {
  add(cell: Counted): void;
  /** Another cell takes its place: its verdict goes, what it cost stays spent. */
  replace(before: Counted, after: Counted): void;
  /** The same answer, judged by all its checks anew: it is paid already, only a judge may cost again. */
  rejudge(before: Counted, after: Counted): void;
  /** The same answer with a further word on it: of a person, or of a judge whose cost is added to `before`'s. */
  amend(before: Counted, after: Counted): void;
  totals(): Totals;
};

const isAnswer = ({ judged }: Counted) => judged === 'pass' || judged === 'fail';

/** Money in a sum: one answer of unknown cost makes it unknown, it is never shown as less than it was. */
function moneySum(before = 0) {
  let usd = before;
  let known = before > 0 ? 1 : 0;
  let unknown = 0;
  return {
    count(cell: Counted, sign: 1 | -1): void {
      if (cell.costUsd !== null) {
        usd += sign * cell.costUsd;
        known += sign;
      } else if (isAnswer(cell)) unknown += sign;
    },
    sum: () => (known === 0 || unknown > 0 ? null : usd),
  };
}

/** `spent` and `judge` are USD this run paid for answers that were replaced since. */
export function createTally({ spent = 0, judge = 0 }: { spent?: number; judge?: number } = {}): Tally {
  const counts = { pass: 0, fail: 0, error: 0 };
  const cost = moneySum();
  const paid = moneySum(spent);
  let cells = 0;
  let fresh = 0;
  let freshAnswers = 0;
  let judged: number | null = judge > 0 ? judge : null;

  function count(cell: Counted, sign: 1 | -1): void {
    const { status } = cell;
    if (status === 'pass' || status === 'fail' || status === 'error') counts[status] += sign;
  }
  function add(cell: Counted): void {
    count(cell, 1);
    cells += 1;
    cost.count(cell, 1);
    if (cell.judgeUsd !== null) judged = (judged ?? 0) + cell.judgeUsd;
    if (cell.cached) return;
    fresh += 1;
    paid.count(cell, 1);
    if (isAnswer(cell)) freshAnswers += 1;
  }
  return {
    add,
    replace(before, after) {
      count(before, -1);
      cells -= 1;
      cost.count(before, -1);
      if (!before.cached) fresh -= 1;
      if (!before.cached && isAnswer(before)) freshAnswers -= 1;
      add(after);
    },
    rejudge(before, after) {
      count(before, -1);
      count(after, 1);
      if (after.judgeUsd !== null) judged = (judged ?? 0) + after.judgeUsd;
    },
    amend(before, after) {
      count(before, -1);
      count(after, 1);
      if (after.judgeUsd !== null) judged = (judged ?? 0) + after.judgeUsd - (before.judgeUsd ?? 0);
    },
    totals() {
      // A run that used stored answers only paid nothing; that much is known.
      const nothingPaid = fresh < cells && freshAnswers === 0;
      const { pass: passed, fail: failed, error: errors } = counts;
      return {
        ...{ passed, failed, errors, costUsd: cost.sum() },
        spentUsd: paid.sum() ?? (nothingPaid ? 0 : null),
        judgeUsd: judged,
      };
    },
  };
}

/** Counts and costs of cells. */
export function totalsOf(cells: Iterable<Counted>): Totals {
  const tally = createTally();
  for (const cell of cells) tally.add(cell);
  return tally.totals();
}
