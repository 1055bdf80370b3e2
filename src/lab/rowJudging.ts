import type { Budget } from './budget.ts';
import { type GridSize, indexOf, placeOf } from './cellAddress.ts';
import { requestOf } from './cellRequest.ts';
import { isAtLeast, scoreOf } from './cellScore.ts';
import { judgeUsdOf } from './checks.ts';
import type { CellDeps } from './executeCell.ts';
import { comparesAnswers, judgeRow } from './judgeRow.ts';
import { gridOf, type RunPlan } from './planRun.ts';
import { verdictOf } from './runResult.ts';
import type { Cell } from './types.ts';

/** Of an answer that waits for the others to its case. Until they are there nobody can say whether it passes. */
const waiting: NonNullable<Cell['error']> = {
  code: 'JUDGE',
  message: 'The other answers to this case are not all there',
};

type Parts = Pick<CellDeps, 'vault' | 'signal'> & {
  plan: RunPlan;
  cells: readonly Cell[];
  budget: Budget;
  /** Takes a cell whose verdict is there now. */
  amend(index: number, cell: Cell): void;
  stop(reason: 'budget'): void;
};
export type RowJudging = {
  /** The cell as it stands until its row is judged; the same cell where nothing compares answers. */
  hold(index: number, cell: Cell): Cell;
  /** Judges the row of a cell that has ended when it was the last one. */
  ended(index: number): Promise<void>;
};

/** Checks that compare the answers of all columns to one case: they are judged when the last answer is there. */
export function createRowJudging({ plan, cells, vault, budget, signal, amend, stop }: Parts): RowJudging {
  const size = gridOf(plan);
  const caseAt = (index: number) => plan.cases[placeOf(index, size).case]!;
  const compares = plan.cases.some(({ checks }) => comparesAnswers(checks));
  const isHeld = ({ error }: Cell) => error?.code === 'JUDGE';
  const hasAnswer = (cell: Cell) => cell.judged === 'pass' || cell.judged === 'fail' || isHeld(cell);

  return {
    hold(index, cell) {
      if (!compares || !hasAnswer(cell) || !comparesAnswers(caseAt(index).checks)) return cell;
      return { ...cell, judged: 'error', score: null, metrics: {}, status: 'running', error: cell.error ?? waiting };
    },
    async ended(index) {
      if (!compares || signal.aborted || !comparesAnswers(caseAt(index).checks)) return;
      const row = rowOf(index, size);
      const open = ({ status, judged }: Cell) => status === 'waiting' || judged === 'running' || judged === 'waiting';
      if (row.some((at) => open(cells[at]!))) return;
      const answers = row.filter((at) => hasAnswer(cells[at]!));
      const one = caseAt(index);
      const estimate = plan.judging?.estimateUsd(one.checks) ?? 0;
      if (!(await budget.enter(estimate))) {
        stop('budget');
        return;
      }
      const before = answers.map((at) => cells[at]!);
      const [version, model] = [plan.versions[0]!, plan.models[0]!];
      const { messages } = requestOf({ version, model, case: one }, vault);
      const context = { messages, variables: one.variables, judge: plan.judging, signal };
      let paid = 0;
      try {
        const told = before.map(({ output, checks: results }) => ({ output, results }));
        const judged = await judgeRow(one.checks, told, context);
        for (const [place, { pass, results, error }] of judged.entries()) {
          const old = before[place]!;
          const good = one.threshold === undefined ? pass : isAtLeast(scoreOf(results), one.threshold);
          // Another check of this cell may have found no judge.
          const own = old.error && old.error.message !== waiting.message && !isRowError(old, one) ? old.error : null;
          const failure = own ?? error;
          const verdict: Cell['judged'] = failure ? 'error' : good ? 'pass' : 'fail';
          const cell = { ...old, judged: verdict, status: verdict, checks: results, error: failure };
          const judgeUsd = judgeUsdOf(results);
          paid += (judgeUsd ?? 0) - (old.judgeUsd ?? 0);
          amend(answers[place]!, { ...cell, judgeUsd, ...verdictOf(cell), mark: null });
        }
      } finally {
        budget.leave(estimate, Math.max(0, paid));
      }
    },
  };

  /** Its error is of the comparison itself: all other checks had their say. */
  function isRowError({ checks }: Cell, one: { checks: readonly Parameters<typeof comparesAnswers>[0][number][] }) {
    return checks.every(({ skipped }, at) => !skipped || comparesAnswers([one.checks[at]!]));
  }
}

/** The cells that answer the same case in the same repeat. */
function rowOf(index: number, size: GridSize): number[] {
  const { case: one, repeat } = placeOf(index, size);
  return Array.from({ length: size.versions * size.models }, (_, column) =>
    indexOf({ version: Math.floor(column / size.models), model: column % size.models, case: one, repeat }, size),
  );
}
