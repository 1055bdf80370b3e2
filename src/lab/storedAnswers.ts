import { type ErrorCode, VaultError } from '../shared/errors.ts';
import { answerIn, type GivenAnswer } from './executeCell.ts';
import type { CellRow, RunStore } from './runStore.ts';

/** The answers of a stored run by the address of their cell. Without an answer there is the error to keep. */
export function answersOf(store: RunStore, runId: string): Map<number, GivenAnswer | VaultError> {
  const rows = store.cells(store.run(runId).seq).filter(({ status }) => status !== 'cancelled');
  return new Map(rows.map((row) => [row.idx, answerOf(row)]));
}

function answerOf(row: CellRow): GivenAnswer | VaultError {
  const { errorCode, errorMessage } = row;
  // A judge that failed says nothing about the answer.
  if (errorCode === null || errorCode === 'JUDGE') return { answer: answerIn(row), cached: true };
  return new VaultError(errorCode as ErrorCode, errorMessage ?? '');
}
