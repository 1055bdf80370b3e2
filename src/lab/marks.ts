import { VaultError } from '../shared/errors.ts';
import { placeOf } from './cellAddress.ts';
import { columnsOf } from './columns.ts';
import type { LabContext } from './labContext.ts';
import { comparePair } from './regressions.ts';
import { withMark } from './runResult.ts';
import type { RunRow } from './runStore.ts';
import { plannedCase } from './storedCases.ts';
import { createTally } from './tally.ts';
import { thresholdResults } from './thresholds.ts';
import type { Cell, CellMark, Regression } from './types.ts';

export type MarkCalls = {
  /** A person's word on a cell, above its checks; without `mark` only a note. RULE where the cell has not ended. */
  markCell(p: { runId: string; index: number; mark: 'pass' | 'fail' | null; note?: string }): Promise<Cell>;
  /** The checks count again. */
  clearMark(p: { runId: string; index: number }): Promise<Cell>;
};

export function markCalls(context: LabContext): MarkCalls {
  return {
    markCell: ({ runId, index, mark, note = '' }) => setMark(context, { runId, index, word: { mark, note } }),
    clearMark: ({ runId, index }) => setMark(context, { runId, index, word: null }),
  };
}

type Word = { runId: string; index: number; word: { mark: CellMark['mark']; note: string } | null };

async function setMark(context: LabContext, { runId, index, word }: Word): Promise<Cell> {
  const { store, live, cellsOf, fire } = context;
  if (word && word.note.length > 10_000) {
    throw new VaultError('INVALID_INPUT', 'The note is longer than 10,000 characters', { field: 'note' });
  }
  const run = live.get(runId);
  // A mark stands on a stored cell.
  run?.flush();
  const row = run?.row ?? store.run(runId);
  const before = cellsOf(runId)[index];
  if (!before) throw new VaultError('NOT_FOUND', `The run has no cell ${index}`, { ref: `${runId}#${index}` });
  if (!['pass', 'fail', 'error'].includes(before.judged) || before.status === 'running') {
    throw new VaultError('RULE', 'Only a cell that has ended can be marked', { action: 'mark' });
  }
  const mark = word && { ...word, actor: context.vault.database.actor, at: context.now().toISOString() };
  const after = withMark(before, mark);
  if (run) {
    store.setMark(row, { index, mark, cell: after });
    run.cells[index] = after;
    run.tally.amend(before, after);
  } else await setStored(context, row, { index, mark, cell: after });
  fire({ type: 'cell', runId, index, cell: after });
  return after;
}

type Marked = { index: number; mark: CellMark | null; cell: Cell };

/** Of a run that has ended, counts, regressions and thresholds follow the mark. */
async function setStored(context: LabContext, row: RunRow, marked: Marked): Promise<void> {
  const { store, cellsOf, regex } = context;
  const cells = cellsOf(row.id);
  cells[marked.index] = marked.cell;
  const tally = createTally();
  for (const cell of cells) tally.add(cell);
  const { passed, failed, errors } = tally.totals();
  const totals = { ...tally.totals(), costUsd: row.costUsd };
  const options = {
    ...row.options,
    reached: thresholdResults(row.options.thresholds ?? {}, cells, totals),
  };
  const regressions = await regressionsNow();
  store.setMark(row, { ...marked, run: { passed, failed, errors, options, regressions } });

  async function regressionsNow(): Promise<Regression[]> {
    const { versions, baseline, repeat } = row;
    const cases = store.cases(row.seq).map(plannedCase);
    const models = columnsOf(row.options.choices ?? row.models);
    const size = { versions: versions.length, models: models.length, cases: cases.length, repeat };
    const place = placeOf(marked.index, size);
    const plan = { versions, baseline, models, cases, repeat };
    const found = await comparePair(plan, cells, { store, seq: row.seq, regex, model: place.model, case: place.case });
    const [id, model] = [cases[place.case]!.id, models[place.model]!.name];
    const others = row.regressions.filter((one) => one.case !== id || one.model !== model);
    return [...others, ...(found ?? [])];
  }
}
